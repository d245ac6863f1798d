/** The one search box. */
import { searchAnswer, searchQuery } from '../contract/search.ts';
import { route } from '../route.ts';

export const searchRoutes = [
  route({
    method: 'get',
    path: '/v1/search',
    summary:
      'Any SKU, order, purchase order, transfer, exception, node, channel, source or KPI by number, name or words.',
    // What is found is what the caller may see; nobody else has anything to look for.
    ability: 'see-exceptions',
    query: searchQuery,
    status: 200,
    answer: searchAnswer,
    handle: (deps, { query: { q, limit }, principal }) => deps.readModel.search(q, limit, principal!),
  }),
];

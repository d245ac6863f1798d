/** Why a number is what it is. */
import { costWords, seesCost } from '../../access/cost.ts';
import { type Explanation, explainQuery, explanation } from '../contract/explain.ts';
import { notFound } from '../problems.ts';
import { route } from '../route.ts';

export const explainRoutes = [
  route({
    method: 'get',
    path: '/v1/explain',
    summary:
      'Why a number is what it is: its parts, the rules and policies that made it, and the events behind it. Numbers are named `bucket:SKU|NODE|BUCKET`, `atp:SKU|NODE`, `atp:SKU@CHANNEL`, `promise:ORDER/LINE`, `exception:EX-1`, `confidence:SKU|NODE`.',
    ability: 'see-operations',
    query: explainQuery,
    status: 200,
    answer: explanation,
    handle: async (deps, { query, principal }) => {
      const told = await deps.readModel.explain(query);
      if (told === null) throw notFound(`The number "${query.number}"`);
      return seesCost(principal) ? told : withoutCostParts(told);
    },
  }),
];

/** Parts are named in words, so that the border, which knows fields, cannot leave them out. */
const withoutCostParts = (told: Explanation): Explanation => ({
  ...told,
  parts: told.parts.filter(({ words }) => !costWords.has(words)),
});

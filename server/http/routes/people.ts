/** The people of the workspace, for those who see what they did. */
import { may } from '../../access/abilities.ts';
import { peopleAnswer } from '../contract/people.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';

export const peopleRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/people',
    summary:
      'The people of the workspace by name, and what events call them. Also those who have left: they did things.',
    ability: 'see-exceptions',
    status: 200,
    answer: peopleAnswer,
    handle: async ({ access }) => {
      const items = (await access.listAccounts()).map(({ id, email, name, role, disabled }) => ({
        key: email,
        id,
        name,
        role,
        mayAct: !disabled && may(role, 'act-on-exceptions'),
      }));
      return { items: items.sort((a, b) => a.name.localeCompare(b.name, 'en')) };
    },
  }),
];

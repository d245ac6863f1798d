/** What an admin does about people and their sessions. */
import type { PersonRefusal, Refused } from '../../access/people.ts';
import {
  endedAnswer,
  inviting,
  oneTimeLink,
  peopleAnswer,
  person,
  roleChange,
  sessionsAnswer,
} from '../contract/accounts.ts';
import { notFound, Refusal } from '../problems.ts';
import { type Call, type HandlerDeps, type Route, route } from '../route.ts';
import { tokenOf } from '../session-cookie.ts';

type AnyCall = Call<unknown, unknown>;

export const actorOf = ({ principal }: Pick<AnyCall, 'principal'>) => ({ id: principal!.id, name: principal!.name });

const refusals: Record<PersonRefusal, () => Refusal> = {
  absent: () => notFound('This person'),
  exists: () =>
    new Refusal(409, {
      title: 'Already here',
      detail: 'There is an account with this e-mail.',
      remedy: 'Make a new link for it in the list instead.',
    }),
  self: () =>
    new Refusal(409, {
      title: 'Your own account',
      detail: 'Nobody changes the own role or disables the own account.',
      remedy: 'Ask another admin.',
    }),
  'last-admin': () =>
    new Refusal(409, {
      title: 'The last admin',
      detail: 'Without this admin nobody could manage the workspace.',
      remedy: 'Make somebody else an admin first.',
    }),
  disabled: () =>
    new Refusal(409, { title: 'Disabled', detail: 'This account is disabled.', remedy: 'Enable it first.' }),
};

/** Does it, or answers why not; then tells how the person stands. */
async function changed({ access }: HandlerDeps, id: string, outcome: Refused | null) {
  if (outcome !== null) throw refusals[outcome.refused]();
  return (await access.people.find(id)) ?? Promise.reject(refusals.absent());
}

const switching = (what: 'disable' | 'enable'): Route =>
  route({
    method: 'post',
    path: `/v1/access/people/:id/${what}`,
    summary: what === 'disable' ? 'Disable an account; its sessions end at once.' : 'Enable an account again.',
    ability: 'manage-access',
    status: 200,
    answer: person,
    handle: async (deps, call) => {
      const { id = '' } = call.params;
      return changed(deps, id, await deps.access.people.setDisabled(actorOf(call), id, what === 'disable'));
    },
  });

export const accessPeopleRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/access/people',
    summary: 'Everybody with an account: role, state, how they sign in, when they were last here.',
    ability: 'manage-access',
    status: 200,
    answer: peopleAnswer,
    handle: async ({ access }) => ({ items: await access.people.list() }),
  }),
  route({
    method: 'post',
    path: '/v1/access/people',
    summary: 'Invite somebody. The answer holds the token of a link that works once, within seven days.',
    ability: 'manage-access',
    body: inviting,
    status: 201,
    answer: oneTimeLink,
    handle: async ({ access }, call) => {
      const made = await access.people.invite(actorOf(call), call.body);
      if ('refused' in made) throw refusals[made.refused]();
      return made;
    },
  }),
  route({
    method: 'post',
    path: '/v1/access/people/:id/link',
    summary: 'Make a new one-time link, for somebody who lost it or the password. An older link ends.',
    ability: 'manage-access',
    status: 201,
    answer: oneTimeLink,
    handle: async ({ access }, call) => {
      const made = await access.people.renewLink(actorOf(call), call.params['id'] ?? '');
      if ('refused' in made) throw refusals[made.refused]();
      return made;
    },
  }),
  route({
    method: 'post',
    path: '/v1/access/people/:id/role',
    summary: 'Give somebody another role. Their sessions end; the last admin stays one.',
    ability: 'manage-access',
    body: roleChange,
    status: 200,
    answer: person,
    handle: async (deps, call) => {
      const { id = '' } = call.params;
      return changed(deps, id, await deps.access.people.changeRole(actorOf(call), id, call.body.role));
    },
  }),
  switching('disable'),
  switching('enable'),
  route({
    method: 'delete',
    path: '/v1/access/people/:id/sessions',
    summary: 'End all sessions of somebody.',
    ability: 'manage-access',
    status: 200,
    answer: endedAnswer,
    handle: async ({ access }, call) => {
      const ended = await access.people.endSessions(actorOf(call), call.params['id'] ?? '');
      return ended === null ? Promise.reject(refusals.absent()) : { ended };
    },
  }),
  route({
    method: 'get',
    path: '/v1/access/sessions',
    summary: 'All live sessions: whose, since when, from where.',
    ability: 'manage-access',
    status: 200,
    answer: sessionsAnswer,
    handle: async ({ access }, { request }) => ({ items: await access.liveSessions.all(tokenOf(request)) }),
  }),
  route({
    method: 'delete',
    path: '/v1/access/sessions/:id',
    summary: 'End a session; its sockets end within five seconds.',
    ability: 'manage-access',
    status: 204,
    answer: null,
    handle: async ({ access }, call) => {
      const ended = await access.liveSessions.end(actorOf(call), call.params['id'] ?? '');
      if (!ended) throw notFound('This session');
    },
  }),
  route({
    method: 'delete',
    path: '/v1/access/sessions',
    summary: 'End all sessions of everybody but the one that asks.',
    ability: 'manage-access',
    status: 200,
    answer: endedAnswer,
    handle: async ({ access }, call) => ({
      ended: await access.liveSessions.endAll(actorOf(call), tokenOf(call.request)),
    }),
  }),
];

/** One's own account: name, password, sessions. */
import type { Account } from '../../access/accounts.ts';
import { ownAccount, ownName, passwordChange } from '../contract/accounts.ts';
import { session } from '../contract.ts';
import { notFound, Refusal } from '../problems.ts';
import { type Call, type HandlerDeps, type Route, route } from '../route.ts';
import { fromOf, giveSession, tokenOf, tooMany } from '../session-cookie.ts';

async function ownOf({ access }: HandlerDeps, { request }: Pick<Call<unknown, unknown>, 'request'>): Promise<Account> {
  const token = tokenOf(request);
  const account = token === undefined ? null : await access.accountOf(token);
  return account ?? Promise.reject(notFound('An account of your own'));
}

export const ownAccountRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/account',
    summary: "One's own account and its sessions.",
    ability: 'own-account',
    status: 200,
    answer: ownAccount,
    handle: async (deps, call) => {
      const account = await ownOf(deps, call);
      return {
        person: await deps.access.people.describe(account, undefined),
        sessions: await deps.access.liveSessions.ofAccount(account, tokenOf(call.request)),
      };
    },
  }),
  route({
    method: 'post',
    path: '/v1/account',
    summary: "Change one's own name.",
    ability: 'own-account',
    body: ownName,
    status: 204,
    answer: null,
    handle: async (deps, call) => deps.access.ownAccounts.rename(await ownOf(deps, call), call.body.name),
  }),
  route({
    method: 'post',
    path: '/v1/account/password',
    summary: "Change one's own password. Ends all other sessions, and renews this one.",
    ability: 'own-account',
    body: passwordChange,
    status: 200,
    answer: session,
    handle: async (deps, call) => {
      const account = await ownOf(deps, call);
      const result = await deps.access.ownAccounts.changePassword(account, call.body, fromOf(call.request));
      if ('token' in result) {
        await giveSession(deps, call, result.token);
        return result.session;
      }
      if (result.refused === 'wait') throw tooMany(result.retryAfterSeconds);
      // Not 401: the session is fine, and the page must not send the person away.
      const errors = [{ path: 'old', message: 'is not your password' }];
      throw new Refusal(400, { title: 'Wrong password', detail: 'The old password is wrong.', errors });
    },
  }),
  route({
    method: 'delete',
    path: '/v1/account/sessions/:id',
    summary: "End one of one's own sessions.",
    ability: 'own-account',
    status: 204,
    answer: null,
    handle: async (deps, call) => {
      const account = await ownOf(deps, call);
      const by = { id: account.id, name: account.email };
      const ended = await deps.access.liveSessions.end(by, call.params['id'] ?? '', account.id);
      if (!ended) throw notFound('This session');
    },
  }),
];

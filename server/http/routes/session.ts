/** Signing in and out, and making the first admin. */

import { abilitiesOf } from '../../access/abilities.ts';
import { session, sessionState, setUp, signIn } from '../contract.ts';
import { route } from '../route.ts';
import { answerSignIn, fromOf, refuseForeign, takeSession, tokenOf } from '../session-cookie.ts';

export const sessionRoutes = [
  route({
    method: 'get',
    path: '/v1/session',
    summary:
      'Who is signed in, a person or a wall screen; how one signs in; whether the first admin is still to be made.',
    ability: 'anyone',
    status: 200,
    answer: sessionState,
    handle: async ({ access, workspace }, { request }) => {
      const token = tokenOf(request);
      const found = token === undefined ? null : await access.sessionOf(token);
      const device = token === undefined || found !== null ? null : await access.deviceOf(token);
      return {
        session: found?.session ?? null,
        device: device === null ? null : { ...device, abilities: abilitiesOf('wall') },
        needsSetUp: await access.needsSetUp(),
        workspace,
        signIn: {
          passwords: access.passwords,
          provider: access.provider === null ? null : { name: access.provider.name },
        },
      };
    },
  }),
  route({
    method: 'post',
    path: '/v1/session',
    summary: 'Sign in. The session comes as a cookie.',
    ability: 'anyone',
    body: signIn,
    status: 200,
    answer: session,
    handle: async (deps, call) => {
      refuseForeign(deps, call);
      const { address, browser } = fromOf(call.request);
      const result = await deps.access.signIn(call.body, address, browser);
      return answerSignIn(deps, call, result, 'E-mail or password is wrong.');
    },
  }),
  route({
    method: 'delete',
    path: '/v1/session',
    summary: 'Sign out. The session ends at once, everywhere.',
    ability: 'anyone',
    status: 204,
    answer: null,
    handle: async (deps, call) => {
      refuseForeign(deps, call);
      const token = tokenOf(call.request);
      if (token !== undefined) await deps.access.signOut(token);
      takeSession(call);
    },
  }),
  route({
    method: 'post',
    path: '/v1/setup',
    summary: 'Make the first admin with the one-time token from the log, and sign in.',
    ability: 'anyone',
    body: setUp,
    status: 201,
    answer: session,
    handle: async (deps, call) => {
      refuseForeign(deps, call);
      const { address, browser } = fromOf(call.request);
      const result = await deps.access.setUp(call.body, address, browser);
      return answerSignIn(deps, call, result, 'The token is wrong or was used.');
    },
  }),
];

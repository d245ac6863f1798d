/** What somebody does with a one-time link. Its token comes in a body, never in an address the server sees. */
import { invitationAccepting, invitationLook, invitationView } from '../contract/accounts.ts';
import { session } from '../contract.ts';
import { notFound } from '../problems.ts';
import { type Route, route } from '../route.ts';
import { answerSignIn, fromOf, refuseForeign, tooMany } from '../session-cookie.ts';

const RETRY_AFTER_SECONDS = 60;

export const invitationRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/v1/invitations/look',
    summary: 'Whom a one-time link is for. 404: it was used, is over, or was replaced by a newer one.',
    ability: 'anyone',
    body: invitationLook,
    status: 200,
    answer: invitationView,
    handle: async (deps, call) => {
      refuseForeign(deps, call);
      const found = await deps.access.lookAtLink(call.body.token, fromOf(call.request).address);
      if (found === 'wait') throw tooMany(RETRY_AFTER_SECONDS);
      return found ?? Promise.reject(notFound('A link that works once, or this one any more,'));
    },
  }),
  route({
    method: 'post',
    path: '/v1/invitations/accept',
    summary: 'Set name and password with a one-time link, and sign in. It works once.',
    ability: 'anyone',
    body: invitationAccepting,
    status: 200,
    answer: session,
    handle: async (deps, call) => {
      refuseForeign(deps, call);
      const { address, browser } = fromOf(call.request);
      const result = await deps.access.signInWithLink(call.body, address, browser);
      return answerSignIn(deps, call, result, 'The link was used, is over, or was replaced by a newer one.');
    },
  }),
];

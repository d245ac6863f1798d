/** Signing in and out, and making the first admin. */
import type { SignInResult } from '../../access/index.ts';
import { cookieNameFor, isOurOrigin, sessionTokenOf } from '../../access/origin.ts';
import { LIFE_MS_MAX } from '../../access/sessions.ts';
import { type Session, session, sessionState, setUp, signIn } from '../contract.ts';
import { Refusal } from '../problems.ts';
import { type Call, type HandlerDeps, route } from '../route.ts';

export const sessionRoutes = [
  route({
    method: 'get',
    path: '/v1/session',
    summary: 'Who is signed in, and whether the first admin is still to be made.',
    ability: 'anyone',
    status: 200,
    answer: sessionState,
    handle: async (deps, call) => {
      const token = sessionTokenOf(call.request.headers, call.request.secure);
      const found = token === undefined ? null : await deps.access.sessionOf(token);
      return {
        session: found?.session ?? null,
        needsSetUp: await deps.access.needsSetUp(),
        workspace: deps.workspace,
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
      return open(
        deps,
        call,
        await deps.access.signIn(call.body, call.request.ip ?? ''),
        'E-mail or password is wrong.',
      );
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
      const secure = call.request.secure;
      const token = sessionTokenOf(call.request.headers, secure);
      if (token !== undefined) await deps.access.signOut(token);
      call.response.clearCookie(cookieNameFor(secure), { path: '/', httpOnly: true, sameSite: 'lax', secure });
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
      const result = await deps.access.setUp(call.body, call.request.ip ?? '');
      return open(deps, call, result, 'The token is wrong or was used.');
    },
  }),
];

/** Also without a cookie: another site must not sign a browser in to an account of its own. */
function refuseForeign(deps: HandlerDeps, call: Call<unknown, unknown>): void {
  if (isOurOrigin(call.request.headers, deps.access.allowedOrigins)) return;
  throw new Refusal(403, { title: 'Foreign origin', detail: 'This request was made by a page of another site.' });
}

/** Every sign-in makes a new session, and ends the one the browser had before. */
async function open(
  deps: HandlerDeps,
  { request, response }: Call<unknown, unknown>,
  result: SignInResult,
  refusal: string,
): Promise<Session> {
  if ('token' in result) {
    const secure = request.secure;
    const before = sessionTokenOf(request.headers, secure);
    if (before !== undefined) await deps.access.signOut(before);
    const maxAge = LIFE_MS_MAX;
    response.cookie(cookieNameFor(secure), result.token, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure,
      maxAge,
    });
    return result.session;
  }
  if (result.refused === 'credentials') throw new Refusal(401, { title: 'Not signed in', detail: refusal });
  const detail = `Too many attempts. Wait ${result.retryAfterSeconds} s.`;
  throw new Refusal(429, { title: 'Too many attempts', detail }, result.retryAfterSeconds);
}

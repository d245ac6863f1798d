/** The session as a cookie: how it is given, taken back and read, and who may ask for one. */
import type { Request } from 'express';
import { browserName } from '../access/browser-name.ts';
import type { SignInResult } from '../access/index.ts';
import { cookieNameFor, isOurOrigin, sessionTokenOf } from '../access/origin.ts';
import { type From, LIFE_MS_MAX } from '../access/sessions.ts';
import type { Session } from './contract.ts';
import { Refusal } from './problems.ts';
import type { Call, HandlerDeps } from './route.ts';

type AnyCall = Pick<Call<unknown, unknown>, 'request' | 'response'>;

const optionsFor = (secure: boolean) => ({ path: '/', httpOnly: true, sameSite: 'lax', secure }) as const;

export const tokenOf = ({ headers, secure }: Request): string | undefined => sessionTokenOf(headers, secure);

/** Where a request comes from, as lists of sessions and the audit keep it. */
export const fromOf = (request: Request): From => ({
  address: request.ip ?? '',
  browser: browserName(request.headers['user-agent']),
});

/** Also without a cookie: another site must not sign a browser in to an account of its own. */
export function refuseForeign(deps: HandlerDeps, { request }: AnyCall): void {
  if (isOurOrigin(request.headers, deps.access.allowedOrigins)) return;
  throw new Refusal(403, { title: 'Foreign origin', detail: 'This request was made by a page of another site.' });
}

/** Every sign-in makes a new session, and ends the one the browser had before. */
export async function giveSession(
  deps: HandlerDeps,
  { request, response }: AnyCall,
  token: string,
  maxAge = LIFE_MS_MAX,
): Promise<void> {
  const before = tokenOf(request);
  if (before !== undefined) await deps.access.signOut(before);
  response.cookie(cookieNameFor(request.secure), token, { ...optionsFor(request.secure), maxAge });
}

export function takeSession({ request, response }: AnyCall): void {
  response.clearCookie(cookieNameFor(request.secure), optionsFor(request.secure));
}

/** @param refusal in words, when what was given is wrong */
export async function answerSignIn(
  deps: HandlerDeps,
  call: AnyCall,
  result: SignInResult,
  refusal: string,
): Promise<Session> {
  if ('token' in result) {
    await giveSession(deps, call, result.token);
    return result.session;
  }
  if (result.refused === 'wait') throw tooMany(result.retryAfterSeconds);
  throw new Refusal(401, { title: 'Not signed in', detail: refusal });
}

export const tooMany = (seconds: number) =>
  new Refusal(429, { title: 'Too many attempts', detail: `Too many attempts. Wait ${seconds} s.` }, seconds);

/** The way to the identity provider and back. Both are visited by a browser, so both answer with where to go next. */
import type { CookieOptions, Request, Response } from 'express';
import { TICKET_MS_MAX } from '../../access/provider-sign-in.ts';
import { type ProviderProblem, providerQuery } from '../contract/provider-sign-in.ts';
import { notFound } from '../problems.ts';
import { type HandlerDeps, type Route, route } from '../route.ts';
import { fromOf, giveSession } from '../session-cookie.ts';

const CALLBACK = '/v1/sign-in/provider/callback';
const ticketName = (secure: boolean) => (secure ? '__Host-tideline-ticket' : 'tideline-ticket');
const ticketOptions = (secure: boolean): CookieOptions => ({ path: '/', httpOnly: true, sameSite: 'lax', secure });

/** Only addresses of our own: `//host` would leave the site. */
const ours = (next: string | undefined) => (next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/wall');

const goTo = (response: Response, address: string): void => {
  response.setHeader('Location', address);
};
const backToSignIn = (response: Response, problem: ProviderProblem) => goTo(response, `/sign-in?problem=${problem}`);

function providerOf({ access }: HandlerDeps) {
  if (access.provider === null) throw notFound('An identity provider');
  return access.provider;
}

function ticketOf({ headers, secure }: Request): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('=', 2));
  return pairs.find(([name]) => name === ticketName(secure))?.[1];
}

export const providerSignInRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/sign-in/provider',
    summary: 'Sends the browser to the identity provider.',
    ability: 'anyone',
    query: providerQuery,
    status: 302,
    answer: null,
    handle: async (deps, { request, response, query }) => {
      const provider = providerOf(deps);
      const { protocol, secure } = request;
      const redirectUri = `${protocol}://${request.get('host') ?? ''}${CALLBACK}`;
      try {
        const begun = await provider.begin(redirectUri, ours(query.next), fromOf(request));
        if (typeof begun === 'number') return backToSignIn(response, 'wait');
        response.cookie(ticketName(secure), begun.ticket, { ...ticketOptions(secure), maxAge: TICKET_MS_MAX });
        goTo(response, begun.url);
      } catch (error) {
        deps.logger.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'identity provider is away');
        backToSignIn(response, 'away');
      }
    },
  }),
  route({
    method: 'get',
    path: CALLBACK,
    summary: 'Where the identity provider sends the browser back to; the session comes as a cookie.',
    ability: 'anyone',
    status: 302,
    answer: null,
    handle: async (deps, call) => {
      const { request, response } = call;
      const provider = providerOf(deps);
      const search = new URL(request.originalUrl, 'http://localhost').search;
      const result = await provider.finish(search, ticketOf(request), fromOf(request));
      response.clearCookie(ticketName(request.secure), ticketOptions(request.secure));
      if ('problem' in result) return backToSignIn(response, result.problem);
      await giveSession(deps, call, result.token);
      goTo(response, result.next);
    },
  }),
];

/**
 * Signing in with an identity provider (OpenID Connect, authorization code with PKCE, state and nonce). What a sign-in
 * has to remember lies in Redis beneath a ticket that only the browser that began it holds, as a cookie: nobody can be
 * signed in to somebody else's account by a link.
 */
import * as oidc from 'openid-client';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { ProviderProblem } from '../http/contract/provider-sign-in.ts';
import type { Accounts } from './accounts.ts';
import type { Audit } from './audit.ts';
import type { Limits } from './limits.ts';
import { accountOfClaims, type ProviderClaims, type ProviderSettings } from './provider-account.ts';
import { hashOf, newToken } from './secrets.ts';
import type { From, Sessions } from './sessions.ts';
import type { SignedIn, SignIn } from './sign-in.ts';

export type { ProviderSettings } from './provider-account.ts';

/** From the click to the way back, with a password and a second factor typed in between. */
export const TICKET_MS_MAX = 10 * 60_000;
const ANSWER_SECONDS_MAX = 10;
const CLOCK_TOLERANCE_SECONDS = 30;

type Begun = { state: string; nonce: string; verifier: string; redirectUri: string; next: string };
export type ProviderResult = (SignedIn & { next: string }) | { problem: ProviderProblem; reason: string };
export type ProviderSignIn = ReturnType<typeof openProviderSignIn>;

export function openProviderSignIn(deps: {
  redis: Redis;
  keys: Keys;
  accounts: Accounts;
  sessions: Sessions;
  audit: Audit;
  limits: Limits;
  openSession: SignIn['openSession'];
  settings: ProviderSettings;
}) {
  const { redis, keys, audit, limits, settings } = deps;
  const keyOf = (ticket: string) => keys.access('provider-sign-in', hashOf(ticket));
  let known: Promise<oidc.Configuration> | undefined;

  /** What the provider says about itself is asked once, and again after it could not be reached. */
  function configuration(): Promise<oidc.Configuration> {
    const issuer = new URL(settings.issuer);
    const insecure = issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
    known ??= oidc
      .discovery(
        issuer,
        settings.clientId,
        { [oidc.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
        settings.clientSecret === '' ? oidc.None() : oidc.ClientSecretPost(settings.clientSecret),
        // The signature of the ID token is checked too, not only the connection it came over.
        { timeout: ANSWER_SECONDS_MAX, execute: [...insecure, oidc.enableNonRepudiationChecks] },
      )
      .catch((error: unknown) => {
        known = undefined;
        throw error;
      });
    return known;
  }

  /** @returns where to send the browser and the ticket it must bring back, or seconds to wait */
  async function begin(
    redirectUri: string,
    next: string,
    from: From,
  ): Promise<{ url: string; ticket: string } | number> {
    const wait = await limits.spend('provider-sign-in', from.address);
    if (wait > 0) return wait;
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const url = oidc.buildAuthorizationUrl(await configuration(), {
      redirect_uri: redirectUri,
      scope: settings.scope,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const ticket = newToken();
    await redis.set(keyOf(ticket), JSON.stringify({ state, nonce, verifier, redirectUri, next } satisfies Begun), {
      expiration: { type: 'PX', value: TICKET_MS_MAX },
    });
    return { url: url.href, ticket };
  }

  /** @param search the query the provider sent the browser back with */
  async function finish(search: string, ticket: string | undefined, from: From): Promise<ProviderResult> {
    const text = ticket === undefined ? null : await redis.getDel(keyOf(ticket));
    if (text === null) return refuse('expired', 'no sign-in was begun in this browser', from);
    const begun = JSON.parse(text) as Begun;
    let claims: ProviderClaims;
    try {
      claims = await exchange(begun, search);
    } catch (error) {
      const denied = error instanceof oidc.AuthorizationResponseError && error.error === 'access_denied';
      return refuse(denied ? 'denied' : 'answer', reasonOf(error), from);
    }
    const found = await accountOfClaims(deps, claims);
    if ('problem' in found) return refuse(found.problem, found.reason, from);
    await audit.record(found.account.email, 'session.opened', { ip: from.address, by: 'provider' });
    return { ...(await deps.openSession(found.account, from)), next: begun.next };
  }

  async function exchange(begun: Begun, search: string): Promise<ProviderClaims> {
    const config = await configuration();
    const tokens = await oidc.authorizationCodeGrant(config, new URL(`${begun.redirectUri}${search}`), {
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      pkceCodeVerifier: begun.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims()!;
    const isWhole = 'email' in claims && (settings.roleClaim === '' || settings.roleClaim in claims);
    if (isWhole || config.serverMetadata().userinfo_endpoint === undefined) return claims;
    return { ...(await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)), ...claims };
  }

  async function refuse(problem: ProviderProblem, reason: string, from: From): Promise<ProviderResult> {
    await audit.record('identity provider', 'session.refused', { ip: from.address, problem, reason });
    return { problem, reason };
  }

  return { name: settings.name, begin, finish };
}

/** In words of ours or of the library; what the provider wrote about the person stays out of the audit. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = (error as { code?: unknown }).code;
  return [typeof code === 'string' ? code : '', error.message].filter(Boolean).join(': ').slice(0, 200);
}

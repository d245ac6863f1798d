/** Ways to a session: the first admin's token, a password, a one-time link. The identity provider's is a file of its own. */
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { InvitationView } from '../http/contract/accounts.ts';
import type { Session } from '../http/contract.ts';
import { abilitiesOf } from './abilities.ts';
import { type Account, type Accounts, normalise } from './accounts.ts';
import type { Audit } from './audit.ts';
import type { OneTimeLinks } from './one-time-links.ts';
import { hashOf, newToken, sameHash } from './secrets.ts';
import type { From, Sessions } from './sessions.ts';
import type { SignInDelays } from './sign-in-delays.ts';

const SET_UP_TOKEN_BYTES = 20;

export type SignedIn = { token: string; session: Session };
export type SignInResult = SignedIn | { refused: 'credentials' } | { refused: 'wait'; retryAfterSeconds: number };
/** Who may sign in with a password: everybody, or admins only, for the day on which the identity provider is away. */
export type PasswordSignIn = 'all' | 'admins';
export type SignIn = ReturnType<typeof openSignIn>;

export function openSignIn(deps: {
  redis: Redis;
  keys: Keys;
  accounts: Accounts;
  sessions: Sessions;
  links: OneTimeLinks;
  delays: SignInDelays;
  audit: Audit;
  passwords: PasswordSignIn;
}) {
  const { redis, keys, accounts, sessions, links, delays, audit, passwords } = deps;
  const setUpKey = keys.access('set-up');

  const needsSetUp = async () => (await accounts.count()) === 0;

  /** A new one-time token for making the first admin, for the caller to print; null when there is an account. */
  async function createSetUpToken(): Promise<string | null> {
    if (!(await needsSetUp())) return null;
    const token = newToken(SET_UP_TOKEN_BYTES);
    await redis.set(setUpKey, hashOf(token));
    return token;
  }

  async function setUp(
    input: { token: string; email: string; name: string; password: string },
    address: string,
    browser = '',
  ): Promise<SignInResult> {
    const wait = await delays.waitSeconds(address);
    if (wait > 0) return { refused: 'wait', retryAfterSeconds: wait };
    const stored = await redis.get(setUpKey);
    if (stored === null || !sameHash(hashOf(input.token), stored) || !(await needsSetUp())) {
      await delays.count(address);
      return { refused: 'credentials' };
    }
    // Who deletes it has it: of two that come with the same token, one goes on.
    if ((await redis.del(setUpKey)) === 0) return { refused: 'credentials' };
    await audit.record('set-up', 'account.created', { email: normalise(input.email), role: 'admin' });
    const { email, name, password } = input;
    return openSession(await accounts.create({ email, name, password, role: 'admin' }), { address, browser });
  }

  /** The same answer after the same work, whether the account exists or not. */
  async function withPassword(
    input: { email: string; password: string },
    address: string,
    browser = '',
  ): Promise<SignInResult> {
    const who = normalise(input.email);
    const subjects = [address, `account:${hashOf(who)}`];
    const wait = Math.max(...(await Promise.all(subjects.map(delays.waitSeconds))));
    if (wait > 0) return { refused: 'wait', retryAfterSeconds: wait };
    const known = await accounts.authenticate(who, input.password);
    const account = passwords === 'all' || known?.role === 'admin' ? known : undefined;
    if (account === undefined) {
      await Promise.all(subjects.map(delays.count));
      await audit.record(who.slice(0, 200), 'session.refused', { ip: address });
      return { refused: 'credentials' };
    }
    await delays.forget(subjects[1]!);
    await audit.record(account.email, 'session.opened', { ip: address });
    return openSession(account, { address, browser });
  }

  /** What a one-time link is for; undefined when it is used, over or made up. */
  async function lookAtLink(token: string, address: string): Promise<InvitationView | 'wait' | undefined> {
    if ((await delays.waitSeconds(address)) > 0) return 'wait';
    const link = await links.look(token);
    const account = link === undefined ? undefined : await accounts.read(link.account);
    if (link === undefined || account === undefined || account.disabled) {
      await delays.count(address);
      return undefined;
    }
    const { email, name, role } = account;
    return { kind: link.kind, email, name: link.kind === 'invitation' ? '' : name, role, expiresAt: link.expiresAt };
  }

  /** Sets name and password, ends the sessions there were, and opens one. */
  async function withLink(
    input: { token: string; name: string; password: string },
    address: string,
    browser = '',
  ): Promise<SignInResult> {
    const wait = await delays.waitSeconds(address);
    if (wait > 0) return { refused: 'wait', retryAfterSeconds: wait };
    const link = await links.look(input.token);
    const account = link === undefined ? undefined : await accounts.read(link.account);
    if (link === undefined || account === undefined || account.disabled) {
      await delays.count(address);
      return { refused: 'credentials' };
    }
    const what = link.kind === 'invitation' ? 'account.accepted' : 'account.password-reset';
    await audit.record(account.email, what, { ip: address });
    if ((await links.take(input.token)) === undefined) return { refused: 'credentials' };
    await accounts.setPassword(account.id, input.password);
    await accounts.setName(account.id, input.name);
    await sessions.closeAll(account.id);
    return openSession({ ...account, name: input.name }, { address, browser });
  }

  async function openSession(account: Account, from: From): Promise<SignedIn> {
    const { token, expiresAt } = await sessions.open(account.id, from);
    await accounts.seen(account.id);
    return { token, session: describeSession(account, expiresAt) };
  }

  return { needsSetUp, createSetUpToken, setUp, withPassword, lookAtLink, withLink, openSession };
}

export function describeSession(account: Account, expiresAt: number): Session {
  const { id, email, name, role } = account;
  return { user: { id, email, name, role }, abilities: abilitiesOf(role), expiresAt };
}

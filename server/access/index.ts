/** Access: who somebody is. What they may do stands in abilities.ts. */
import type { IncomingHttpHeaders } from 'node:http';
import { keysOf } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { type UserRole, userRoles } from '../http/contract/access.ts';
import type { Session } from '../http/contract.ts';
import { abilitiesOf, type Principal } from './abilities.ts';
import { type Account, normalise, openAccounts } from './accounts.ts';
import { openAudit } from './audit.ts';
import { openMachineKeys } from './machine-keys.ts';
import { isOurOrigin, sessionTokenOf } from './origin.ts';
import { hashOf, newToken, sameHash } from './secrets.ts';
import { openSessions } from './sessions.ts';
import { openSignInDelays } from './sign-in-delays.ts';
import { openWebhookSources } from './webhook-sources.ts';

const SET_UP_TOKEN_BYTES = 20;

export type Access = ReturnType<typeof createAccess>;
export type SignedIn = { token: string; session: Session };
export type SignInResult = SignedIn | { refused: 'credentials' } | { refused: 'wait'; retryAfterSeconds: number };

export function createAccess(deps: {
  redis: Redis;
  workspace: string;
  allowedOrigins?: readonly string[];
  now?: () => number;
}) {
  const { redis, workspace, allowedOrigins = [], now = Date.now } = deps;
  const keys = keysOf(workspace);
  const audit = openAudit(redis, keys, now);
  const accounts = openAccounts(redis, keys);
  const sessions = openSessions(redis, keys, now);
  const machineKeys = openMachineKeys(redis, keys, now);
  const webhooks = openWebhookSources(redis, keys);
  const failures = openSignInDelays(redis, keys);
  const setUpKey = keys.access('set-up');

  const needsSetUp = async () => (await accounts.count()) === 0;

  /** A new one-time token for making the first admin, for the caller to print; null when there is an account. */
  async function createSetUpToken(): Promise<string | null> {
    if (!(await needsSetUp())) return null;
    const token = newToken(SET_UP_TOKEN_BYTES);
    await redis.set(setUpKey, hashOf(token));
    return token;
  }

  async function setUp(input: { token: string; email: string; name: string; password: string }, ip: string) {
    const wait = await failures.waitSeconds(ip);
    if (wait > 0) return { refused: 'wait' as const, retryAfterSeconds: wait };
    const stored = await redis.get(setUpKey);
    if (stored === null || !sameHash(hashOf(input.token), stored) || !(await needsSetUp())) {
      await failures.count(ip);
      return { refused: 'credentials' as const };
    }
    // Who deletes it has it: of two that come with the same token, one goes on.
    if ((await redis.del(setUpKey)) === 0) return { refused: 'credentials' as const };
    await audit.record('set-up', 'account.created', { email: normalise(input.email), role: 'admin' });
    const account = await accounts.create({ ...input, role: 'admin' });
    return openSession(account);
  }

  async function createAccount(by: string, input: { email: string; name: string; role: UserRole; password: string }) {
    if (!userRoles.includes(input.role)) throw new Error(`"${input.role}" is not a role`);
    await audit.record(by, 'account.created', { email: normalise(input.email), role: input.role });
    return accounts.create(input);
  }

  async function disableAccount(by: string, id: string): Promise<void> {
    await audit.record(by, 'account.disabled', { account: id });
    await accounts.disable(id);
    await sessions.closeAll(id);
  }

  /** The same answer after the same work, whether the account exists or not. */
  async function signIn(input: { email: string; password: string }, ip: string): Promise<SignInResult> {
    const who = normalise(input.email);
    const subjects = [ip, `account:${hashOf(who)}`];
    const wait = Math.max(...(await Promise.all(subjects.map(failures.waitSeconds))));
    if (wait > 0) return { refused: 'wait', retryAfterSeconds: wait };
    const account = await accounts.authenticate(who, input.password);
    if (account === undefined) {
      await Promise.all(subjects.map(failures.count));
      await audit.record(who.slice(0, 200), 'session.refused', { ip });
      return { refused: 'credentials' };
    }
    await failures.forget(subjects[1]!);
    await audit.record(account.email, 'session.opened', { ip });
    return openSession(account);
  }

  async function openSession(account: Account): Promise<SignedIn> {
    const { token, expiresAt } = await sessions.open(account.id);
    return { token, session: describe(account, expiresAt) };
  }

  async function sessionOf(token: string): Promise<{ principal: Principal; session: Session } | null> {
    const found = await sessions.find(token);
    const account = found === undefined ? undefined : await accounts.read(found.account);
    if (found === undefined || account === undefined || account.disabled) return null;
    const principal: Principal = { kind: 'user', id: account.id, name: account.email, role: account.role };
    return { principal, session: describe(account, found.expiresAt) };
  }

  async function signOut(token: string): Promise<void> {
    const found = await sessionOf(token);
    if (found !== null) await audit.record(found.principal.name, 'session.closed');
    await sessions.close(token);
  }

  async function createKey(by: string, input: { source: string; scope: 'ingest' | 'read'; expiresAt?: number }) {
    const created = await machineKeys.create(input);
    await audit.record(by, 'key.created', { key: created.key.id, source: input.source, scope: input.scope });
    return created;
  }

  async function revokeKey(by: string, id: string): Promise<boolean> {
    await audit.record(by, 'key.revoked', { key: id });
    return machineKeys.revoke(id);
  }

  async function addWebhookSecret(by: string, input: Parameters<typeof webhooks.addSecret>[0]): Promise<void> {
    await audit.record(by, 'webhook.secret-added', { source: input.source, connector: input.connector });
    await webhooks.addSecret(input);
  }

  /** For the live gateway's handshake. @param secure whether the browser came over https */
  async function authenticateSocket(headers: IncomingHttpHeaders, secure = false): Promise<Principal | null> {
    if (!isOurOrigin(headers, allowedOrigins)) return null;
    const token = sessionTokenOf(headers, secure);
    return token === undefined ? null : ((await sessionOf(token))?.principal ?? null);
  }

  return {
    needsSetUp,
    createSetUpToken,
    setUp,
    createAccount,
    listAccounts: accounts.list,
    disableAccount,
    signIn,
    sessionOf,
    signOut,
    createKey,
    revokeKey,
    listKeys: machineKeys.list,
    authenticateKey: machineKeys.authenticate,
    addWebhookSecret,
    webhookSource: webhooks.find,
    webhookSettings: webhooks.settingsOf,
    removeWebhook: webhooks.remove,
    authenticateSocket,
    audit,
    allowedOrigins,
  };
}

function describe(account: Account, expiresAt: number): Session {
  const { id, email, name, role } = account;
  return { user: { id, email, name, role }, abilities: abilitiesOf(role), expiresAt };
}

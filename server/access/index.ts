/** Access: who somebody is. What they may do stands in abilities.ts. */
import type { IncomingHttpHeaders } from 'node:http';
import { keysOf } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { type UserRole, userRoles } from '../http/contract/access.ts';
import type { PairedDevice } from '../http/contract/devices.ts';
import type { Session } from '../http/contract.ts';
import type { Principal } from './abilities.ts';
import { type Account, normalise, openAccounts } from './accounts.ts';
import { openAudit } from './audit.ts';
import { openDevices, principalOfDevice } from './devices.ts';
import { openLimits } from './limits.ts';
import { openLiveSessions } from './live-sessions.ts';
import { type NewKey, openMachineKeys } from './machine-keys.ts';
import { openOneTimeLinks } from './one-time-links.ts';
import { isOurOrigin, sessionTokenOf } from './origin.ts';
import { openOwnAccounts } from './own-account.ts';
import { openPeople } from './people.ts';
import { openProviderSignIn, type ProviderSettings } from './provider-sign-in.ts';
import { openSessions } from './sessions.ts';
import { describeSession, openSignIn, type PasswordSignIn } from './sign-in.ts';
import { openSignInDelays } from './sign-in-delays.ts';
import { openWebhookSources } from './webhook-sources.ts';

export type { SignedIn, SignInResult } from './sign-in.ts';

export type Access = ReturnType<typeof createAccess>;

export function createAccess(deps: {
  redis: Redis;
  workspace: string;
  allowedOrigins?: readonly string[];
  passwords?: PasswordSignIn;
  provider?: ProviderSettings | null;
  now?: () => number;
}) {
  const { redis, workspace, allowedOrigins = [], passwords = 'all', provider = null, now = Date.now } = deps;
  const keys = keysOf(workspace);
  const audit = openAudit(redis, keys, now);
  const accounts = openAccounts(redis, keys, now);
  const sessions = openSessions(redis, keys, now);
  const links = openOneTimeLinks(redis, keys, now);
  const delays = openSignInDelays(redis, keys);
  const limits = openLimits(redis, keys);
  const machineKeys = openMachineKeys({ redis, keys, audit, now });
  const webhooks = openWebhookSources(redis, keys);
  const devices = openDevices({ redis, keys, audit, limits, now });
  const signIn = openSignIn({ redis, keys, accounts, sessions, links, delays, audit, passwords });
  const { openSession } = signIn;

  async function createAccount(by: string, input: { email: string; name: string; role: UserRole; password: string }) {
    if (!userRoles.includes(input.role)) throw new Error(`"${input.role}" is not a role`);
    await audit.record(by, 'account.created', { email: normalise(input.email), role: input.role });
    return accounts.create(input);
  }

  /** @param isUse false for what happens without anybody there */
  async function userOf(token: string, isUse = true) {
    const found = await sessions.find(token, isUse);
    const account = found === undefined ? undefined : await accounts.read(found.account);
    if (found === undefined || account === undefined || account.disabled) return null;
    if (found.prolonged) await accounts.seen(account.id);
    return { account, expiresAt: found.expiresAt };
  }

  async function sessionOf(token: string, isUse = true): Promise<{ principal: Principal; session: Session } | null> {
    const found = await userOf(token, isUse);
    if (found === null) return null;
    return { principal: principalOf(found.account), session: describeSession(found.account, found.expiresAt) };
  }

  const deviceOf = async (token: string): Promise<PairedDevice | null> => (await devices.find(token)) ?? null;

  /** Whoever a cookie belongs to: a person, or a wall screen. */
  async function principalOfToken(token: string, isUse = true): Promise<Principal | null> {
    const user = await userOf(token, isUse);
    if (user !== null) return principalOf(user.account);
    const device = await deviceOf(token);
    return device === null ? null : principalOfDevice(device);
  }

  async function signOut(token: string): Promise<void> {
    const found = await sessionOf(token);
    if (found !== null) await audit.record(found.principal.name, 'session.closed');
    await sessions.close(token);
  }

  async function addWebhookSecret(by: string, input: Parameters<typeof webhooks.addSecret>[0]): Promise<void> {
    await audit.record(by, 'webhook.secret-added', { source: input.source, connector: input.connector });
    await webhooks.addSecret(input);
  }

  async function keepNewestWebhookSecret(by: string, source: string): Promise<boolean> {
    if ((await webhooks.find(source)) === undefined) return false;
    await audit.record(by, 'webhook.older-secrets-ended', { source });
    return webhooks.keepNewest(source);
  }

  async function removeWebhook(by: string, source: string): Promise<boolean> {
    if ((await webhooks.find(source)) === undefined) return false;
    await audit.record(by, 'webhook.removed', { source });
    return webhooks.remove(source);
  }

  /**
   * For the live gateway, at the handshake and while the socket lives. A page that is left open is not a use of the
   * session: it would never idle out.
   * @param secure whether the browser came over https
   */
  async function authenticateSocket(headers: IncomingHttpHeaders, secure = false): Promise<Principal | null> {
    if (!isOurOrigin(headers, allowedOrigins)) return null;
    const token = sessionTokenOf(headers, secure);
    return token === undefined ? null : principalOfToken(token, false);
  }

  return {
    needsSetUp: signIn.needsSetUp,
    createSetUpToken: signIn.createSetUpToken,
    setUp: signIn.setUp,
    signIn: signIn.withPassword,
    lookAtLink: signIn.lookAtLink,
    signInWithLink: signIn.withLink,
    passwords,
    provider:
      provider === null
        ? null
        : openProviderSignIn({ redis, keys, accounts, sessions, audit, limits, openSession, settings: provider }),
    createAccount,
    listAccounts: accounts.list,
    accountOf: async (token: string): Promise<Account | null> => (await userOf(token))?.account ?? null,
    sessionOf,
    deviceOf,
    principalOfToken,
    signOut,
    people: openPeople({ accounts, sessions, links, audit }),
    liveSessions: openLiveSessions({ accounts, sessions, audit }),
    ownAccounts: openOwnAccounts({ accounts, sessions, delays, audit, openSession }),
    devices,
    createKey: (by: string, input: NewKey) => machineKeys.create(by, input),
    rotateKey: machineKeys.rotate,
    revokeKey: machineKeys.revoke,
    listKeys: machineKeys.list,
    authenticateKey: machineKeys.authenticate,
    addWebhookSecret,
    keepNewestWebhookSecret,
    removeWebhook,
    webhookSource: webhooks.find,
    webhookSources: webhooks.list,
    webhookSettings: webhooks.settingsOf,
    authenticateSocket,
    limits,
    audit,
    allowedOrigins,
  };
}

const principalOf = ({ id, email, role }: Account): Principal => ({ kind: 'user', id, name: email, role });

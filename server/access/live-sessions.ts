/** The list of sessions as people see it: everybody's for an admin, one's own for oneself. */
import type { LiveSession } from '../http/contract/accounts.ts';
import type { Account, Accounts } from './accounts.ts';
import type { Audit } from './audit.ts';
import type { Actor } from './people.ts';
import { hashOf } from './secrets.ts';
import { IDLE_MS_MAX, LIFE_MS_MAX, type Sessions, type StoredSession } from './sessions.ts';

export type LiveSessions = ReturnType<typeof openLiveSessions>;

export function openLiveSessions(deps: { accounts: Accounts; sessions: Sessions; audit: Audit }) {
  const { accounts, sessions, audit } = deps;

  /** @param token of the session that asks */
  async function ofAccount(account: Account, token: string | undefined): Promise<LiveSession[]> {
    const mine = token === undefined ? '' : hashOf(token);
    const live = await sessions.ofOne(account.id);
    return live.map((session) => describe(session, account, mine)).sort((a, b) => b.lastSeenAt - a.lastSeenAt);
  }

  async function all(token: string | undefined): Promise<LiveSession[]> {
    const found = await Promise.all((await accounts.list()).map((account) => ofAccount(account, token)));
    return found.flat().sort((a, b) => b.lastSeenAt - a.lastSeenAt);
  }

  /** @param owner only a session of this account */
  async function end(by: Actor, id: string, owner?: string): Promise<boolean> {
    const session = (await all(undefined)).find(
      (one) => one.id === id && (owner === undefined || one.account === owner),
    );
    if (session === undefined) return false;
    await audit.record(by.name, 'session.ended', { email: session.email, which: session.browser });
    await sessions.end(hashOfShown(await sessions.ofOne(session.account), id), session.account);
    return true;
  }

  /** Everybody's but the one that asks. */
  async function endAll(by: Actor, token: string | undefined): Promise<number> {
    await audit.record(by.name, 'session.ended', { email: 'everybody', which: 'all' });
    const mine = token === undefined ? undefined : hashOf(token);
    let ended = 0;
    for (const account of await accounts.list()) ended += await sessions.closeAll(account.id, mine);
    return ended;
  }

  return { ofAccount, all, end, endAll };
}

/** Enough of the hash to tell sessions apart. */
const SHOWN_CHARACTERS = 24;
const shown = (id: string) => id.slice(0, SHOWN_CHARACTERS);
const hashOfShown = (stored: StoredSession[], id: string) => stored.find((one) => shown(one.id) === id)?.id ?? '';

function describe(session: StoredSession, account: Account, mine: string): LiveSession {
  return {
    id: shown(session.id),
    account: account.id,
    email: account.email,
    name: account.name,
    since: session.createdAt,
    lastSeenAt: session.seenAt,
    idleAt: session.seenAt + IDLE_MS_MAX,
    expiresAt: session.createdAt + LIFE_MS_MAX,
    address: session.address,
    browser: session.browser,
    isThis: session.id === mine,
  };
}

/** What an admin does about people. Every step is in the audit before it is done. */
import type { UserRole } from '../http/contract/access.ts';
import type { Person } from '../http/contract/accounts.ts';
import { type Account, type Accounts, normalise } from './accounts.ts';
import type { Audit } from './audit.ts';
import type { LinkKind, OneTimeLinks } from './one-time-links.ts';
import type { Sessions } from './sessions.ts';

/** Who acts: the id of the account, and the name that the audit keeps. */
export type Actor = { id: string; name: string };
export type PersonRefusal = 'absent' | 'exists' | 'self' | 'last-admin' | 'disabled';
export type Refused = { refused: PersonRefusal };
export type Link = { person: Person; token: string; expiresAt: number };
export type People = ReturnType<typeof openPeople>;

export function openPeople(deps: { accounts: Accounts; sessions: Sessions; links: OneTimeLinks; audit: Audit }) {
  const { accounts, sessions, links, audit } = deps;

  async function describe(account: Account, linkExpiresAt: number | undefined): Promise<Person> {
    const live = await sessions.ofOne(account.id);
    const { id, email, name, role, createdAt } = account;
    const isReady = account.hasPassword || account.subject !== null;
    const seen = Math.max(account.seenAt ?? 0, ...live.map((session) => session.seenAt));
    return {
      id,
      email,
      name,
      role,
      state: account.disabled ? 'disabled' : isReady ? 'active' : 'invited',
      methods: isReady
        ? [
            ...(account.hasPassword ? (['password'] as const) : []),
            ...(account.subject === null ? [] : (['provider'] as const)),
          ]
        : ['none'],
      createdAt,
      lastSeenAt: seen > 0 ? seen : null,
      sessions: live.length,
      linkExpiresAt: linkExpiresAt ?? null,
    };
  }

  async function list(): Promise<Person[]> {
    const [all, expiries] = await Promise.all([accounts.list(), links.expiries()]);
    return Promise.all(all.map((account) => describe(account, expiries.get(account.id))));
  }

  const find = async (id: string): Promise<Person | null> => (await list()).find((person) => person.id === id) ?? null;

  async function linkFor(account: Account, kind: LinkKind): Promise<Link> {
    const { token, expiresAt } = await links.create(account.id, kind);
    return { person: await describe(account, expiresAt), token, expiresAt };
  }

  async function invite(by: Actor, input: { email: string; role: UserRole }): Promise<Link | Refused> {
    const email = normalise(input.email);
    if ((await accounts.findByEmail(email)) !== undefined) return { refused: 'exists' };
    await audit.record(by.name, 'account.invited', { email, role: input.role });
    const account = await accounts.create({ email, name: email.split('@')[0]!, role: input.role });
    return linkFor(account, 'invitation');
  }

  /** A new link, for whoever lost the first one or forgot the password. The password they have works until it is used. */
  async function renewLink(by: Actor, id: string): Promise<Link | Refused> {
    const account = await accounts.read(id);
    if (account === undefined) return { refused: 'absent' };
    if (account.disabled) return { refused: 'disabled' };
    await audit.record(by.name, 'account.link-made', { email: account.email });
    return linkFor(account, account.hasPassword ? 'reset' : 'invitation');
  }

  async function changeRole(by: Actor, id: string, role: UserRole): Promise<Refused | null> {
    const account = await accounts.read(id);
    const refused = await check(by, account);
    if (refused !== null) return refused;
    if (account!.role === role) return null;
    if (account!.role === 'admin' && (await isLastAdmin(id))) return { refused: 'last-admin' };
    await audit.record(by.name, 'account.role-changed', { email: account!.email, from: account!.role, to: role });
    if (!(await accounts.setRole(account!, role))) return { refused: 'last-admin' };
    // What somebody may do is asked anew with every request; a new role begins with a new session all the same.
    await sessions.closeAll(id);
    return null;
  }

  async function setDisabled(by: Actor, id: string, disabled: boolean): Promise<Refused | null> {
    const account = await accounts.read(id);
    const refused = await check(by, account);
    if (refused !== null) return refused;
    if (account!.role === 'admin' && disabled && (await isLastAdmin(id))) return { refused: 'last-admin' };
    await audit.record(by.name, disabled ? 'account.disabled' : 'account.enabled', { email: account!.email });
    if (!(await accounts.setDisabled(account!, disabled))) return { refused: 'last-admin' };
    if (disabled) {
      await links.end(id);
      await sessions.closeAll(id);
    }
    return null;
  }

  async function endSessions(by: Actor, id: string): Promise<number | null> {
    const account = await accounts.read(id);
    if (account === undefined) return null;
    await audit.record(by.name, 'session.ended', { email: account.email, which: 'all' });
    return sessions.closeAll(id);
  }

  /** Nobody raises or locks out himself. */
  async function check(by: Actor, account: Account | undefined): Promise<Refused | null> {
    if (account === undefined) return { refused: 'absent' };
    return account.id === by.id ? { refused: 'self' } : null;
  }

  async function isLastAdmin(id: string): Promise<boolean> {
    const others = (await accounts.list()).filter((one) => one.id !== id && one.role === 'admin' && !one.disabled);
    return !others.some((one) => one.hasPassword || one.subject !== null);
  }

  return { list, find, describe, invite, renewLink, changeRole, setDisabled, endSessions };
}

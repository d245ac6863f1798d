/** Accounts of people. Passwords are kept as argon2id; e-mail addresses are compared without regard to case. */
import { randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { type UserRole, userRoles } from '../http/contract/access.ts';
import { newToken } from './secrets.ts';

const ACCOUNTS_MAX = 5_000;

export type Account = {
  id: string;
  email: string;
  name: string;
  role: UserRole;
  disabled: boolean;
  hasPassword: boolean;
  /** Who it is at the identity provider, as `issuer subject`. */
  subject: string | null;
  createdAt: number | null;
  seenAt: number | null;
};
export type Accounts = ReturnType<typeof openAccounts>;

/**
 * Changes a field of an account, unless the workspace would be left without anybody who can come in as an admin.
 * One script, so that two admins who demote each other at the same moment do not both succeed.
 */
const UNLESS_LAST_ADMIN = `
  for _, id in ipairs(redis.call('HVALS', KEYS[1])) do
    if id ~= ARGV[2] then
      local role, disabled, password, subject = unpack(redis.call('HMGET', ARGV[1] .. id, 'role', 'disabled', 'password', 'subject'))
      if role == 'admin' and disabled ~= '1' and (password or subject) then
        redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
        return 1
      end
    end
  end
  return 0`;

export function openAccounts(redis: Redis, keys: Keys, now: () => number) {
  const byEmail = keys.access('emails');
  const bySubject = keys.access('subjects');
  const keyOf = (id: string) => keys.access('account', id);
  /** What unknown addresses are checked against, so that they take as long as known ones. */
  let nobody: Promise<string> | undefined;

  /** @param input without a password or a subject nobody can sign in to it yet */
  async function create(input: { email: string; name: string; role: UserRole; password?: string }): Promise<Account> {
    const { name, role } = input;
    const email = normalise(input.email);
    const id = randomUUID();
    if ((await redis.hLen(byEmail)) >= ACCOUNTS_MAX) throw new Error('there are as many accounts as there may be');
    if (!(await redis.hSetNX(byEmail, email, id))) throw new Error('an account with this e-mail exists');
    const stored: Record<string, string> = { id, email, name, role, disabled: '0', createdAt: String(now()) };
    if (input.password !== undefined) stored['password'] = await hash(input.password);
    await redis.hSet(keyOf(id), stored);
    return toAccount(stored)!;
  }

  const read = async (id: string): Promise<Account | undefined> => toAccount(await redis.hGetAll(keyOf(id)));

  async function findByEmail(email: string): Promise<Account | undefined> {
    const id = await redis.hGet(byEmail, normalise(email));
    return id === null ? undefined : read(id);
  }

  async function findBySubject(subject: string): Promise<Account | undefined> {
    const id = await redis.hGet(bySubject, subject);
    return id === null ? undefined : read(id);
  }

  async function list(): Promise<Account[]> {
    const found = await Promise.all((await redis.hVals(byEmail)).map(read));
    return found.flatMap((account) => account ?? []).sort((a, b) => (a.email < b.email ? -1 : 1));
  }

  async function authenticate(email: string, password: string): Promise<Account | undefined> {
    nobody ??= hash(newToken());
    const id = await redis.hGet(byEmail, normalise(email));
    const stored = id === null ? {} : await redis.hGetAll(keyOf(id));
    const matches = await verify(stored['password'] ?? (await nobody), password);
    const account = toAccount(stored);
    return matches && account !== undefined && !account.disabled ? account : undefined;
  }

  async function setPassword(id: string, password: string): Promise<void> {
    await redis.hSet(keyOf(id), 'password', await hash(password));
  }

  /** @returns false when the subject is another account's already */
  async function link(id: string, subject: string): Promise<boolean> {
    if (!(await redis.hSetNX(bySubject, subject, id))) return (await redis.hGet(bySubject, subject)) === id;
    await redis.hSet(keyOf(id), 'subject', subject);
    return true;
  }

  async function changeUnlessLastAdmin(id: string, field: 'role' | 'disabled', value: string): Promise<boolean> {
    const changed = await redis.eval(UNLESS_LAST_ADMIN, {
      keys: [byEmail, keyOf(id)],
      arguments: [keyOf(''), id, field, value],
    });
    return changed === 1;
  }

  /** @returns false: it is the last admin, and stays one */
  async function setRole(account: Account, role: UserRole): Promise<boolean> {
    if (account.role === 'admin' && role !== 'admin') return changeUnlessLastAdmin(account.id, 'role', role);
    await redis.hSet(keyOf(account.id), 'role', role);
    return true;
  }

  async function setDisabled(account: Account, disabled: boolean): Promise<boolean> {
    if (account.role === 'admin' && disabled) return changeUnlessLastAdmin(account.id, 'disabled', '1');
    await redis.hSet(keyOf(account.id), 'disabled', disabled ? '1' : '0');
    return true;
  }

  const setName = (id: string, name: string) => redis.hSet(keyOf(id), 'name', name);
  const seen = (id: string) => redis.hSet(keyOf(id), 'seenAt', String(now()));
  const count = () => redis.hLen(byEmail);
  return {
    create,
    read,
    findByEmail,
    findBySubject,
    list,
    authenticate,
    setPassword,
    setRole,
    setDisabled,
    setName,
    link,
    seen,
    count,
  };
}

export const normalise = (email: string): string => email.trim().toLowerCase();

function toAccount(stored: Record<string, string>): Account | undefined {
  const role = userRoles.find((known) => known === stored['role']);
  const { id, email, name, disabled, password, subject, createdAt, seenAt } = stored;
  if (id === undefined || email === undefined || name === undefined || role === undefined) return undefined;
  return {
    id,
    email,
    name,
    role,
    disabled: disabled === '1',
    hasPassword: password !== undefined,
    subject: subject ?? null,
    createdAt: createdAt === undefined ? null : Number(createdAt),
    seenAt: seenAt === undefined ? null : Number(seenAt),
  };
}

/** Local accounts. Passwords are kept as argon2id; e-mail addresses are compared without regard to case. */
import { randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { type UserRole, userRoles } from '../http/contract/access.ts';
import { newToken } from './secrets.ts';

export type Account = { id: string; email: string; name: string; role: UserRole; disabled: boolean };
export type Accounts = ReturnType<typeof openAccounts>;

export function openAccounts(redis: Redis, keys: Keys) {
  const byEmail = keys.access('emails');
  const keyOf = (id: string) => keys.access('account', id);
  /** What unknown addresses are checked against, so that they take as long as known ones. */
  let nobody: Promise<string> | undefined;

  async function create(input: { email: string; name: string; role: UserRole; password: string }): Promise<Account> {
    const account = { id: randomUUID(), email: normalise(input.email), name: input.name, role: input.role };
    const password = await hash(input.password);
    if (!(await redis.hSetNX(byEmail, account.email, account.id)))
      throw new Error('an account with this e-mail exists');
    await redis.hSet(keyOf(account.id), { ...account, password, disabled: '0' });
    return { ...account, disabled: false };
  }

  async function read(id: string): Promise<Account | undefined> {
    return toAccount(await redis.hGetAll(keyOf(id)));
  }

  async function authenticate(email: string, password: string): Promise<Account | undefined> {
    nobody ??= hash(newToken());
    const id = await redis.hGet(byEmail, normalise(email));
    const stored = id === null ? {} : await redis.hGetAll(keyOf(id));
    const matches = await verify(stored.password ?? (await nobody), password);
    const account = toAccount(stored);
    return matches && account !== undefined && !account.disabled ? account : undefined;
  }

  /** Everybody who ever had an account. */
  async function list(): Promise<Account[]> {
    const ids = Object.values(await redis.hGetAll(byEmail));
    return (await Promise.all(ids.map(read))).filter((account) => account !== undefined);
  }

  const disable = (id: string) => redis.hSet(keyOf(id), 'disabled', '1');
  const count = () => redis.hLen(byEmail);
  return { create, read, list, authenticate, disable, count };
}

export const normalise = (email: string): string => email.trim().toLowerCase();

function toAccount(stored: Record<string, string>): Account | undefined {
  const role = userRoles.find((known) => known === stored.role);
  const { id, email, name } = stored;
  if (id === undefined || email === undefined || name === undefined || role === undefined) return undefined;
  return { id, email, name, role, disabled: stored.disabled === '1' };
}

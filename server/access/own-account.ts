/** What people do about their own account. */
import type { Account, Accounts } from './accounts.ts';
import type { Audit } from './audit.ts';
import type { From, Sessions } from './sessions.ts';
import type { SignIn, SignInResult } from './sign-in.ts';
import type { SignInDelays } from './sign-in-delays.ts';

export type OwnAccounts = ReturnType<typeof openOwnAccounts>;

export function openOwnAccounts(deps: {
  accounts: Accounts;
  sessions: Sessions;
  delays: SignInDelays;
  audit: Audit;
  openSession: SignIn['openSession'];
}) {
  const { accounts, sessions, delays, audit } = deps;

  async function rename(account: Account, name: string): Promise<void> {
    await audit.record(account.email, 'account.renamed', { email: account.email, name });
    await accounts.setName(account.id, name);
  }

  /** Needs the old password, and leaves no session but a new one: whoever knew the old one is out. */
  async function changePassword(
    account: Account,
    input: { old: string; password: string },
    from: From,
  ): Promise<SignInResult> {
    const subject = `password:${account.id}`;
    const wait = await delays.waitSeconds(subject);
    if (wait > 0) return { refused: 'wait', retryAfterSeconds: wait };
    if ((await accounts.authenticate(account.email, input.old)) === undefined) {
      await delays.count(subject);
      await audit.record(account.email, 'account.password-refused', { ip: from.address });
      return { refused: 'credentials' };
    }
    await delays.forget(subject);
    await audit.record(account.email, 'account.password-changed', { ip: from.address });
    await accounts.setPassword(account.id, input.password);
    await sessions.closeAll(account.id);
    return deps.openSession(account, from);
  }

  return { rename, changePassword };
}

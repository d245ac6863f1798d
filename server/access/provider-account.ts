/** Which account the claims of an identity provider mean, and with which role. */
import { type UserRole, userRoles } from '../http/contract/access.ts';
import type { ProviderProblem } from '../http/contract/provider-sign-in.ts';
import { type Account, type Accounts, normalise } from './accounts.ts';
import type { Audit } from './audit.ts';
import type { Sessions } from './sessions.ts';

export type ProviderSettings = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** On the button of the sign-in page. */
  name: string;
  scope: string;
  /** Of e-mail addresses; empty: any. */
  allowedDomains: readonly string[];
  /** The claim that names groups or roles; empty: the default role for everybody. */
  roleClaim: string;
  /** Value of the claim -> role; the first that fits counts. */
  roles: readonly (readonly [string, UserRole])[];
  /** Of somebody whom no value fits; null: nobody else is let in. */
  defaultRole: UserRole | null;
};
export type ProviderClaims = { iss: string; sub: string; [claim: string]: unknown };
type Found = { account: Account } | { problem: ProviderProblem; reason: string };

export async function accountOfClaims(
  deps: { accounts: Accounts; sessions: Sessions; audit: Audit; settings: ProviderSettings },
  claims: ProviderClaims,
): Promise<Found> {
  const { accounts, audit, settings } = deps;
  const email = normalise(String(claims['email'] ?? ''));
  const role = roleOf(settings, claims);
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) return { problem: 'email', reason: 'the provider named no e-mail address' };
  // Without this, whoever writes somebody else's address into a profile would be that person here.
  if (claims['email_verified'] !== true) return { problem: 'email', reason: 'the e-mail address is not verified' };
  if (!isAllowed(settings.allowedDomains, email)) return { problem: 'domain', reason: `${email} is of another domain` };
  if (role === null) return { problem: 'role', reason: `no role is meant for ${email}` };

  const subject = `${claims.iss} ${claims.sub}`;
  const known = (await accounts.findBySubject(subject)) ?? (await accounts.findByEmail(email));
  if (known?.disabled) return { problem: 'disabled', reason: `${known.email} is disabled` };
  if (known !== undefined && known.subject !== null && known.subject !== subject) {
    return { problem: 'other-subject', reason: `${email} belongs to another person at the provider` };
  }
  if (known === undefined) {
    const name = String(claims['name'] ?? '').slice(0, 200) || email.split('@')[0]!;
    await audit.record('identity provider', 'account.created', { email, role });
    const account = await accounts.create({ email, name, role });
    return link(deps, account, subject);
  }
  const account = await withRole(deps, known, role);
  return account.subject === subject ? { account } : link(deps, account, subject);
}

async function link(
  { accounts, audit }: { accounts: Accounts; audit: Audit },
  account: Account,
  subject: string,
): Promise<Found> {
  await audit.record('identity provider', 'account.linked', { email: account.email });
  if (await accounts.link(account.id, subject)) return { account: { ...account, subject } };
  return { problem: 'other-subject', reason: `${account.email} could not be linked` };
}

/** The provider is asked at every sign-in: who left a group there has less here. The last admin stays one. */
async function withRole(
  {
    accounts,
    audit,
    sessions,
    settings,
  }: { accounts: Accounts; audit: Audit; sessions: Sessions; settings: ProviderSettings },
  account: Account,
  role: UserRole,
): Promise<Account> {
  if (settings.roleClaim === '' || account.role === role) return account;
  await audit.record('identity provider', 'account.role-changed', {
    email: account.email,
    from: account.role,
    to: role,
  });
  if (!(await accounts.setRole(account, role))) return account;
  await sessions.closeAll(account.id);
  return { ...account, role };
}

function roleOf({ roleClaim, roles, defaultRole }: ProviderSettings, claims: ProviderClaims): UserRole | null {
  const claimed = roleClaim === '' ? [] : [claims[roleClaim]].flat().map(String);
  return roles.find(([value]) => claimed.includes(value))?.[1] ?? defaultRole;
}

function isAllowed(domains: readonly string[], email: string): boolean {
  const domain = email.slice(email.lastIndexOf('@') + 1);
  return domains.length === 0 || domains.includes(domain);
}

/** `ops-admins=admin,planning=planner` as pairs. @throws Error with what is wrong, in words */
export function readRoleMapping(text: string): [string, UserRole][] {
  return text
    .split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair) => {
      const cut = pair.lastIndexOf('=');
      const role = userRoles.find((known) => known === pair.slice(cut + 1).trim());
      if (cut < 1 || role === undefined) {
        throw new Error(`"${pair.trim()}" must be value=role, with a role of ${userRoles.join(', ')}.`);
      }
      return [pair.slice(0, cut).trim(), role];
    });
}

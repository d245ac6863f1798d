/** How an identity provider is made known to the server: arguments or variables of the environment. */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type UserRole, userRoles } from '../http/contract/access.ts';
import { StartError } from '../start/start-error.ts';
import { type ProviderSettings, readRoleMapping } from './provider-account.ts';
import type { PasswordSignIn } from './sign-in.ts';

export type ProviderFlags = {
  oidcIssuer: string;
  oidcClientId: string;
  oidcClientSecret: string;
  oidcClientSecretFile: string;
  oidcName: string;
  oidcScope: string;
  oidcDomains: string[];
  oidcRoleClaim: string;
  oidcRoles: [string, UserRole][];
  oidcDefaultRole: UserRole | 'none';
  passwordSignIn: PasswordSignIn;
};

export function addProviderOptions(command: Command): Command {
  const option = (flags: string, variable: string, words: string) => new Option(flags, words).env(variable);
  return (
    command
      .addOption(
        option('--password-sign-in <who>', 'TIDELINE_PASSWORD_SIGN_IN', 'who may sign in with a password')
          .choices(['all', 'admins'])
          .default('all'),
      )
      .addOption(
        option('--oidc-issuer <url>', 'TIDELINE_OIDC_ISSUER', 'identity provider (OpenID Connect) people sign in with')
          .default('', 'none')
          .argParser(readIssuer),
      )
      .addOption(
        option('--oidc-client-id <id>', 'TIDELINE_OIDC_CLIENT_ID', 'what the provider knows us as').default(''),
      )
      .addOption(
        option(
          '--oidc-client-secret-file <file>',
          'TIDELINE_OIDC_CLIENT_SECRET_FILE',
          'file with the secret of it',
        ).default('', 'none: a public client'),
      )
      // Arguments can be read by everybody on the machine: the variable is the way to give it, and the file the better one.
      .addOption(option('--oidc-client-secret <secret>', 'TIDELINE_OIDC_CLIENT_SECRET', '').default('').hideHelp())
      .addOption(
        option('--oidc-name <name>', 'TIDELINE_OIDC_NAME', 'its name on the sign-in page').default(
          'your company account',
        ),
      )
      .addOption(
        option('--oidc-scope <scope>', 'TIDELINE_OIDC_SCOPE', 'what is asked of it').default('openid email profile'),
      )
      .addOption(
        option('--oidc-domains <list>', 'TIDELINE_OIDC_DOMAINS', 'domains of e-mail addresses that may come in')
          .default([], 'any')
          .argParser((list) => list.split(',').map((domain) => domain.trim().toLowerCase())),
      )
      .addOption(
        option('--oidc-role-claim <claim>', 'TIDELINE_OIDC_ROLE_CLAIM', 'the claim that names groups or roles').default(
          '',
        ),
      )
      .addOption(
        option(
          '--oidc-roles <list>',
          'TIDELINE_OIDC_ROLES',
          'value=role, separated by commas; the first that fits counts',
        )
          .default([], 'none')
          .argParser(readRoles),
      )
      .addOption(
        option('--oidc-default-role <role>', 'TIDELINE_OIDC_DEFAULT_ROLE', 'of everybody whom no value fits')
          .choices([...userRoles, 'none'])
          .default('none'),
      )
  );
}

/** @throws StartError when something is missing */
export function providerSettingsOf(flags: ProviderFlags): ProviderSettings | null {
  if (flags.oidcIssuer === '') {
    if (flags.passwordSignIn === 'all') return null;
    throw new StartError('--password-sign-in admins needs an identity provider (--oidc-issuer).');
  }
  if (flags.oidcClientId === '') throw new StartError('--oidc-issuer needs --oidc-client-id.');
  const file = flags.oidcClientSecretFile;
  return {
    issuer: flags.oidcIssuer,
    clientId: flags.oidcClientId,
    clientSecret: file === '' ? flags.oidcClientSecret : readFileSync(file, 'utf8').trim(),
    name: flags.oidcName,
    scope: flags.oidcScope,
    allowedDomains: flags.oidcDomains,
    roleClaim: flags.oidcRoleClaim,
    roles: flags.oidcRoles,
    defaultRole: flags.oidcDefaultRole === 'none' ? null : flags.oidcDefaultRole,
  };
}

/** Tokens of people travel there: over http only to this machine. */
function readIssuer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLocal = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal))) {
    throw new InvalidArgumentError('must be an address that begins with https://.');
  }
  return text;
}

function readRoles(text: string): [string, UserRole][] {
  try {
    return readRoleMapping(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

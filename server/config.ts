/** The one reader of arguments and environment: what the server can be told, with its limits and defaults. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ProviderSettings } from './access/provider-account.ts';
import { addProviderOptions, type ProviderFlags, providerSettingsOf } from './access/provider-options.ts';
import type { PasswordSignIn } from './access/sign-in.ts';
import { readAllowedTargets } from './outbound/allowed-targets.ts';

export const roles = ['web', 'ingest', 'process', 'history', 'jobs'] as const;
export type Role = (typeof roles)[number];

export const PORT_DEFAULT = 7070;
const PROXIES_MAX = 10;
export const projectDir = fileURLToPath(new URL('..', import.meta.url));

export type Config = {
  port: number;
  host: string;
  dataDir: string;
  workspace: string;
  demo: boolean;
  roles: Role[];
  /** Empty: a private Redis is started. */
  redisUrl: string;
  /** Empty: the embedded engine is started. */
  clickhouseUrl: string;
  /** Empty: the embedded engine needs none; on a server, analysts' own SQL is off. */
  clickhouseAnalystUrl: string;
  logLevel: string;
  /** Origins besides our own that may open sockets and change things, for a server behind another name. */
  allowedOrigins: string[];
  trustedProxies: number;
  /** Make live state from history when Redis has none. */
  restore: boolean;
  passwordSignIn: PasswordSignIn;
  /** Null: people sign in with passwords only. */
  provider: ProviderSettings | null;
  /** Where people reach us, for links in mail. */
  publicUrl: string;
  /** Empty: reports are made and not sent. */
  smtpUrl: string;
  mailFrom: string;
  /** Targets of alerts in networks of one's own. */
  allowedTargets: string[];
};

/** Arguments after the name of the program. */
export const argumentsGiven = (): string[] => process.argv.slice(2);

/** Where data is and how it is reached: for every command. */
export function addPlaceOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--data-dir <folder>', 'where everything is stored')
        .env('TIDELINE_DATA_DIR')
        .default(join(projectDir, '.data'), '.data in the project')
        .argParser(readFolder),
    )
    .addOption(
      new Option('--redis-url <url>', 'use this Redis instead of a private one')
        .env('REDIS_URL')
        .default('', 'a private one')
        .argParser(readUrl(['redis:', 'rediss:', 'unix:'])),
    )
    .addOption(
      new Option(
        '--clickhouse-url <url>',
        'use this ClickHouse server (http://user:password@host:8123/database) instead of the embedded engine',
      )
        .env('CLICKHOUSE_URL')
        .default('', 'the embedded engine')
        .argParser(readUrl(['http:', 'https:'])),
    )
    .addOption(
      new Option('--workspace <name>', 'the workspace to work on')
        .env('TIDELINE_WORKSPACE')
        .default('main')
        .argParser(readWorkspace),
    );
}

export function addServerOptions(command: Command): Command {
  return addProviderOptions(addPlaceOptions(command))
    .addOption(
      new Option('--port <number>', 'port of the web server')
        .env('TIDELINE_PORT')
        .default(PORT_DEFAULT)
        .argParser(readPort),
    )
    .addOption(
      new Option('--host <address>', 'address to listen on')
        .env('TIDELINE_HOST')
        .default('127.0.0.1', '127.0.0.1: this machine only'),
    )
    .addOption(
      new Option(
        '--clickhouse-analyst-url <url>',
        "with --clickhouse-url: the same server as a user for analysts' own SQL (http://user:password@host:8123)",
      )
        .env('CLICKHOUSE_ANALYST_URL')
        .default('', "none: analysts' own SQL is off on a server")
        .argParser(readUrl(['http:', 'https:'])),
    )
    .addOption(new Option('--no-demo', 'an empty workspace, without the simulated company (TIDELINE_DEMO=off)'))
    .addOption(
      new Option('--roles <list>', `what this process does: ${roles.join(', ')}`)
        .env('TIDELINE_ROLES')
        .default([...roles], 'all of them')
        .argParser(readRoles),
    )
    .addOption(
      new Option('--log-level <level>', 'how much is logged')
        .env('TIDELINE_LOG_LEVEL')
        .choices(['fatal', 'error', 'warn', 'info', 'debug'])
        .default('info'),
    )
    .addOption(
      new Option('--allowed-origins <list>', 'other origins that browsers may come from, separated by commas')
        .env('TIDELINE_ALLOWED_ORIGINS')
        .default([], 'none')
        .argParser((list) => list.split(',').map((origin) => origin.trim())),
    )
    .addOption(
      new Option('--trusted-proxies <number>', 'proxies in front whose X-Forwarded headers are believed')
        .env('TIDELINE_TRUSTED_PROXIES')
        .default(0)
        .argParser(readProxies),
    )
    .addOption(
      new Option('--public-url <url>', 'where people reach this server, for links in mail')
        .env('TIDELINE_PUBLIC_URL')
        .default('', 'http://localhost and the port')
        .argParser(readUrl(['http:', 'https:'])),
    )
    .addOption(
      new Option(
        '--smtp-url <url>',
        'mail server for reports: smtps://user:password@host, or smtp:// with STARTTLS (TIDELINE_SMTP_URL keeps the password off the list of processes)',
      )
        .env('TIDELINE_SMTP_URL')
        .default('', 'none: reports are made and not sent')
        .argParser(readUrl(['smtp:', 'smtps:'])),
    )
    .addOption(
      new Option('--mail-from <address>', 'who reports are from, such as "Tideline <reports@example.com>"')
        .env('TIDELINE_MAIL_FROM')
        .default('Tideline <tideline@localhost>')
        .argParser(readOneLine),
    )
    .addOption(
      new Option(
        '--allowed-targets <list>',
        'hosts, addresses and networks of your own that alerts may be sent to, separated by commas, such as mail.internal,10.1.0.0/16',
      )
        .env('TIDELINE_ALLOWED_TARGETS')
        .default([], 'none: the public internet only')
        .argParser(readTargets),
    )
    .addOption(
      new Option('--restore', 'make live state anew from history when Redis is empty, as after the loss of its files')
        .env('TIDELINE_RESTORE')
        .default(false),
    );
}

type Flags = Omit<Config, 'provider'> & ProviderFlags;

export function configOf(flags: Flags): Config {
  const off = ['off', 'false', 'no', '0'].includes((process.env['TIDELINE_DEMO'] ?? '').toLowerCase());
  const publicUrl = flags.publicUrl === '' ? `http://localhost:${flags.port}` : flags.publicUrl;
  return { ...flags, publicUrl, demo: flags.demo && !off, provider: providerSettingsOf(flags) };
}

/** What child processes of ours may know of the environment: never secrets that were meant for us. */
export function environmentForChildren(): Record<string, string> {
  const { PATH = '', HOME = homedir(), TZ = '' } = process.env;
  return { PATH, HOME, ...(TZ === '' ? {} : { TZ }) };
}

function readFolder(text: string): string {
  const folder = text.startsWith('~/') ? join(homedir(), text.slice(2)) : text;
  return isAbsolute(folder) ? folder : resolve(folder);
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('must be a whole number from 1 to 65535.');
  return port;
}

function readProxies(text: string): number {
  const proxies = Number(text);
  if (!Number.isInteger(proxies) || proxies < 0 || proxies > PROXIES_MAX)
    throw new InvalidArgumentError(`must be a whole number from 0 to ${PROXIES_MAX}.`);
  return proxies;
}

function readWorkspace(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,60}$/.test(text))
    throw new InvalidArgumentError('must be letters, digits, "-" and "_", at most 60.');
  return text;
}

function readUrl(protocols: string[]) {
  return (text: string): string => {
    if (text === '') return '';
    const protocol = URL.canParse(text) ? new URL(text).protocol : '';
    if (!protocols.includes(protocol)) {
      throw new InvalidArgumentError(
        `must be an address that begins with ${protocols.map((name) => `${name}//`).join(' or ')}.`,
      );
    }
    return text;
  };
}

function readOneLine(text: string): string {
  if (/[\r\n]/.test(text) || !text.includes('@')) throw new InvalidArgumentError('must be one e-mail address.');
  return text;
}

function readTargets(text: string): string[] {
  const targets = text
    .split(',')
    .map((target) => target.trim())
    .filter(Boolean);
  try {
    readAllowedTargets(targets);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
  return targets;
}

function readRoles(text: string): Role[] {
  const asked = text.split(',').map((role) => role.trim());
  const unknown = asked.find((role) => !(roles as readonly string[]).includes(role));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is not one of ${roles.join(', ')}.`);
  return roles.filter((role) => asked.includes(role));
}

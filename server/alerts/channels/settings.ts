/** Settings of a channel: how a request changes them, what is shown of them, and which of them are secret. Pure. */
import type { AlertChannel, AlertChannelRequest, AlertChannelSettings } from '../../http/contract/alert-channels.ts';
import type { EmailSettings } from './email.ts';
import type { PagerDutySettings } from './pagerduty.ts';
import type { SlackSettings } from './slack.ts';
import type { TeamsSettings } from './teams.ts';
import { liveSecrets, newSigningSecret, type WebhookSettings } from './webhook.ts';
import { plainSignIn } from './without-secrets.ts';

export type ChannelSettings = EmailSettings | SlackSettings | TeamsSettings | PagerDutySettings | WebhookSettings;
export type KeptChannel = {
  id: string;
  version: number;
  name: string;
  on: boolean;
  changedAt: number;
  changedBy: string;
  secretSince: number | null;
  settings: ChannelSettings;
};
export type LastTest = NonNullable<AlertChannel['lastTest']>;

type Requested = AlertChannelRequest['settings'];
/** `secret`: what signs, when it was made now. */
export type Changed = { settings: ChannelSettings; secretGiven: boolean; secret: string | null };
/** What is missing in the request, by its path. */
export type Missing = { path: string; message: string };

const needed = (field: string, message = 'is needed'): Missing => ({ path: `settings.${field}`, message });
const AGAIN = 'is needed again: where it goes has changed';

/**
 * What is kept goes on only where it went before: whoever may change a channel, and does not know its secret, does not
 * learn it by having it sent elsewhere.
 */
export function settingsAfter(asked: Requested, known: ChannelSettings | null, now: number): Changed | Missing {
  switch (asked.kind) {
    case 'email':
      return emailAfter(asked, known?.kind === 'email' ? known : null);
    case 'slack':
    case 'teams': {
      const url = asked.url ?? (known?.kind === asked.kind ? known.url : undefined);
      if (url === undefined) return needed('url');
      const settings = asked.kind === 'slack' ? { ...asked, url } : { ...asked, url };
      return { settings, secretGiven: asked.url !== undefined, secret: null };
    }
    case 'pagerduty': {
      const before = known?.kind === 'pagerduty' ? known : null;
      const routingKey = asked.routingKey ?? before?.routingKey;
      if (routingKey === undefined) return needed('routingKey');
      if (asked.routingKey === undefined && before?.url !== asked.url) return needed('routingKey', AGAIN);
      const { kind, url } = asked;
      return { settings: { kind, url, routingKey }, secretGiven: asked.routingKey !== undefined, secret: null };
    }
    case 'webhook':
      return webhookAfter(asked, known?.kind === 'webhook' ? known : null, now);
  }
}

type RequestedOf<Kind> = Extract<Requested, { kind: Kind }>;

function emailAfter({ kind, recipients, from, server }: RequestedOf<'email'>, known: EmailSettings | null) {
  if (server === null) return { settings: { kind, recipients, from, server }, secretGiven: false, secret: null };
  const { host, port, security, user, password: given } = server;
  const before = known?.server ?? null;
  const isSame = before?.host === host && before.port === port && before.security === security && before.user === user;
  const password = given ?? (user === '' ? '' : isSame ? before.password : undefined);
  if (password === undefined) return needed('server.password', before === null ? undefined : AGAIN);
  const settings: EmailSettings = { kind, recipients, from, server: { host, port, security, user, password } };
  return { settings, secretGiven: given !== undefined, secret: null };
}

function webhookAfter(asked: RequestedOf<'webhook'>, known: WebhookSettings | null, now: number): Changed | Missing {
  const url = asked.url ?? known?.url;
  if (url === undefined) return needed('url');
  const goesElsewhere = known !== null && new URL(url).origin !== new URL(known.url).origin;
  if (goesElsewhere && known.authorization !== null && asked.authorization === undefined)
    return needed('authorization', AGAIN);
  const authorization = asked.authorization === undefined ? (known?.authorization ?? null) : asked.authorization;
  // What signs is known to who received before: somebody else gets another one.
  const made = known === null || goesElsewhere ? newSigningSecret(now) : null;
  return {
    settings: { kind: 'webhook', url, authorization, secrets: made === null ? known!.secrets : [made] },
    secretGiven: made !== null || asked.url !== undefined || typeof asked.authorization === 'string',
    secret: made?.value ?? null,
  };
}

/** @returns everything that must not be told, in answers, errors, logs or the audit */
export function secretsOf(settings: ChannelSettings): string[] {
  switch (settings.kind) {
    case 'email': {
      const { user, password } = settings.server ?? { user: '', password: '' };
      return password === '' ? [] : [password, plainSignIn(user, password)];
    }
    case 'slack':
    case 'teams':
      return [settings.url];
    case 'pagerduty':
      return [settings.routingKey];
    case 'webhook': {
      const { url, authorization, secrets } = settings;
      return [url, ...(authorization === null ? [] : [authorization]), ...secrets.map(({ value }) => value)];
    }
  }
}

/** Where it goes, as people may know it. */
export function targetOf(settings: ChannelSettings): string {
  if (settings.kind !== 'email') return new URL(settings.url).host;
  const { recipients, server } = settings;
  const [first = ''] = recipients;
  const whom = recipients.length === 1 ? first : `${first} and ${recipients.length - 1} more`;
  return server === null ? whom : `${whom} by ${server.host}`;
}

/** @param manages whether the reader may manage channels */
export function viewOf(channel: KeptChannel, lastTest: LastTest | null, now: number, manages: boolean): AlertChannel {
  const { settings, ...rest } = channel;
  return {
    ...rest,
    kind: settings.kind,
    target: targetOf(settings),
    lastTest,
    settings: manages ? shownOf(settings, now) : null,
  };
}

function shownOf(settings: ChannelSettings, now: number): AlertChannelSettings {
  switch (settings.kind) {
    case 'email': {
      const { kind, recipients, from, server } = settings;
      if (server === null) return { kind, recipients: [...recipients], from, server };
      const { password, ...shown } = server;
      return { kind, recipients: [...recipients], from, server: { ...shown, hasPassword: password !== '' } };
    }
    case 'slack':
      return { kind: settings.kind, mention: settings.mention };
    case 'teams':
      return { kind: settings.kind };
    case 'pagerduty':
      return { kind: settings.kind, url: settings.url };
    case 'webhook': {
      const secrets = liveSecrets(settings.secrets, now).map(({ since, endsAt }) => ({ since, endsAt }));
      return { kind: settings.kind, hasAuthorization: settings.authorization !== null, secrets };
    }
  }
}

/** Where alerts go: mail, Slack, Teams, PagerDuty, any webhook. What is secret is written, and never read again. */
import { z } from 'zod';
import { address, RECIPIENTS_MAX } from './reports.ts';

const time = z.int(); // epoch milliseconds, UTC

export const ALERT_CHANNELS_MAX = 50;
export const OLD_SECRET_HOURS_MAX = 24 * 30;

export const alertChannelKinds = ['email', 'slack', 'teams', 'pagerduty', 'webhook'] as const;
export type AlertChannelKind = (typeof alertChannelKinds)[number];

/** As policies name it: `channel:<id>`. */
const channelId = z.string().regex(/^[A-Za-z0-9_-]{1,60}$/, 'must be letters, digits, - and _, at most 60');

/** Plain http is for targets that the operator of the server allowed. */
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with https://' })
  .max(2_000)
  .refine((text) => URL.parse(text)?.username === '' && URL.parse(text)?.password === '', {
    error: 'must not carry a name or password',
  });
/** Printable ASCII: what a header or a command of SMTP can carry. */
const secretText = z
  .string()
  .min(1)
  .max(2_000)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');

export const mailSecurities = ['tls', 'starttls', 'none'] as const;
/** `none`: in the clear, for a server that the operator allowed. */
const mailServer = z.object({
  host: z
    .string()
    .max(253)
    .regex(/^[A-Za-z0-9._:-]+$/, 'must be a host name or an address'),
  port: z.int().min(1).max(65_535),
  security: z.enum(mailSecurities).default('starttls'),
  user: z
    .string()
    .max(320)
    .regex(/^[^\p{Cc}]*$/u, 'must be one line')
    .default(''),
});

export const slackMentions = ['nobody', 'here', 'channel'] as const;
/** Whom a critical alert calls by name. */
const mention = z.enum(slackMentions).default('nobody');

export const pagerDutyAddresses = {
  us: 'https://events.pagerduty.com/v2/enqueue',
  eu: 'https://events.eu.pagerduty.com/v2/enqueue',
} as const;

/** A secret that is left out stays as it is. Where it goes cannot be changed without giving it again. */
const settingsRequest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('email'),
    recipients: z.array(address).min(1).max(RECIPIENTS_MAX),
    /** Null: the mail server of the whole product. */
    server: mailServer.extend({ password: secretText.optional() }).nullable().default(null),
    /** Null: who mail of the whole product is from. */
    from: address.nullable().default(null),
  }),
  z.object({ kind: z.literal('slack'), url: httpUrl.optional(), mention }),
  z.object({ kind: z.literal('teams'), url: httpUrl.optional() }),
  z.object({
    kind: z.literal('pagerduty'),
    routingKey: z
      .string()
      .regex(/^[A-Za-z0-9]{32}$/, 'must be the 32 letters and digits of an Events API v2 integration')
      .optional(),
    url: httpUrl.default(pagerDutyAddresses.us),
  }),
  z.object({
    kind: z.literal('webhook'),
    url: httpUrl.optional(),
    /** Value of the header `Authorization`; null: none any more. */
    authorization: secretText.nullable().optional(),
  }),
]);

export const alertChannelRequest = z.object({
  id: channelId,
  /** 0 makes a new one; else the version this change was made from. */
  version: z.int().min(0).default(0),
  name: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .regex(/^[^\p{Cc}]*$/u, 'must be one line'),
  /** Off: nothing is sent, and what was to be sent says so. */
  on: z.boolean().default(true),
  settings: settingsRequest,
});
export type AlertChannelRequest = z.output<typeof alertChannelRequest>;
export type AlertChannelRequestInput = z.input<typeof alertChannelRequest>;

export const alertChannelSettings = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('email'),
    recipients: z.array(z.string()),
    server: mailServer.extend({ hasPassword: z.boolean() }).nullable(),
    from: z.string().nullable(),
  }),
  z.object({ kind: z.literal('slack'), mention: z.enum(slackMentions) }),
  z.object({ kind: z.literal('teams') }),
  z.object({ kind: z.literal('pagerduty'), url: z.string() }),
  z.object({
    kind: z.literal('webhook'),
    hasAuthorization: z.boolean(),
    /** What signs at present, newest first; `endsAt` null: until it is rotated. */
    secrets: z.array(z.object({ since: time, endsAt: time.nullable() })),
  }),
]);
export type AlertChannelSettings = z.output<typeof alertChannelSettings>;

export const alertChannel = z.object({
  id: z.string(),
  version: z.int(),
  name: z.string(),
  kind: z.enum(alertChannelKinds),
  on: z.boolean(),
  /** For people: the host, or how many get mail. */
  target: z.string(),
  changedAt: time,
  changedBy: z.string(),
  /** When a secret of it was last given or made. */
  secretSince: time.nullable(),
  lastTest: z.object({ at: time, delivered: z.boolean(), words: z.string() }).nullable(),
  /** Null for those who may not manage channels. */
  settings: alertChannelSettings.nullable(),
});
export type AlertChannel = z.output<typeof alertChannel>;

export const alertChannelList = z.object({
  items: z.array(alertChannel),
  /** Null: no mail server is configured, and only channels with one of their own send mail. */
  mailFrom: z.string().nullable(),
  /** Targets in private networks that the operator of the server allowed; null for those who may not manage channels. */
  allowedTargets: z.array(z.string()).nullable(),
});
export type AlertChannelList = z.output<typeof alertChannelList>;

/** `secret`: what signs calls of a webhook, when it was made now. It is in this answer and nowhere else. */
export const alertChannelSaved = z.object({ channel: alertChannel, secret: z.string().nullable() });
export type AlertChannelSaved = z.output<typeof alertChannelSaved>;

export const secretRotation = z.object({
  /** How long both sign. */
  oldWorksForHours: z.number().min(0).max(OLD_SECRET_HOURS_MAX).default(24),
});

export const alertChannelTested = z.object({
  delivered: z.boolean(),
  /** What the receiver calls it, where it says so. */
  reference: z.string(),
  /** Words of the receiver, or why it was not delivered. */
  words: z.string(),
  /** It would be refused again: something must be changed first. */
  final: z.boolean(),
  tookMs: z.int(),
});
export type AlertChannelTested = z.output<typeof alertChannelTested>;

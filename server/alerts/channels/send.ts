/** Sends a message by the settings of a channel, through the guard; what comes back carries no secret. */

import { type AllowedTargets, readAllowedTargets } from '../../outbound/allowed-targets.ts';
import { connectTo } from '../../outbound/connect.ts';
import { NotSendable, openGuard } from '../../outbound/guard.ts';
import type { Lookup } from '../../outbound/lookup.ts';
import { openPost } from '../../outbound/post.ts';
import { type MailServer, mailServerOf, NotSent, openSendMail } from '../../reports/send-mail.ts';
import type { AlertMessage } from '../message.ts';
import { deliveredOf, type Receiver } from './answers.ts';
import { type Delivered, NotDelivered } from './channel.ts';
import { type EmailSettings, mailOf } from './email.ts';
import { pagerDutyEventsOf } from './pagerduty.ts';
import { type ChannelSettings, secretsOf } from './settings.ts';
import { slackMessageOf } from './slack.ts';
import { teamsMessageOf } from './teams.ts';
import { signatureHeaders, webhookBodyOf } from './webhook.ts';
import { withoutSecrets } from './without-secrets.ts';

export type SendingDeps = {
  config: { smtpUrl: string; mailFrom: string; publicUrl: string; allowedTargets: readonly string[] };
  now: () => number;
  /** In place of the machine's own way to look names up. */
  lookup?: Lookup;
  /** Certificates to trust besides those of the machine. */
  ca?: string;
  /** How long one request may take, in ms. */
  takesMsMax?: number;
};
export type SendTo = (settings: ChannelSettings, message: AlertMessage, signal: AbortSignal) => Promise<Delivered>;

/** Greeting, signing in and handing over, however slowly the server speaks. */
const MAIL_TAKES_MS_MAX = 45_000;
const WORDS_MAX = 300;

export function openSending({ config, now, lookup, ca, takesMsMax }: SendingDeps): SendTo {
  const trusted = ca === undefined ? {} : { ca };
  const guardOf = (allowed: AllowedTargets) => openGuard({ allowed, ...(lookup === undefined ? {} : { lookup }) });
  const allowed = readAllowedTargets(config.allowedTargets);
  const guard = guardOf(allowed);
  const limit = takesMsMax === undefined ? {} : { takesMsMax };
  const post = openPost({ guard, now, ...limit, ...trusted });
  const own = config.smtpUrl === '' ? null : mailServerOf(config.smtpUrl);
  // Who named the mail server of the whole product allowed it.
  const ownGuard = own === null ? guard : guardOf([...allowed, ...readAllowedTargets([placeOf(own)])]);

  return async (settings, message, signal) => {
    try {
      return await send(settings, message, signal);
    } catch (error) {
      if (error instanceof NotDelivered) throw error;
      if (!(error instanceof NotSendable || error instanceof NotSent)) throw error;
      const words = withoutSecrets(error.message, secretsOf(settings)).slice(0, WORDS_MAX);
      throw new NotDelivered(words, { final: error.final });
    }
  };

  function send(settings: ChannelSettings, message: AlertMessage, signal: AbortSignal): Promise<Delivered> {
    const secrets = secretsOf(settings);
    const postTo = async (to: Receiver, url: string, body: string, headers: Record<string, string> = {}) => {
      const answer = await post({ url, headers: { 'Content-Type': 'application/json', ...headers }, body }, signal);
      return deliveredOf(to, answer, withoutSecrets(answer.text, secrets));
    };
    switch (settings.kind) {
      case 'email':
        return mailTo(settings, message, signal);
      case 'slack':
        return postTo('slack', settings.url, JSON.stringify(slackMessageOf(message, settings)));
      case 'teams':
        return postTo('teams', settings.url, JSON.stringify(teamsMessageOf(message)));
      case 'pagerduty':
        return page(pagerDutyEventsOf(message, settings.routingKey), (event) =>
          postTo('pagerduty', settings.url, JSON.stringify(event)),
        );
      case 'webhook': {
        const body = webhookBodyOf(message);
        const signed = signatureHeaders({ id: message.id, body }, settings.secrets, now());
        const { authorization } = settings;
        const headers = authorization === null ? signed : { ...signed, Authorization: authorization };
        return postTo('webhook', settings.url, body, headers);
      }
    }
  }

  async function mailTo({ recipients, server, from }: EmailSettings, message: AlertMessage, stopping: AbortSignal) {
    const to = server ?? own;
    if (to === null)
      throw new NotDelivered('No mail server is configured: give the channel one, or start with --smtp-url.', {
        final: true,
      });
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(takesMsMax ?? MAIL_TAKES_MS_MAX)]);
    const { host, port, security } = to;
    const asked = { host, port, inTheClear: security === 'none' };
    const open = (until: AbortSignal) => connectTo(server === null ? ownGuard : guard, asked, until);
    const deliver = openSendMail({ server: to, from: from ?? config.mailFrom, open, ...trusted });
    const mail = mailOf(message, new URL(config.publicUrl).hostname);
    const { rejected, answer } = await deliver({ ...mail, to: recipients, signal });
    const refused = rejected.length === 0 ? '' : `; not taken for ${rejected.join(', ')}`;
    const words = withoutSecrets(`${answer}${refused}`, secretsOf({ kind: 'email', recipients, from, server: to }));
    return { reference: mail.messageId, answer: words.slice(0, WORDS_MAX) };
  }
}

/** One after the other: what is said again when a later one fails is the same incident. */
async function page<Event extends { dedup_key: string }>(
  events: readonly Event[],
  post: (event: Event) => Promise<Delivered>,
): Promise<Delivered> {
  let last: Delivered = { reference: '', answer: 'nothing to say' };
  for (const event of events) last = { ...(await post(event)), reference: event.dedup_key };
  return last;
}

const placeOf = ({ host, port }: MailServer): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

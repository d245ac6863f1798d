/** Channels of alerts: set up, tried, rotated and removed by admins; told by whoever delivers. */
import type { Keys } from '../../../streams/processing/keys.ts';
import type { Redis } from '../../../streams/processing/redis.ts';
import type { Audit } from '../../access/audit.ts';
import {
  ALERT_CHANNELS_MAX,
  type AlertChannelKind,
  type AlertChannelList,
  type AlertChannelRequest,
  type AlertChannelSaved,
  type AlertChannelTested,
} from '../../http/contract/alert-channels.ts';
import type { AlertMessage } from '../message.ts';
import { type Deliver, type Delivered, NotDelivered } from './channel.ts';
import { openKeptChannels } from './kept-channels.ts';
import { openSending, type SendingDeps } from './send.ts';
import { type KeptChannel, type LastTest, type Missing, settingsAfter, targetOf, viewOf } from './settings.ts';
import { rotated } from './webhook.ts';

export type ChannelRefusal = 'absent' | 'overtaken' | 'too-many' | 'signs-nothing';
export type AlertChannels = ReturnType<typeof openAlertChannels>;

const HOUR_MS = 3_600_000;
const TEST_MS_MAX = 30_000;

/** Whether a receiver calls others by itself, and must hear that somebody has taken it on. */
export const hearsAcknowledgement = (kind: AlertChannelKind): boolean => kind === 'pagerduty' || kind === 'webhook';

export function openAlertChannels(deps: SendingDeps & { redis: Redis; keys: Keys; audit: Audit }) {
  const { redis, keys, audit, config, now } = deps;
  const kept = openKeptChannels(redis, keys);
  const sendTo = openSending(deps);

  async function list(manages: boolean): Promise<AlertChannelList> {
    const items = (await kept.all()).map(({ channel, lastTest }) => viewOf(channel, lastTest, now(), manages));
    const mailFrom = config.smtpUrl === '' ? null : config.mailFrom;
    return { items, mailFrom, allowedTargets: manages ? [...config.allowedTargets] : null };
  }

  async function save(request: AlertChannelRequest, by: string): Promise<AlertChannelSaved | ChannelRefusal | Missing> {
    const { id, version, name, on } = request;
    const known = await kept.find(id);
    if (known === null && version > 0) return 'absent';
    if ((known?.version ?? 0) !== version) return 'overtaken';
    if (known === null && (await kept.all()).length >= ALERT_CHANNELS_MAX) return 'too-many';
    const changed = settingsAfter(request.settings, known?.settings ?? null, now());
    if ('path' in changed) return changed;
    const { settings, secretGiven, secret } = changed;
    const secretSince = secretGiven ? now() : known?.settings.kind === settings.kind ? known.secretSince : null;
    const channel = { id, version: version + 1, name, on, changedAt: now(), changedBy: by, secretSince, settings };
    const about = { id, name, kind: settings.kind, target: targetOf(settings), on: on ? 'yes' : 'no' };
    await audit.record(by, 'alert-channel.saved', { ...about, secret: secretGiven ? 'new' : 'kept' });
    return (await kept.keep(channel, version)) ? shown(channel, secret) : 'overtaken';
  }

  const shown = async (channel: KeptChannel, secret: string | null): Promise<AlertChannelSaved> => ({
    channel: viewOf(channel, await kept.lastTestOf(channel.id), now(), true),
    secret,
  });

  /** Another secret signs from now on, and the ones before it for a while beside it. */
  async function rotate(id: string, oldWorksForHours: number, by: string): Promise<AlertChannelSaved | ChannelRefusal> {
    const known = await kept.find(id);
    if (known === null) return 'absent';
    const { settings } = known;
    if (settings.kind !== 'webhook') return 'signs-nothing';
    const secrets = rotated(settings.secrets, now(), oldWorksForHours * HOUR_MS);
    const channel: KeptChannel = {
      ...known,
      version: known.version + 1,
      changedAt: now(),
      changedBy: by,
      secretSince: now(),
      settings: { ...settings, secrets },
    };
    await audit.record(by, 'alert-channel.secret-rotated', { id, oldWorksForHours });
    return (await kept.keep(channel, known.version)) ? shown(channel, secrets[0]!.value) : 'overtaken';
  }

  async function remove(id: string, by: string): Promise<boolean> {
    const known = await kept.find(id);
    if (known === null) return false;
    await audit.record(by, 'alert-channel.removed', { id, name: known.name });
    await kept.remove(id);
    return true;
  }

  /** Also of one that is off: it is tried before it is switched on. */
  async function test(
    id: string,
    by: string,
    where: Pick<AlertMessage, 'workspace' | 'timeZone'>,
  ): Promise<AlertChannelTested | null> {
    const known = await kept.find(id);
    if (known === null) return null;
    await audit.record(by, 'alert-channel.tested', { id, name: known.name });
    const at = now();
    const message: AlertMessage = {
      ...where,
      id: `test-${id}-${at}`,
      kind: 'test',
      at,
      items: [],
      count: 0,
      note: `Asked for by ${by}`,
    };
    const begun = performance.now();
    const result = await tried(known, message);
    const tookMs = Math.round(performance.now() - begun);
    const lastTest: LastTest = { at, delivered: result.delivered, words: result.words };
    await kept.keepTest(id, lastTest);
    return { ...result, tookMs };
  }

  async function tried({ settings }: KeptChannel, message: AlertMessage) {
    try {
      const { reference, answer } = await sendTo(settings, message, AbortSignal.timeout(TEST_MS_MAX));
      return { delivered: true, reference, words: answer, final: false };
    } catch (error) {
      if (!(error instanceof NotDelivered)) throw error;
      return { delivered: false, reference: '', words: error.message, final: error.final };
    }
  }

  /** @throws NotDelivered */
  async function deliver(id: string, message: AlertMessage, signal: AbortSignal): Promise<Delivered> {
    const known = await kept.find(id);
    if (known === null) throw new NotDelivered(`There is no channel "${id}".`, { final: true });
    if (!known.on) throw new NotDelivered(`The channel "${known.name}" is switched off.`, { final: true });
    return sendTo(known.settings, message, signal);
  }

  /** By the mail server of the whole product. */
  const deliverMail =
    (recipients: readonly string[]): Deliver =>
    (message, signal) =>
      sendTo({ kind: 'email', recipients, server: null, from: null }, message, signal);

  return { list, save, rotate, remove, test, deliver, deliverMail };
}

/** Any webhook, signed by Standard Webhooks (standardwebhooks.com), so that receivers verify it with a library. */
import { createHmac, randomBytes } from 'node:crypto';
import type { AlertMessage } from '../message.ts';
import { kindOf } from './words.ts';

export type SigningSecret = {
  /** `whsec_` and the key in base64. */
  value: string;
  since: number;
  /** Epoch ms; null: until it is rotated. */
  endsAt: number | null;
};
export type WebhookSettings = {
  kind: 'webhook';
  url: string;
  authorization: string | null;
  /** Newest first. */
  secrets: readonly SigningSecret[];
};

const SECRET_BYTES = 32;
/** Of one channel; the oldest goes. */
export const SECRETS_MAX = 3;

export const newSigningSecret = (now: number): SigningSecret => ({
  value: `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
  since: now,
  endsAt: null,
});

export const liveSecrets = (secrets: readonly SigningSecret[], now: number): SigningSecret[] =>
  secrets.filter(({ endsAt }) => endsAt === null || endsAt > now);

/** A new one; those before it sign on beside it for a while. */
export function rotated(secrets: readonly SigningSecret[], now: number, oldWorksForMs: number): SigningSecret[] {
  const end = now + oldWorksForMs;
  const older = liveSecrets(secrets, now).map((one) => ({ ...one, endsAt: Math.min(one.endsAt ?? end, end) }));
  return liveSecrets([newSigningSecret(now), ...older], now).slice(0, SECRETS_MAX);
}

export function webhookBodyOf(message: AlertMessage): string {
  const { id, kind, at, workspace, timeZone, items, count, note } = message;
  const data = {
    id,
    kind,
    workspace,
    timeZone,
    note,
    count,
    items: items.map((item) => ({ ...item, kind: kindOf(message, item) })),
  };
  return JSON.stringify({ type: `alert.${kind}`, timestamp: new Date(at).toISOString(), data });
}

/**
 * The headers of one try: the id stays the same over all tries, the time is that of this one.
 * @param now epoch ms
 */
export function signatureHeaders(
  { id, body }: { id: string; body: string },
  secrets: readonly SigningSecret[],
  now: number,
): Record<string, string> {
  // A full stop separates what is signed.
  const webhookId = id.replaceAll(/[^\w-]/g, '-');
  const seconds = Math.floor(now / 1_000);
  const signatures = liveSecrets(secrets, now).map(({ value }) => {
    const key = Buffer.from(value.slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${webhookId}.${seconds}.${body}`).digest('base64')}`;
  });
  return {
    'Webhook-Id': webhookId,
    'Webhook-Timestamp': String(seconds),
    'Webhook-Signature': signatures.join(' '),
  };
}

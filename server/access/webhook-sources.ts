/** How each webhook source is set up: its connector, what it maps to, and the secrets that sign its calls. */
import type { Settings } from '../../streams/connectors/connector.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

/** During a rotation the old secret stays valid beside the new one. */
export const LIVE_SECRETS_MAX = 3;

export type WebhookSource = { source: string; connector: string; secrets: string[]; settings: Settings };
export type WebhookSources = ReturnType<typeof openWebhookSources>;

export function openWebhookSources(redis: Redis, keys: Keys) {
  const all = keys.access('webhooks');

  async function find(source: string): Promise<WebhookSource | undefined> {
    const text = await redis.hGet(all, source);
    return text === null ? undefined : (JSON.parse(text) as WebhookSource);
  }

  /** Adds a secret, the newest first; the oldest beyond the bound stops working. */
  async function addSecret(input: { source: string; connector: string; secret: string; settings?: Settings }) {
    const known = await find(input.source);
    const secrets = [input.secret, ...(known?.secrets ?? []).filter((one) => one !== input.secret)];
    const { source, connector } = input;
    const settings = { ...known?.settings, ...input.settings };
    const stored: WebhookSource = { source, connector, settings, secrets: secrets.slice(0, LIVE_SECRETS_MAX) };
    await redis.hSet(all, source, JSON.stringify(stored));
  }

  async function list(): Promise<WebhookSource[]> {
    const stored = Object.values(await redis.hGetAll(all)).map((text) => JSON.parse(text) as WebhookSource);
    return stored.sort((a, b) => (a.source < b.source ? -1 : 1));
  }

  /** Ends every secret but the newest: the end of a rotation. */
  async function keepNewest(source: string): Promise<boolean> {
    const known = await find(source);
    if (known === undefined) return false;
    await redis.hSet(all, source, JSON.stringify({ ...known, secrets: known.secrets.slice(0, 1) }));
    return true;
  }

  const remove = async (source: string) => (await redis.hDel(all, source)) > 0;
  const settingsOf = async (source: string) => (await find(source))?.settings;
  return { find, list, addSecret, keepNewest, remove, settingsOf };
}

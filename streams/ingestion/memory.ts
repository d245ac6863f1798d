/** What connectors remember from one delivery to the next, such as which SKU an inventory item is. */
import type { Connector, Memory } from '../connectors/connector.ts';
import type { Keys } from '../processing/keys.ts';
import type { Redis } from '../processing/redis.ts';
import type { WebhookJob } from './deliveries.ts';
import { readJson } from './lossless-json.ts';
import { webhookBody } from './understand-delivery.ts';

const SECONDS_PER_DAY = 86_400;

/** Fetches what understanding this delivery needs, in one round trip. */
export async function recall(
  redis: Redis,
  keys: Keys,
  job: WebhookJob,
  connector: Connector | undefined,
): Promise<(name: string) => string | undefined> {
  const body = readJson(webhookBody(job));
  const names = connector === undefined || 'problem' in body ? [] : connector.recalls(job.topic, body.value);
  if (names.length === 0) return () => undefined;
  const values = await redis.mGet(names.map((name) => keys.connectorMemory(job.source, name)));
  const memories = new Map(names.map((name, index) => [name, values[index] ?? undefined]));
  return (name) => memories.get(name);
}

export async function remember(redis: Redis, keys: Keys, source: string, memories: Memory[]): Promise<void> {
  if (memories.length === 0) return;
  const transaction = redis.multi();
  for (const { name, value, days } of memories) {
    const key = keys.connectorMemory(source, name);
    if (days === undefined) transaction.set(key, value);
    else transaction.set(key, value, { expiration: { type: 'EX', value: days * SECONDS_PER_DAY } });
  }
  await transaction.exec();
}

/** How events come in: by CloudEvents with a key, or by a webhook with a signature. */
import { z } from 'zod';
import { findConnector } from '../../../streams/connectors/index.ts';
import { understandCloudEvent } from '../../../streams/events/envelope.ts';
import {
  type DeliveryJob,
  EVENTS_PER_JOB_MAX,
  newDeliveryId,
  type WebhookJob,
} from '../../../streams/ingestion/deliveries.ts';
import { type Item, readItems } from '../../../streams/ingestion/lossless-json.ts';
import { whyNotFrom } from '../../../streams/ingestion/understand-delivery.ts';
import { type Accepted, accepted } from '../contract.ts';
import { Refusal, unavailable } from '../problems.ts';
import { type Call, type HandlerDeps, route } from '../route.ts';
import { headersToKeep } from './headers-to-keep.ts';

export const EVENTS_PER_REQUEST_MAX = 10_000;
export const BODY_BYTES_MAX = 10 * 1024 * 1024;
const WEBHOOK_BYTES_MAX = 5 * 1024 * 1024;
const REJECTED_SHOWN_MAX = 1_000;
/** When Redis has not confirmed by then, the sender is told to repeat; identity makes that harmless. */
const STORE_MS_MAX = 5_000;

const jsonTypes = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json'];
export const lineTypes = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];
export const ingestionRoutes = [
  route({
    method: 'post',
    path: '/v1/events',
    summary: 'Send CloudEvents: one, an array, or one per line. Wrong items are named; the others are kept.',
    ability: 'write-events',
    rawBodyBytesMax: BODY_BYTES_MAX,
    rawBodyTypes: [...jsonTypes, ...lineTypes],
    status: 202,
    answer: accepted,
    handle: (deps, call) => takeEvents(deps, call, call.principal!.source ?? ''),
  }),
  route({
    method: 'post',
    path: '/v1/webhooks/:source',
    summary: "A webhook call, signed over its raw body with one of the source's secrets.",
    ability: 'anyone',
    rawBodyBytesMax: WEBHOOK_BYTES_MAX,
    rawBodyTypes: ['application/json'],
    status: 200,
    answer: z.object({ delivery: z.string() }),
    handle: receiveWebhook,
  }),
];

/** @param writes the source the caller may write, or `*` */
export async function takeEvents(deps: HandlerDeps, call: Call<unknown, unknown>, writes: string): Promise<Accepted> {
  const principal = call.principal!;
  const bytes = call.body as Buffer;
  const receivedAt = deps.now();
  await deps.admission.spendBytes(principal.id, bytes.length);
  const items = readRequest(bytes, call.request.headers['content-type'] ?? '');
  const spending = deps.admission.spendEvents(principal.id, items.length);
  // Awaited below; a refusal must not count as unhandled while the items are looked at.
  spending.catch(() => undefined);
  const { lines, times, rejected, wrong } = understandItems(items, writes, receivedAt);
  await spending;
  deps.metrics.events.inc({ outcome: 'rejected' }, rejected.length);
  const shown = rejected.slice(0, REJECTED_SHOWN_MAX);
  if (lines.length === 0) {
    throw new Refusal(422, {
      title: 'No event could be accepted',
      detail: items.length === 0 ? 'The batch is empty.' : `All ${items.length} items are wrong. Nothing was kept.`,
      errors: shown.map(({ index, id, problem }) => ({ path: String(index), message: `${id ?? 'no id'}: ${problem}` })),
      rejected: shown,
    });
  }
  const arrival = {
    deliveryId: newDeliveryId(receivedAt),
    source: writes === '*' ? firstSource(items) : writes,
    receivedAt,
    headers: headersToKeep(call.request.headers),
  };
  const jobs: DeliveryJob[] = [];
  for (let start = 0; start < lines.length; start += EVENTS_PER_JOB_MAX) {
    const part = lines.slice(start, start + EVENTS_PER_JOB_MAX);
    let oldestAt = receivedAt;
    for (let at = start; at < start + part.length; at++) oldestAt = Math.min(oldestAt, times[at]!);
    jobs.push({ ...arrival, kind: 'events', lines: part.join('\n'), count: part.length, oldestAt });
  }
  if (wrong.length > 0) {
    const first = rejected[0]!;
    const reason = `${wrong.length} of ${items.length} items are wrong; item ${first.index}: ${first.problem}`;
    jobs.push({
      ...arrival,
      kind: 'refused',
      lines: wrong.join('\n'),
      count: wrong.length,
      reason,
      writes,
    });
  }
  await store(deps, jobs);
  deps.metrics.events.inc({ outcome: 'accepted' }, lines.length);
  const truncated = shown.length < rejected.length ? { rejectedTruncated: true } : {};
  return { delivery: arrival.deliveryId, accepted: lines.length, rejected: shown, ...truncated };
}

function readRequest(bytes: Buffer, contentType: string): Item[] {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  const form = lineTypes.includes(type) ? 'lines' : jsonTypes.includes(type) ? 'json' : undefined;
  if (form === undefined) {
    const detail = `"${type}" is not a content type we read.`;
    throw new Refusal(415, {
      title: 'Unsupported content type',
      detail,
      remedy: `Use ${jsonTypes.join(', ')} or ${lineTypes[0]}.`,
    });
  }
  const items = readItems(bytes, form);
  if ('problem' in items) throw new Refusal(400, { title: 'Malformed body', detail: `The body ${items.problem}.` });
  if (items.value.length > EVENTS_PER_REQUEST_MAX) {
    throw new Refusal(413, {
      title: 'Too many events',
      detail: `${items.value.length} events in one request; at most ${EVENTS_PER_REQUEST_MAX} are allowed. Nothing was kept.`,
      remedy: 'Split the batch.',
    });
  }
  return items.value;
}

/** Events as lines for the log with their times, and what was wrong: for the answer and, as it came, for a dead letter. */
function understandItems(items: Item[], keySource: string, receivedAt: number) {
  const lines: string[] = [];
  const times: number[] = [];
  const rejected: Accepted['rejected'] = [];
  const wrong: string[] = [];
  items.forEach((item, index) => {
    const understood = 'value' in item ? understandCloudEvent(item.value, receivedAt) : item;
    const problem = 'event' in understood ? whyNotFrom(understood.event, keySource) : understood.problem;
    if (problem === undefined && 'event' in understood) {
      lines.push(JSON.stringify(understood.event));
      times.push(understood.event.occurredAt);
      return;
    }
    rejected.push({ index, id: 'value' in item ? idOf(item.value) : null, problem: problem ?? '' });
    wrong.push('value' in item ? JSON.stringify(item.value) : item.raw);
  });
  return { lines, times, rejected, wrong };
}

const ID_SHOWN_MAX = 200;

function idOf(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  return typeof id === 'string' ? id.slice(0, ID_SHOWN_MAX) : null;
}

function firstSource(items: Item[]): string {
  for (const item of items) {
    const source = 'value' in item ? (item.value as { source?: unknown } | null)?.source : undefined;
    if (typeof source === 'string' && /^[^|\p{Cc}\p{Cs}]{1,200}$/u.test(source)) return source;
  }
  return 'unknown';
}

async function receiveWebhook(deps: HandlerDeps, call: Call<unknown, unknown>): Promise<{ delivery: string }> {
  const bytes = call.body as Buffer;
  const { headers } = call.request;
  const receivedAt = deps.now();
  const source = await deps.access.webhookSource(call.params.source ?? '');
  const connector = source === undefined ? undefined : findConnector(source.connector);
  // One answer for an unknown source and a wrong signature: nobody learns which sources there are.
  if (source === undefined || connector === undefined || !connector.verify(bytes, headers, source.secrets)) {
    throw new Refusal(401, { title: 'Not signed', detail: 'The signature does not fit the body and this source.' });
  }
  await deps.admission.spendBytes(`webhook:${source.source}`, bytes.length);
  const text = bytes.toString('utf8');
  const base64 = !Buffer.from(text, 'utf8').equals(bytes);
  const job: WebhookJob = {
    kind: 'webhook',
    deliveryId: newDeliveryId(receivedAt),
    source: source.source,
    receivedAt,
    headers: headersToKeep(headers),
    connector: connector.name,
    topic: (connector.topicOf(headers) ?? '').slice(0, ID_SHOWN_MAX),
    body: base64 ? bytes.toString('base64') : text,
    base64,
  };
  await store(deps, [job]);
  return { delivery: job.deliveryId };
}

/** Returns once Redis has confirmed; otherwise nothing is acknowledged. */
async function store(deps: HandlerDeps, jobs: DeliveryJob[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), STORE_MS_MAX);
  });
  try {
    await Promise.race([deps.deliveries.store(jobs), late]);
  } catch (error) {
    deps.logger.error({ reason: (error as Error).message }, 'a delivery could not be stored and was refused');
    throw unavailable('The delivery could not be stored. It was not acknowledged.', 2);
  } finally {
    clearTimeout(timer);
  }
}

/** Sends batches of events to POST /v1/events as anybody would, patiently: the same ids may be sent again at will. */
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { accepted as acceptedAnswer, problem as problemAnswer } from '../http/contract.ts';
import type { SentEvent } from './outbox.ts';

export const BATCH_EVENTS_MAX = 1_000;
const REQUEST_TIMEOUT_MS = 30_000;
const BACKOFF_FIRST_MS = 250;
const BACKOFF_MAX_MS = 15_000;
/** Without a single answer for this long we give up. */
const PATIENCE_MS = 15 * 60_000;
const RETRY_AFTER_MAX_MS = 60_000;

/** The server refuses in a way that waiting does not cure, or has not answered for PATIENCE_MS. */
export class SendingFailed extends Error {
  override name = 'SendingFailed';
}

export type Sent = { accepted: number; rejected: { id: string | null; problem: string }[]; retries: number };
export type SendOptions = {
  url: string;
  key: string;
  signal: AbortSignal;
  onRetry: (reason: string, waitMs: number) => void;
};

/** Resolves when the server has accepted the batch. Throws SendingFailed, or AbortError when the signal fires while waiting. */
export async function sendEvents(events: SentEvent[], { url, key, signal, onRetry }: SendOptions): Promise<Sent> {
  const lines = events.map((event) => JSON.stringify(event)).join('\n');
  const body = await promisify(gzip)(lines, { level: 1 });
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let retries = 0; ; retries++) {
    const answer = await post(new URL('/v1/events', url), key, body);
    if ('accepted' in answer) return { ...answer, retries };
    if (!answer.retry) throw new SendingFailed(answer.reason);
    if (performance.now() > giveUpAt) throw new SendingFailed(`${answer.reason}; gave up after 15 minutes`);
    const backOff = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(retries, 10)) * (0.5 + Math.random() / 2);
    const waitMs = Math.round(answer.retryAfterMs ?? backOff);
    onRetry(answer.reason, waitMs);
    await pause(waitMs, undefined, { signal });
  }
}

type Answer =
  | { accepted: number; rejected: Sent['rejected'] }
  | { retry: boolean; reason: string; retryAfterMs?: number };

/** A request that has begun is not cut off by Ctrl-C: it ends within its own time limit. */
async function post(url: URL, key: string, body: Uint8Array<ArrayBuffer>): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/x-ndjson',
    'content-encoding': 'gzip',
    'user-agent': 'tideline-simulate',
  };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) {
      const { accepted, rejected } = acceptedAnswer.parse(JSON.parse(text));
      return { accepted, rejected };
    }
    const retry = response.status === 408 || response.status === 429 || response.status >= 500;
    const reason = `${url.origin} answered ${response.status}: ${detailOf(text)}`;
    return { retry, reason, retryAfterMs: retryAfterOf(response.headers.get('retry-after')) };
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError')) {
      return { retry: false, reason: `${url.origin} does not answer like Tideline; is the address right?` };
    }
    const cause =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    return { retry: true, reason: `${url.origin} cannot be reached (${cause || 'no answer'})` };
  }
}

function detailOf(text: string): string {
  try {
    const { title, detail, remedy } = problemAnswer.parse(JSON.parse(text));
    return [title, detail, remedy].filter((part) => part !== undefined).join('. ');
  } catch {
    return text.slice(0, 200) || 'no explanation';
  }
}

/** Seconds or an HTTP date, as milliseconds from now. */
function retryAfterOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.min(RETRY_AFTER_MAX_MS, Math.max(BACKOFF_FIRST_MS, ms)) : undefined;
}

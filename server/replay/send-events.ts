/** Posts events to the HTTP interface and waits as long as the server asks. Sending a batch again is harmless. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MappedEvent } from './map-rows.ts';

export const BATCH_EVENTS_MAX = 1_000;
export const BATCH_BYTES_MAX = 4_000_000;
const ANSWER_TIMEOUT_MS = 60_000;
const PAUSE_FIRST_MS = 250;
const PAUSE_MAX_MS = 30_000;
/** How long one batch may be refused before we give up. */
const PATIENCE_MS = 10 * 60_000;

export type Refused = { index: number; problem: string };
export type Sent = { accepted: number; refused: Refused[] };
/** The server cannot be reached, or will not take anything from us. The message says what to do. */
export class SendingFailed extends Error {}

export type Target = { url: string; key: string; signal: AbortSignal };

export function createSender({ url, key, signal }: Target) {
  const endpoint = new URL('/v1/events', url);
  const headers = { 'content-type': 'application/x-ndjson', authorization: `Bearer ${key}` };

  /** @throws SendingFailed; AbortError when the signal fires */
  return async function send(events: readonly MappedEvent[]): Promise<Sent> {
    const body = `${events.map(({ event }) => JSON.stringify(event)).join('\n')}\n`;
    let waitedMs = 0;
    for (let attempt = 0; ; attempt++) {
      const answer = await post(endpoint, headers, body, signal);
      if (answer.kind === 'taken') return answer.sent;
      const pause =
        answer.retryAfterMs ?? Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
      waitedMs += pause;
      if (waitedMs > PATIENCE_MS)
        throw new SendingFailed(`${answer.why}; gave up after ${Math.round(PATIENCE_MS / 60_000)} minutes`);
      if (answer.unreachable && attempt >= 5)
        throw new SendingFailed(`${answer.why}. Is Tideline running? Give its address with --url`);
      await sleep(Math.min(pause, PAUSE_MAX_MS), undefined, { signal });
    }
  };
}

type Answer =
  | { kind: 'taken'; sent: Sent }
  | { kind: 'later'; why: string; retryAfterMs: number | null; unreachable: boolean };

async function post(
  endpoint: URL,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
    response = await fetch(endpoint, { method: 'POST', headers, body, signal: limit });
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
    return {
      kind: 'later',
      why: `no answer from ${endpoint.origin} (${cause})`,
      retryAfterMs: null,
      unreachable: true,
    };
  }
  const answer = parsed(text);
  const { status } = response;
  const rejected = Array.isArray(answer?.rejected) ? (answer.rejected as Refused[]) : null;
  if (response.ok || (status === 422 && rejected !== null)) {
    return { kind: 'taken', sent: { accepted: Number(answer?.accepted ?? 0), refused: rejected ?? [] } };
  }
  const detail = String(answer?.detail ?? answer?.title ?? text.slice(0, 300));
  if (status === 429 || status >= 500) {
    const retryAfterMs = retryAfter(response.headers.get('retry-after'));
    return { kind: 'later', why: `the server answered ${status} (${detail})`, retryAfterMs, unreachable: false };
  }
  if (status === 401 || status === 403) {
    throw new SendingFailed(
      `the server does not accept the key (${status}: ${detail}). Make one with "keys create" and give it with --key`,
    );
  }
  throw new SendingFailed(`the server refused a batch (${status}: ${detail})`);
}

function parsed(text: string): { [key: string]: unknown } | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Seconds or an HTTP date -> ms from now. */
export function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** The life of one message to one target: waiting, tried at growing distances, taken or given up. Pure; times are epoch ms. */
import { type Severity, severities } from '../../../streams/events/exception-words.ts';
import type { Delivery } from '../../http/contract/alerts.ts';
import type { AlertMessage, ItemKind } from '../message.ts';
import type { NewMessage } from '../telling/who-is-told.ts';

/** As it is kept: with its number, which says its place in the line, and with what is sent. */
export type KeptDelivery = Delivery & { seq: number; message: AlertMessage };

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** Between two tries; after the last one it goes on at that distance. */
export const RETRY_AFTER_MS = [10, 30, 60, 120, 300, 600, 900].map((seconds) => seconds * SECOND_MS);
/** A receiver that asks for more patience than this is asked again all the same. */
const RETRY_AFTER_MS_MAX = 60 * MINUTE_MS;
/** Distances differ by up to this share, so that those who failed together do not come back together. */
const JITTER_SHARE = 0.2;
/** What has not been taken for so long has failed. What still stands then can be seen on the page of alerts. */
export const GIVE_UP_AFTER_MS = 24 * 60 * MINUTE_MS;
const TRIES_KEPT = 10;
const EXCEPTIONS_NAMED_MAX = 200;
const WORDS_MAX = 300;

export function newDelivery({ seq, target, message, exceptions }: NewMessage): KeptDelivery {
  const { id, kind, at, items, count, note } = message;
  const worst = Math.min(...items.map(({ severity }) => severities.indexOf(severity)));
  return {
    seq,
    id,
    target,
    kind: kind as ItemKind | 'digest',
    at,
    title: kind === 'digest' ? `${count} exceptions` : (items[0]?.title ?? ''),
    note,
    exceptions: exceptions.slice(0, EXCEPTIONS_NAMED_MAX),
    count,
    severity: severities[worst] as Severity,
    state: 'waiting',
    attempts: 0,
    nextAttemptAt: at,
    endedAt: null,
    tries: [],
    reference: '',
    message,
  };
}

export type Outcome =
  | { delivered: true; reference: string; words: string }
  | { delivered: false; final: boolean; retryAfterMs: number; words: string };

/** @param chance between 0 and 1, for the distance to the next try */
export function afterTry(
  known: KeptDelivery,
  outcome: Outcome,
  { now, tookMs, chance }: { now: number; tookMs: number; chance: number },
): KeptDelivery {
  const { delivered } = outcome;
  const tried = { at: now, tookMs: Math.round(tookMs), words: outcome.words.slice(0, WORDS_MAX), delivered };
  const attempts = known.attempts + 1;
  const after: KeptDelivery = { ...known, attempts, tries: [...known.tries, tried].slice(-TRIES_KEPT) };
  if (outcome.delivered) {
    return { ...after, state: 'delivered', nextAttemptAt: null, endedAt: now, reference: outcome.reference };
  }
  if (outcome.final || now >= known.at + GIVE_UP_AFTER_MS) {
    return { ...after, state: 'failed', nextAttemptAt: null, endedAt: now };
  }
  const distance = RETRY_AFTER_MS[Math.min(attempts, RETRY_AFTER_MS.length) - 1]!;
  const asked = Math.min(outcome.retryAfterMs, RETRY_AFTER_MS_MAX);
  return { ...after, nextAttemptAt: now + Math.round(Math.max(distance * (1 + JITTER_SHARE * chance), asked)) };
}

/** Somebody wants it tried anew. @returns null: it is under way, or was taken */
export function triedAnew(known: KeptDelivery, now: number): KeptDelivery | null {
  if (known.state !== 'failed') return null;
  return { ...known, state: 'waiting', attempts: 0, nextAttemptAt: now, endedAt: null };
}

/** The first in line of each target, where its time has come: an end must never overtake its beginning. */
export function dueFirsts(waiting: Iterable<KeptDelivery>, now: number): KeptDelivery[] {
  const first = new Map<string, KeptDelivery>();
  for (const delivery of waiting) {
    const other = first.get(delivery.target);
    if (other === undefined || delivery.seq < other.seq) first.set(delivery.target, delivery);
  }
  return [...first.values()].filter(({ nextAttemptAt }) => (nextAttemptAt ?? 0) <= now).sort((a, b) => a.seq - b.seq);
}

export function viewOf({ seq: _, message: __, ...delivery }: KeptDelivery): Delivery {
  return delivery;
}

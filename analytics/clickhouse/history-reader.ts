/** Reads events back out of history: all of them in order, or only whether we had them. */
import type { Event } from '../../streams/events/index.ts';
import { loadQuery } from '../sql/load.ts';
import { type HistoryClient, queryRows } from './client.ts';
import { HistoryBroken } from './fact-batch.ts';
import { sqlString } from './sql-text.ts';

export type RecordedEvent = { seq: number; event: Event };

const EVENTS_PER_READ = 5_000;
/** Of quoted text in one question; the engine reads statements of 256 KiB. */
const QUESTION_CHARACTERS_MAX = 80_000;

/** Sequence of the newest event in history, 0 when there is none. */
export async function lastSeqInHistory(history: HistoryClient): Promise<number> {
  const rows = await queryRows<{ seq: number | string }>(history, loadQuery('queries/last-seq'));
  return Number(rows[0]?.seq ?? 0);
}

/**
 * The events from `fromSeq` to `toSeq` (to the newest one when left out), in batches, exactly as they went in.
 * @throws HistoryBroken when one is missing
 */
export async function* readEvents(
  history: HistoryClient,
  { fromSeq = 1, toSeq }: { fromSeq?: number; toSeq?: number } = {},
): AsyncGenerator<RecordedEvent[]> {
  const to = toSeq ?? (await lastSeqInHistory(history));
  let after = fromSeq - 1;
  while (after < to) {
    const params = { after, to, limit: EVENTS_PER_READ };
    const rows = await queryRows<EventRow>(history, loadQuery('queries/events-after'), params);
    const batch = rows.map(recordedEvent);
    const hole = batch.findIndex(({ seq }, index) => seq !== after + 1 + index);
    if (batch.length === 0 || hole >= 0)
      throw new HistoryBroken(`event ${after + 1 + Math.max(0, hole)} is missing from history`);
    yield batch;
    after += batch.length;
  }
}

/** @returns `source|id` of those of the events that are in history */
export async function alreadyInHistory(
  history: HistoryClient,
  events: readonly { source: string; id: string }[],
): Promise<Set<string>> {
  const asked = new Set(events.map(({ source, id }) => `${source}|${id}`));
  const known = new Set<string>();
  for (const { sources, ids } of questionsOf(events)) {
    // In the text and not as parameters: those travel in the address of the request, which is short.
    const sql = loadQuery('queries/identities-known')
      .replaceAll('{sources:Array(String)}', () => `[${sources.join()}]`)
      .replaceAll('{ids:Array(String)}', () => `[${ids.join()}]`);
    for (const { source, id } of await queryRows<{ source: string; id: string }>(history, sql)) {
      const identity = `${source}|${id}`;
      if (asked.has(identity)) known.add(identity);
    }
  }
  return known;
}

type Question = { sources: string[]; ids: string[] };

function questionsOf(events: readonly { source: string; id: string }[]): Question[] {
  const questions: Question[] = [];
  let left = 0;
  for (const event of events) {
    const [source, id] = [sqlString(event.source), sqlString(event.id)];
    left -= source.length + id.length;
    if (left < 0) {
      questions.push({ sources: [], ids: [] });
      left = QUESTION_CHARACTERS_MAX;
    }
    questions.at(-1)!.sources.push(source);
    questions.at(-1)!.ids.push(id);
  }
  return questions;
}

type EventRow = {
  seq: number | string;
  id: string;
  source: string;
  type: string;
  corrects: string;
  data: string;
  occurredAt: number | string;
  observedAt: number | string;
  receivedAt: number | string;
};

/** In the order of fields that events have in the log: states that hold events are compared byte for byte. */
function recordedEvent(row: EventRow): RecordedEvent {
  const { id, source, type, corrects } = row;
  const event = {
    id,
    source,
    type,
    // A server may be set to quote 64-bit numbers.
    occurredAt: Number(row.occurredAt),
    observedAt: Number(row.observedAt),
    receivedAt: Number(row.receivedAt),
    ...(corrects === '' ? {} : { corrects }),
    data: JSON.parse(row.data),
  } as Event;
  return { seq: Number(row.seq), event };
}

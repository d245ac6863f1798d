/** The shell around the mapping: file -> mapper -> batches, paced by business time. Holds one batch in flight. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createMapper, type MappedEvent, type Mapper, type Row } from './map-rows.ts';
import type { Mapping } from './mapping.ts';
import { openRows, type Unreadable } from './read-rows.ts';
import type { Report } from './report.ts';
import { BATCH_BYTES_MAX, BATCH_EVENTS_MAX, type Sent } from './send-events.ts';
import { sortRows } from './sort-rows.ts';
import { createSurvey } from './survey.ts';

/** Events due within this time are sent together. */
const PACE_GRAIN_MS = 100;
/** The file is read ahead of its rows; only the end is the whole. */
const SHARE_BEFORE_END = 0.99;

export type Stage = 'Reading' | 'Checking' | 'Sending';
export type ReplayProgress = (stage: Stage, share: number, counts: { rows: number; events: number }) => void;
export type ReplayRun = {
  file: string;
  mapping: Mapping;
  /** Business seconds per second; Infinity: as fast as the server takes it. */
  speed: number;
  /** Null: only look (`--dry-run`). */
  send: ((events: readonly MappedEvent[]) => Promise<Sent>) | null;
  signal: AbortSignal;
  progress: ReplayProgress;
};
export type ReplayResult = { report: Report; sent: number; accepted: number; interrupted: boolean };

/** @throws when the file cannot be read, lacks columns of the mapping, or the server takes nothing */
export async function runReplay(run: ReplayRun): Promise<ReplayResult> {
  const { mapping, signal } = run;
  const survey = createSurvey(mapping);
  const first = await eachRow(run, 'Reading', {
    mapper: (header) => createMapper(mapping, header, { observe: survey.row }),
    made: async (events) => survey.events(events),
  });
  let [sent, accepted] = [0, 0];
  if (signal.aborted) return { report: first.report(), sent, accepted, interrupted: true };

  let mapper: Mapper | null = null;
  const deliver = createDelivery(run, (events, answer) => {
    sent += events.length;
    accepted += answer.accepted;
    for (const { index, problem } of answer.refused) {
      const event = events[index];
      mapper!.refused(event?.lines ?? [], `${event?.event.type} ${event?.event.id}: ${problem}`);
    }
    for (let more = events.length - answer.accepted - answer.refused.length; more > 0; more--) {
      mapper!.refused([], 'refused, and not listed by the server');
    }
  });
  try {
    await eachRow(run, run.send === null ? 'Checking' : 'Sending', {
      mapper: (header) => {
        const made = createMapper(mapping, header, { survey: survey.read() });
        if (!('missing' in made)) mapper = made;
        return made;
      },
      made: deliver.take,
    });
    await deliver.rest();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return { report: mapper!.report(), sent, accepted, interrupted: signal.aborted };
}

type Pass = {
  mapper: (header: readonly string[]) => Mapper | { missing: string[] };
  made: (events: readonly MappedEvent[]) => Promise<void>;
};

async function eachRow(run: ReplayRun, stage: Stage, pass: Pass): Promise<Mapper> {
  const file = await openRows(run.file, run.mapping.file);
  const mapper = pass.mapper(file.header);
  if ('missing' in mapper) {
    const [missing, has] = [mapper.missing, file.header].map((names) => names.map((name) => `"${name}"`).join(', '));
    throw new Error(`the file has no column ${missing}; its columns are ${has}`);
  }
  const rows: AsyncIterable<Row | Unreadable> | Iterable<Row | Unreadable> = run.mapping.file.sorted
    ? file.rows
    : await sortRows(file.rows, file.header, run.mapping);
  const counts = { rows: 0, events: 0 };
  const hand = async (events: readonly MappedEvent[]) => {
    if (events.length === 0) return;
    counts.events += events.length;
    await pass.made(events);
  };
  for await (const row of rows) {
    if (run.signal.aborted) return mapper;
    counts.rows++;
    if ('problem' in row) mapper.unreadable(row.line, row.problem);
    else await hand(mapper.row(row));
    run.progress(stage, Math.min(SHARE_BEFORE_END, file.bytesRead() / file.bytesTotal), counts);
  }
  await hand(mapper.end());
  run.progress(stage, 1, counts);
  return mapper;
}

/** Batches in business order; the next one is filled while the last is on its way. */
function createDelivery(run: ReplayRun, onSent: (events: readonly MappedEvent[], answer: Sent) => void) {
  let batch: MappedEvent[] = [];
  let batchBytes = 0;
  let flight: Promise<void> = Promise.resolve();
  let began: { realMs: number; businessMs: number } | null = null;

  const flush = async () => {
    await flight;
    if (batch.length === 0 || run.send === null) return;
    const events = batch;
    batch = [];
    batchBytes = 0;
    flight = run.send(events).then((answer) => onSent(events, answer));
    // Its failure is met at the next `await flight`; until then it must not count as unhandled.
    flight.catch(() => {});
  };
  /** What no row made is set-up and is sent at once; time begins to run with the first row's event. */
  const pace = async (event: MappedEvent) => {
    if (!Number.isFinite(run.speed) || event.lines.length === 0) return;
    began ??= { realMs: performance.now(), businessMs: event.time };
    const dueMs = began.realMs + (event.time - began.businessMs) / run.speed;
    if (dueMs - performance.now() <= PACE_GRAIN_MS) return;
    await flush();
    await flight;
    await sleepUntil(dueMs, run.signal);
  };
  return {
    async take(events: readonly MappedEvent[]): Promise<void> {
      if (run.send === null) return;
      for (const event of events) {
        await pace(event);
        batch.push(event);
        batchBytes += sizeOf(event);
        if (batch.length >= BATCH_EVENTS_MAX || batchBytes >= BATCH_BYTES_MAX) await flush();
      }
    },
    async rest(): Promise<void> {
      await flush();
      await flight;
    },
  };
}

const TIMER_MAX_MS = 2 ** 31 - 1;
async function sleepUntil(dueMs: number, signal: AbortSignal): Promise<void> {
  for (let left = dueMs - performance.now(); left > 0; left = dueMs - performance.now()) {
    await sleep(Math.min(left, TIMER_MAX_MS), undefined, { signal });
  }
}

/** Near enough for a bound: an envelope of 300 bytes, and 200 for each line that made the event. */
const sizeOf = (event: MappedEvent): number => 300 + 200 * event.lines.length;

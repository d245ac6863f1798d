/**
 * Says at fixed hours what is likely, and settles what was said once its moment is past: cut-offs at each full hour,
 * stockouts and receipts once a day. What was said is never said again, and each is settled once.
 */
import { createHash } from 'node:crypto';
import { type Unsettled, unsettledPredictions } from '../../analytics/clickhouse/queries/predictions.ts';
import type { Event } from '../../streams/events/index.ts';
import { PREDICTED_ROWS_MAX, type PredictionKind, predictionKinds } from '../../streams/events/signals.ts';
import { unconfigured } from '../../streams/operations/master-data.ts';
import type { Predicted } from '../../streams/operations/predictions/predicted.ts';
import { LIVE_LAG_MAX_MS, OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import { ids, type Workspace } from '../../streams/operations/states.ts';
import { offsetAt } from '../../streams/operations/time-zone.ts';
import { appendToLog } from '../../streams/processing/event-log.ts';
import { outcomesOf } from '../predictions/outcomes.ts';
import { predictNow, readAllStates } from '../predictions/predict-now.ts';
import type { Runtime } from '../runtime.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LOOK_EVERY_MS = 60_000;
/** Later in the hour the states are not those of its beginning any more, and the hour is left out. */
const BEGINS_WITHIN_MS = 10 * 60_000;
/** Stockouts and receipts are looked at when this hour of the company's day begins. */
const DAILY_HOUR = 6;
/** What comes late has come by then. */
export const SETTLED_AFTER_MS = 6 * HOUR_MS;
/** What could not be settled for so long never will be. */
const GIVEN_UP_AFTER_MS = 7 * DAY_MS;
const SETTLE_EVERY_MS = 10 * 60_000;
/** Predictions settled per look. */
const SETTLED_MAX = 20_000;

type Deps = {
  runtime: Pick<Runtime, 'redis' | 'keys' | 'history'>;
  now: () => number;
  onProblem: (reason: string) => void;
};

export type PredictionJob = {
  /** Says what is due to be said now. @returns how many predictions were said */
  say(): Promise<number>;
  /** @returns how many were settled */
  settle(): Promise<number>;
  stop(): Promise<void>;
};

export function startPredicting({ runtime, now, onProblem }: Deps): PredictionJob {
  const { redis, keys, history } = runtime;
  let saidHour = 0;
  let settledAt = 0;
  let running: Promise<unknown> | undefined;

  async function workspace(): Promise<Workspace> {
    const text = await redis.hGet(keys.state('workspace'), ids.workspace);
    return typeof text === 'string' ? (JSON.parse(text) as Workspace) : unconfigured;
  }

  async function say(): Promise<number> {
    const hour = Math.floor(now() / HOUR_MS) * HOUR_MS;
    if (hour === saidHour || now() - hour > BEGINS_WITHIN_MS) return 0;
    const { watermark, timeZone } = await workspace();
    // While a past is poured in, what is to come is known already.
    if (watermark === 0 || now() - watermark > LIVE_LAG_MAX_MS) return 0;
    const isDaily = Math.floor((hour + offsetAt(timeZone, hour)) / HOUR_MS) % 24 === DAILY_HOUR;
    const predicted = predictNow(await readAllStates(redis, keys), hour);
    const kinds: PredictionKind[] = isDaily ? [...predictionKinds] : ['cut-off-miss'];
    const list = kinds.flatMap((kind) => predicted.get(kind) ?? []);
    const lines = saidEvents(list, now()).map((event) => JSON.stringify(event));
    if (lines.length > 0) await appendToLog(redis, keys, lines);
    saidHour = hour;
    return list.length;
  }

  async function settle(): Promise<number> {
    const range = { since: now() - GIVEN_UP_AFTER_MS, until: now() - SETTLED_AFTER_MS, limit: SETTLED_MAX };
    let settled = 0;
    for (const kind of predictionKinds) {
      for (const waiting of await unsettledPredictions(history, kind, range)) {
        const events = settledEvents(waiting, await outcomesOf(runtime, waiting), now());
        if (events.length === 0) continue;
        await appendToLog(
          redis,
          keys,
          events.map((event) => JSON.stringify(event)),
        );
        settled += events.reduce((sum, { data }) => sum + (data as { rows: unknown[] }).rows.length, 0);
      }
    }
    return settled;
  }

  async function look(): Promise<void> {
    await say();
    if (now() - settledAt < SETTLE_EVERY_MS) return;
    settledAt = now();
    await settle();
  }

  const timer = setInterval(() => {
    running ??= look()
      .catch((error: unknown) => onProblem(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        running = undefined;
      });
  }, LOOK_EVERY_MS);
  return {
    say,
    settle,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** What counts up to the same moment is said together. The same hour said twice is a repeat. */
function saidEvents(list: readonly Predicted[], at: number): Event[] {
  const together = Map.groupBy(list, (one) => `${one.prediction}:${one.at}:${one.horizon}`);
  return [...together].flatMap(([name, some]) => {
    const { prediction, at: saidAt, horizon } = some[0]!;
    return inParts(some).map((part, index) =>
      ownEvent(`said:${name}:${index}`, 'prediction.made', at, {
        prediction,
        at: saidAt,
        horizon,
        rows: part.map(({ subject, probability, uncorrected, among }) => ({
          subject,
          probability: rounded(probability),
          uncorrected: rounded(uncorrected),
          ...(among === '' ? {} : { among }),
        })),
      }),
    );
  });
}

function settledEvents(waiting: Unsettled, outcome: (subject: string) => boolean | null, at: number): Event[] {
  const { prediction, at: saidAt, horizon, rows } = waiting;
  const known = rows.flatMap(({ among, ...row }) => {
    const happened = outcome(row.subject);
    return happened === null ? [] : [{ ...row, ...(among === '' ? {} : { among }), happened }];
  });
  return inParts(known).map((part) => {
    // Named by what is in it: settled again after a crash, in the same parts or others, none counts twice for that.
    const hash = createHash('sha256').update(part.map(({ subject }) => subject).join('\n'));
    const id = `settled:${prediction}:${saidAt}:${horizon}:${hash.digest('hex').slice(0, 16)}`;
    return ownEvent(id, 'prediction.settled', at, { prediction, at: saidAt, horizon, rows: part });
  });
}

function inParts<T>(list: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < list.length; from += PREDICTED_ROWS_MAX)
    parts.push(list.slice(from, from + PREDICTED_ROWS_MAX));
  return parts;
}

const ownEvent = (id: string, type: Event['type'], at: number, data: object): Event =>
  ({ id, source: OWN_SOURCE, type, occurredAt: at, observedAt: at, receivedAt: at, data }) as Event;

const rounded = (probability: number): number => Math.round(probability * 10_000) / 10_000;

/** Runs the simulated company against a server: first its past as fast as the server takes it, then life as it comes. */
import { createWriteStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultLevel, Truth } from './ground-truth.ts';
import { DAY, HOUR } from './local-time.ts';
import type { SentEvent } from './outbox.ts';
import { createPacing } from './pacing.ts';
import { type Position, readPosition, writePosition } from './position-file.ts';
import { BATCH_EVENTS_MAX, sendEvents } from './send-events.ts';
import { MODEL_VERSION, simulateCompany } from './simulate-company.ts';

export type SimulationOptions = {
  url: string;
  key: string;
  seed: number;
  /** How fast simulated time runs while it is behind the clock. */
  speed: number;
  /** Days of business that are sent at once before life begins. */
  backfillDays: number;
  /** Hours of the past that are played at `speed` after the backfill. */
  pacedHours: number;
  ordersPerDay: number;
  faults: FaultLevel;
  /** Stop after this long on the wall clock. */
  durationMs?: number;
  /** Ground truth goes here as JSON lines; written anew at each start, from the beginning of the company. */
  truthFile?: string;
  /** Where the position is kept; without it each start founds a new company. */
  stateFile?: string;
};
export type Logger = { info: (message: string) => void; warn: (message: string) => void };
export type SimulationReport = { sent: number; rejected: number; retries: number; from: number; until: number };
export type SimulationHooks = {
  signal: AbortSignal;
  logger: Logger;
  /** Hears how far the simulated time has come, in epoch ms. */
  onProgress?: (progress: { from: number; at: number; until: number; sent: number; live: boolean }) => void;
};

const TICK_MS = 250;
const SAVE_EVERY_MS = 1_000;
const REJECTED_SHOWN_MAX = 5;

/**
 * Ends when `durationMs` is over or the signal fires, both without an error and with everything sent so far on record.
 * Throws SendingFailed when the server refuses, and an Error with the remedy when a file cannot be used.
 */
export async function runSimulation(options: SimulationOptions, hooks: SimulationHooks): Promise<SimulationReport> {
  const { signal, logger } = hooks;
  const startedAt = Date.now();
  const position = openPosition(options, startedAt, logger);
  const truth = openTruth(options.truthFile);
  const { seed, from, ordersPerDay, faults } = position;
  const deliveries = simulateCompany({ seed, from, ordersPerDay, faults, onTruth: truth.write });
  const pacing = createPacing(startedAt, options.speed, options.pacedHours * HOUR);
  const endsAt = options.durationMs === undefined ? Number.POSITIVE_INFINITY : startedAt + options.durationMs;
  const report: SimulationReport = { sent: 0, rejected: 0, retries: 0, from, until: from };
  const onRetry = (reason: string, waitMs: number) => {
    report.retries++;
    logger.warn(`${reason}; next try in ${(waitMs / 1_000).toFixed(1)} s`);
  };
  let live = false;
  let savedAt = 0;
  const save = () => {
    if (options.stateFile !== undefined) writePosition(options.stateFile, position);
    savedAt = Date.now();
  };

  try {
    if (position.sent > 0) logger.info(`going on after ${position.sent} events of ${new Date(from).toISOString()}`);
    for (let skipped = 0; skipped < position.sent; skipped++) {
      report.until = deliveries.next().value.deliverAt;
      if (skipped % 20_000 === 0) await pause(0, undefined, { signal });
    }
    let next = deliveries.next().value;
    while (!signal.aborted && Date.now() < endsAt) {
      const due = pacing.dueAt(Date.now());
      const batch: SentEvent[] = [];
      while (next.deliverAt <= due && batch.length < BATCH_EVENTS_MAX) {
        batch.push(next.event);
        report.until = next.deliverAt;
        next = deliveries.next().value;
      }
      if (batch.length > 0) {
        const answer = await sendEvents(batch, { url: options.url, key: options.key, signal, onRetry });
        position.sent += batch.length;
        report.sent += answer.accepted;
        warnOfRejected(answer.rejected, report, logger);
        if (Date.now() - savedAt > SAVE_EVERY_MS) save();
      }
      hooks.onProgress?.({ from, at: Math.min(due, next.deliverAt), until: startedAt, sent: report.sent, live });
      if (next.deliverAt <= due) continue;
      if (!live) {
        live = true;
        logger.info(`the past is sent (${report.sent} events); live from ${new Date(due).toISOString()}`);
      }
      await pause(TICK_MS, undefined, { signal });
    }
  } catch (error) {
    if (!(signal.aborted && error instanceof Error && error.name === 'AbortError')) throw error;
  } finally {
    save();
    await truth.close();
  }
  return report;
}

function openPosition(options: SimulationOptions, startedAt: number, logger: Logger): Position {
  const { seed, ordersPerDay, faults, backfillDays, pacedHours } = options;
  const known = options.stateFile === undefined ? null : readPosition(options.stateFile);
  if (known === null) {
    const from = Math.floor((startedAt - backfillDays * DAY - pacedHours * HOUR) / HOUR) * HOUR;
    return { model: MODEL_VERSION, seed, from, ordersPerDay, faults, sent: 0 };
  }
  if (known.model !== MODEL_VERSION) {
    throw new Error(
      `the company in ${options.stateFile} was simulated by another version; begin with an empty workspace and delete the file`,
    );
  }
  if (known.seed !== seed || known.ordersPerDay !== ordersPerDay || known.faults !== faults) {
    const kept = `seed ${known.seed}, ${known.ordersPerDay} orders a day, faults ${known.faults}`;
    logger.warn(`a company is under way: its own settings stay (${kept})`);
  }
  return known;
}

function warnOfRejected(
  rejected: { id: string | null; problem: string }[],
  report: SimulationReport,
  logger: Logger,
): void {
  for (const { id, problem } of rejected) {
    if (report.rejected++ < REJECTED_SHOWN_MAX) logger.warn(`rejected ${id ?? 'an event'}: ${problem}`);
  }
}

function openTruth(file: string | undefined): { write: (entry: Truth) => void; close: () => Promise<void> } {
  if (file === undefined) return { write: () => {}, close: async () => {} };
  const stream = createWriteStream(file);
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  failed.catch(() => {});
  return {
    write: (entry) => stream.write(`${JSON.stringify(entry)}\n`),
    close: () => Promise.race([new Promise<void>((resolve) => stream.end(resolve)), failed]),
  };
}

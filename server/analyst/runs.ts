/** Runs of analysts' own SQL: asked, waiting, running, over; looked at by who asked, and ended when nobody looks. */
import { randomUUID } from 'node:crypto';
import { type AnalystEngine, NoAnalystEngine } from '../../analytics/analyst-sql/engine.ts';
import { LAB_DIED } from '../../analytics/analyst-sql/lab/start-lab.ts';
import { EngineError } from '../../analytics/clickhouse/embedded/engine-error.ts';
import type { Guard } from '../../analytics/guard/index.ts';
import type { SqlFault, SqlQuestion, SqlRun, SqlRunLine } from '../http/contract/sql-runs.ts';
import type { FairQueue } from './fair-queue.ts';
import { type AnalystLimits, type Cut, cutBy, faultOf, limitBehind } from './limits.ts';
import { createRowReader } from './read-rows.ts';

export type Asker = { id: string; name: string };
export type RunsDeps = {
  engine: AnalystEngine;
  guard: Guard;
  queue: FairQueue;
  limits: AnalystLimits;
  /** Rejects when it cannot be recorded: then the question does not run. */
  audit: (by: Asker, what: string, detail: Record<string, string | number>) => Promise<void>;
  keep: (by: Asker, line: SqlRunLine) => Promise<void>;
  /** How many events the live state is ahead of this one. */
  eventsBehind: (seq: number) => Promise<number>;
  now: () => number;
  logger: { warn(fields: object, words: string): void };
};
export type Runs = ReturnType<typeof openRuns>;

type Held = {
  run: SqlRun;
  by: Asker;
  ending: AbortController;
  seenAt: number;
  lookers: Set<() => void>;
  ahead: () => number | null;
};
/** Why a question is ended before its answer is whole. */
type Reason = { cut: Cut } | { state: 'cancelled'; fault: SqlFault };

const FORMAT = 'JSONCompactEachRowWithNamesAndTypes';
const LOOK_MS_MAX = 10_000;
const TIDY_EVERY_MS = 1_000;
/** Answers are kept this long for those who look again, so many of them, with so many values. */
const KEPT_MS = 600_000;
const KEPT_MAX = 200;
const KEPT_CELLS_MAX = 5_000_000;

export function openRuns(deps: RunsDeps) {
  const { engine, guard, queue, limits, now } = deps;
  const held = new Map<string, Held>();
  const working = new Set<Promise<void>>();
  const tidying = setInterval(tidy, TIDY_EVERY_MS);
  tidying.unref();

  function change(one: Held, changes: Partial<SqlRun>): void {
    one.run = { ...one.run, ...changes, version: one.run.version + 1 };
    for (const look of [...one.lookers]) look();
  }

  /** @throws LineIsFull */
  function start(by: Asker, { sql, parameters }: SqlQuestion): SqlRun {
    const ending = new AbortController();
    const ticket = queue.enter(by.id, 'shown', ending.signal);
    const run: SqlRun = {
      id: randomUUID(),
      sql,
      parameters,
      state: 'queued',
      version: 1,
      ahead: null,
      askedAt: now(),
      startedAt: null,
      endedAt: null,
      progress: { rowsRead: 0, bytesRead: 0, rowsToRead: null, ms: 0 },
      columns: [],
      rows: [],
      rowCount: 0,
      cut: null,
      fault: null,
      dataAsOf: null,
      eventsBehind: 0,
    };
    const one: Held = { run, by, ending, seenAt: now(), lookers: new Set(), ahead: ticket.ahead };
    held.set(run.id, one);
    const work = ticket.turn
      .then(() => answer(one))
      .catch((error: unknown) => failed(one, error))
      .finally(ticket.leave)
      .then(() => close(one));
    working.add(work);
    void work.finally(() => working.delete(work));
    return shown(one);
  }

  async function answer(one: Held): Promise<void> {
    const { run, by, ending } = one;
    change(one, { state: 'running', startedAt: now() });
    const verdict = await guard.check(run.sql, run.parameters);
    if (verdict.canonical === null) {
      await deps.audit(by, 'sql.refused', { sql: run.sql, why: verdict.faults[0]?.what ?? '' });
      change(one, { state: 'failed', fault: verdict.faults[0] ?? null });
      return;
    }
    await deps.audit(by, 'sql.asked', { run: run.id, sql: verdict.canonical });
    const reader = createRowReader({ rowsMax: limits.rowsShownMax, bytesMax: limits.bytesShownMax });
    const late = setTimeout(() => end(one, { cut: cutBy.seconds(limits.secondsMax) }), limits.secondsMax * 1_000);
    const startedAt = performance.now();
    let seq = 0;
    let thrown: unknown;
    try {
      await engine.run({
        canonical: verdict.canonical,
        person: by.id,
        format: FORMAT,
        signal: ending.signal,
        onStart: (from) => {
          seq = from.seq;
          change(one, { dataAsOf: from.asOf });
        },
        onProgress: ({ rowsRead, bytesRead, rowsToRead }) => {
          const ms = performance.now() - startedAt;
          change(one, {
            progress: { rowsRead, bytesRead, rowsToRead: rowsToRead || null, ms },
            rowCount: reader.rows().length,
          });
        },
        onPiece: (piece) => {
          const passed = reader.take(piece);
          if (passed !== null) end(one, { cut: cutBy[passed](limits) });
        },
      });
    } catch (error) {
      thrown = error;
    } finally {
      clearTimeout(late);
    }
    const ms = performance.now() - startedAt;
    const eventsBehind = await deps.eventsBehind(seq).catch(() => 0);
    const ended = endOf(ending.signal.reason as Reason | undefined, thrown);
    change(one, {
      ...ended,
      columns: reader.columns(),
      rows: ended.state === 'done' ? reader.rows() : [],
      rowCount: reader.rows().length,
      progress: { ...one.run.progress, ms },
      eventsBehind,
    });
  }

  function endOf(reason: Reason | undefined, thrown: unknown): Pick<SqlRun, 'state' | 'cut' | 'fault'> {
    if (reason !== undefined && 'state' in reason) return { ...reason, cut: null };
    // What a screen shows is cut, and whole up to there; whatever else ends a question leaves no answer.
    if (reason?.cut.limit.endsWith('shown')) return { state: 'done', cut: reason.cut, fault: null };
    const cut = reason?.cut ?? limitBehind(thrown, limits, limits.secondsMax);
    if (cut !== null) return { state: 'failed', cut, fault: faultOf(cut) };
    return thrown === undefined
      ? { state: 'done', cut: null, fault: null }
      : { state: 'failed', cut: null, fault: faultBehind(thrown) };
  }

  function failed(one: Held, error: unknown): void {
    const reason = one.ending.signal.reason as Reason | undefined;
    if (reason !== undefined && 'state' in reason) return change(one, reason);
    if (!(error instanceof EngineError || error instanceof NoAnalystEngine)) {
      deps.logger.warn({ reason: String(error) }, 'a question of an analyst met an error of ours');
    }
    change(one, { state: 'failed', fault: faultBehind(error) });
  }

  async function close(one: Held): Promise<void> {
    change(one, { endedAt: now() });
    const { rows: _, columns, progress, version: __, ahead: ___, ...rest } = one.run;
    const { id, state, rowCount } = rest;
    const ms = Math.round(progress.ms);
    const limit = rest.cut === null ? '' : `${rest.cut.limit} ${rest.cut.value}`;
    try {
      await deps.audit(one.by, 'sql.answered', { run: id, state, rows: rowCount, ms, ...(limit && { limit }) });
      await deps.keep(one.by, { ...rest, ms });
    } catch (error) {
      // It has run: an end that cannot be recorded takes nothing back.
      deps.logger.warn({ reason: String(error), columns: columns.length }, 'the end of a question was not recorded');
    }
  }

  function end(one: Held, reason: Reason): void {
    if (!one.ending.signal.aborted) one.ending.abort(reason);
  }

  function cancelled(one: Held, what: string, remedy: string | null = null): void {
    end(one, { state: 'cancelled', fault: { what, remedy, line: null, column: null } });
  }

  const own = (by: Asker, id: string): Held | null => {
    const one = held.get(id);
    return one === undefined || one.by.id !== by.id ? null : one;
  };
  const isOver = ({ run }: Held): boolean => run.endedAt !== null;
  const isTold = ({ run }: Held): boolean => ['done', 'failed', 'cancelled'].includes(run.state);
  const shown = (one: Held): SqlRun => ({ ...one.run, ahead: one.ahead() });

  function tidy(): void {
    const at = now();
    let cells = 0;
    // Newest first: what is over its bound is the oldest.
    for (const [index, one] of [...held.values()].reverse().entries()) {
      if (!isOver(one)) {
        const unseen = one.lookers.size === 0 && at - one.seenAt > limits.abandonedSeconds * 1_000;
        if (unseen) cancelled(one, `It was ended because nobody asked for it in ${limits.abandonedSeconds} s.`);
        continue;
      }
      cells += one.run.rows.length * Math.max(1, one.run.columns.length);
      const old = at - one.run.endedAt! > KEPT_MS;
      if (old || index >= KEPT_MAX || cells > KEPT_CELLS_MAX) held.delete(one.run.id);
    }
  }

  return {
    start,

    /** Null: there is no such run, or it is somebody else's. */
    async read(by: Asker, id: string, after?: number): Promise<SqlRun | null> {
      const one = own(by, id);
      if (one === null) return null;
      one.seenAt = now();
      if (after !== undefined && one.run.version <= after && !isTold(one)) {
        await new Promise<void>((resolve) => {
          const look = () => {
            clearTimeout(timer);
            one.lookers.delete(look);
            resolve();
          };
          const timer = setTimeout(look, LOOK_MS_MAX);
          one.lookers.add(look);
        });
        one.seenAt = now();
      }
      return shown(one);
    },

    /** Takes effect within two seconds; a run that is over stays as it is. */
    cancel(by: Asker, id: string): SqlRun | null {
      const one = own(by, id);
      if (one === null) return null;
      one.seenAt = now();
      if (!isTold(one)) cancelled(one, 'It was cancelled.');
      return shown(one);
    },

    async stop(): Promise<void> {
      clearInterval(tidying);
      for (const one of held.values()) cancelled(one, 'It was ended because the server stopped.', 'Ask again.');
      await Promise.all(working);
    },
  };
}

export function faultBehind(thrown: unknown): SqlFault {
  const nowhere = { line: null, column: null };
  if (thrown instanceof NoAnalystEngine) return { what: thrown.message, remedy: null, ...nowhere };
  if (!(thrown instanceof EngineError)) {
    return { what: 'Something went wrong on our side.', remedy: 'Ask again; if it stays, see the log.', ...nowhere };
  }
  const remedy =
    thrown.code === LAB_DIED ? 'Ask again; if it ends again, ask for less: it may need too much memory.' : null;
  return { what: thrown.message, remedy, ...nowhere };
}

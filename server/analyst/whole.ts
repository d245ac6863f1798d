/** Whole answers for files and other programs: through the same guard and the same queue, never cut. */
import type { AnalystColumn, AnalystEngine } from '../../analytics/analyst-sql/engine.ts';
import type { Guard } from '../../analytics/guard/index.ts';
import { CannotAnswer } from '../exports/whole.ts';
import type { SqlParameters } from '../http/contract/sql-runs.ts';
import type { FairQueue } from './fair-queue.ts';
import { type AnalystLimits, cutBy, faultOf, limitBehind } from './limits.ts';
import { type Asker, faultBehind, type RunsDeps } from './runs.ts';

export type WholeQuestion = {
  sql: string;
  parameters: SqlParameters;
  by: Asker;
  /** Of the engine. Every format comes as the engine writes it, with one head and one end. */
  format: string;
  signal: AbortSignal;
  limits?: { seconds?: number; bytes?: number };
};
export type WholeAnswer = {
  canonical: string;
  columns: AnalystColumn[];
  dataAsOf: number | null;
  eventsBehind: number;
  /** To be read to its end or returned from; meanwhile the engine waits. It throws rather than end early. */
  pieces: AsyncIterable<Uint8Array>;
};

/** Why there is no whole answer, in words for who asked. */
export class NotWhole extends CannotAnswer {
  readonly remedy: string | null;

  constructor(what: string, remedy: string | null) {
    super(what);
    this.remedy = remedy;
  }
}

type Deps = Pick<RunsDeps, 'audit' | 'eventsBehind'> & {
  engine: AnalystEngine;
  guard: Guard;
  queue: FairQueue;
  limits: AnalystLimits;
};

/** @throws NotWhole, LineIsFull */
export async function streamWhole(deps: Deps, asked: WholeQuestion): Promise<WholeAnswer> {
  const { engine, guard, queue, limits } = deps;
  if (!/^[A-Za-z0-9]{1,60}$/.test(asked.format)) throw new NotWhole(`There is no format ${asked.format}.`, null);
  const verdict = await guard.check(asked.sql, asked.parameters);
  if (verdict.canonical === null) {
    const [fault] = verdict.faults;
    await deps.audit(asked.by, 'sql.refused', { sql: asked.sql, why: fault?.what ?? '' });
    throw new NotWhole(fault?.what ?? 'It was refused.', fault?.remedy ?? null);
  }
  const { canonical } = verdict;
  const seconds = Math.min(asked.limits?.seconds ?? limits.wholeSecondsMax, limits.wholeSecondsMax);
  const bytesMax = Math.min(asked.limits?.bytes ?? limits.wholeBytesMax, limits.wholeBytesMax);
  const ending = new AbortController();
  const end = (why: unknown) => ending.abort(why);
  const onAbort = () => end(new NotWhole('It was cancelled.', null));
  asked.signal.addEventListener('abort', onAbort);
  if (asked.signal.aborted) onAbort();
  const late = { timer: undefined as NodeJS.Timeout | undefined };
  const explain = (error: unknown): Error => {
    if (ending.signal.reason instanceof NotWhole) return ending.signal.reason;
    if (error instanceof NotWhole) return error;
    const cut = limitBehind(error, limits, seconds);
    const { what, remedy } = cut === null ? faultBehind(error) : faultOf(cut);
    return new NotWhole(what, remedy);
  };
  const ticket = queue.enter(asked.by.id, 'whole', ending.signal);
  const leave = () => {
    clearTimeout(late.timer);
    asked.signal.removeEventListener('abort', onAbort);
    ticket.leave();
  };

  try {
    await ticket.turn;
    await deps.audit(asked.by, 'sql.exported', { sql: canonical, format: asked.format });
    const tooLong = faultOf(cutBy.seconds(seconds));
    late.timer = setTimeout(() => end(new NotWhole(tooLong.what, tooLong.remedy)), seconds * 1_000);
    const columns = await engine.columns(canonical, ending.signal);
    const hands = handOver<Buffer>();
    let bytes = 0;
    const started = Promise.withResolvers<{ seq: number; asOf: number | null }>();
    const running = engine
      .run({
        canonical,
        person: asked.by.id,
        format: asked.format,
        signal: ending.signal,
        onStart: started.resolve,
        onPiece: (piece) => {
          bytes += piece.length;
          const tooMuch = faultOf(cutBy.wholeBytes({ ...limits, wholeBytesMax: bytesMax }));
          if (bytes > bytesMax) end(new NotWhole(tooMuch.what, tooMuch.remedy));
          else return hands.give(piece);
        },
      })
      .then(
        () => (ending.signal.aborted ? hands.fail(explain(undefined)) : hands.end()),
        (error: unknown) => {
          started.reject(error);
          hands.fail(explain(error));
        },
      )
      .finally(leave);
    const from = await started.promise;
    const eventsBehind = await deps.eventsBehind(from.seq).catch(() => 0);
    const pieces = (async function* () {
      try {
        for (;;) {
          const piece = await hands.take();
          if (piece === undefined) return;
          yield piece;
        }
      } finally {
        end(new NotWhole('Nobody reads it any more.', null));
        await running;
      }
    })();
    return { canonical, columns, dataAsOf: from.asOf, eventsBehind, pieces };
  } catch (error) {
    leave();
    throw explain(error);
  }
}

/** One piece at a time from hand to hand: who gives waits until it is taken. */
function handOver<Piece>() {
  let given: { piece: Piece; taken: () => void } | undefined;
  let over: { error: Error | undefined } | undefined;
  let wake: (() => void) | undefined;
  const finish = (error?: Error) => {
    over ??= { error };
    wake?.();
  };
  return {
    give: (piece: Piece) =>
      new Promise<void>((taken) => {
        given = { piece, taken };
        wake?.();
      }),
    end: () => finish(),
    fail: (error: Error) => finish(error),
    /** @returns undefined at the end */
    async take(): Promise<Piece | undefined> {
      while (given === undefined && over === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (given !== undefined && over?.error === undefined) {
        const { piece, taken } = given;
        given = undefined;
        taken();
        return piece;
      }
      if (over?.error !== undefined) throw over.error;
      return undefined;
    },
  };
}

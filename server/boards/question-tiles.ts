/**
 * Questions on boards. Each is asked in the background, once for all boards and viewers, and shown with its age; who looks
 * never waits for history and never makes it work.
 */
import { kpiById } from '../../analytics/kpis/index.ts';
import { dimensionOf } from '../../analytics/metrics/dimensions.ts';
import type { BoardTile } from '../http/contract/boards.ts';
import type { MetricAnswer, MetricQuestion } from '../http/contract/questions.ts';
import type { SqlParameters } from '../http/contract/sql-runs.ts';
import { Refusal } from '../http/problems.ts';
import { type QuestionTile, TILE_GROUPS_MAX } from '../live/contract/boards.ts';
import { CannotShow } from './part.ts';

/** Of a tile, while somebody looks: questions of measures, and SQL, which may cost more. */
const METRICS_EVERY_MS = 60_000;
const SQL_EVERY_MS = 300_000;
/** Questions that nobody looked at in this time are forgotten. */
const FORGOTTEN_AFTER_MS = 600_000;
const KEPT_MAX = 200;
/** Of one answer: a wall is read from afar. */
const POINTS_MAX = 5_000;
const SECONDS_MAX = 60;

export type TableAnswer = Pick<QuestionTile, 'dataAsOf' | 'eventsBehind'> & {
  table: NonNullable<QuestionTile['table']>;
};
export type QuestionTiles = { of(tile: BoardTile): QuestionTile };

type Answer = Pick<QuestionTile, 'metrics' | 'table' | 'dataAsOf' | 'eventsBehind'>;
type Kept = { answer: Answer; askedAt: number | null; triedAt: number; wantedAt: number; problem: string | null };

const nothing: Answer = { metrics: null, table: null, dataAsOf: null, eventsBehind: 0 };

export function keepQuestionTiles(deps: {
  ask(question: MetricQuestion, signal: AbortSignal): Promise<MetricAnswer>;
  askSql(sql: string, values: SqlParameters, signal: AbortSignal): Promise<TableAnswer>;
  onFault(error: unknown): void;
  now(): number;
}): QuestionTiles {
  const { now } = deps;
  const kept = new Map<string, Kept>();
  const waiting = new Set<string>();
  /** One at a time: boards are no reason to keep the engine from others. */
  let asking: Promise<void> = Promise.resolve();

  function of({ question }: BoardTile): QuestionTile {
    if (question === undefined) throw new CannotShow('Which question? The tile names none.');
    const { metrics, sql, values, show } = question.body;
    if (sql === null && metrics === null) throw new CannotShow('The question asks nothing yet.');
    const key = JSON.stringify(sql === null ? metrics : [sql, values]);
    const known: Kept = kept.get(key) ?? { answer: nothing, askedAt: null, triedAt: 0, wantedAt: 0, problem: null };
    known.wantedAt = now();
    kept.set(key, known);
    const every = sql === null ? METRICS_EVERY_MS : SQL_EVERY_MS;
    if (now() - known.triedAt >= every && !waiting.has(key)) {
      waiting.add(key);
      const once = sql === null ? askMetrics(metrics!) : askTable(sql, values);
      asking = asking.then(() => refresh(known, once)).finally(() => waiting.delete(key));
      forget();
    }
    const { answer, askedAt, problem } = known;
    const words = sql === null ? wordsOfQuestion(metrics!) : { measures: [], dimensions: [] };
    return { asked: question.name, as: show.as, columns: show.columns, ...words, askedAt, problem, ...answer };
  }

  async function refresh(known: Kept, once: (signal: AbortSignal) => Promise<Answer>): Promise<void> {
    known.triedAt = now();
    try {
      known.answer = await once(AbortSignal.timeout(SECONDS_MAX * 1_000));
      known.askedAt = now();
      known.problem = null;
    } catch (error) {
      // What was known stays, with its age; history that is away comes back.
      known.problem = wordsOf(error);
      if (!(error instanceof Refusal)) deps.onFault(error);
    }
  }

  const askMetrics = (question: MetricQuestion) => async (signal: AbortSignal) => {
    const answer = await deps.ask(question, signal);
    const points = answer.series.slice(0, TILE_GROUPS_MAX).reduce((sum, one) => sum + one.points.length, 0);
    if (points > POINTS_MAX)
      throw new Refusal(400, { title: 'Too many points for a tile. Pin it with a coarser grain.' });
    return { ...nothing, metrics: forTile(answer), dataAsOf: answer.dataAsOf, eventsBehind: answer.eventsBehind };
  };

  const askTable = (sql: string, values: SqlParameters) => async (signal: AbortSignal) => ({
    ...nothing,
    ...(await deps.askSql(sql, values, signal)),
  });

  function forget(): void {
    for (const [key, { wantedAt }] of kept) {
      if (!waiting.has(key) && (now() - wantedAt > FORGOTTEN_AFTER_MS || kept.size > KEPT_MAX)) kept.delete(key);
    }
  }

  return { of };
}

/** What the screens that show it cannot look up: a wall has no catalog. */
function wordsOfQuestion({ measures, by }: MetricQuestion): Pick<QuestionTile, 'measures' | 'dimensions'> {
  return {
    measures: measures.flatMap((id) => {
      const kpi = kpiById(id);
      return kpi === undefined ? [] : [{ id, name: kpi.name, unit: kpi.unit, direction: kpi.direction }];
    }),
    dimensions: by.map((id) => ({ id, name: dimensionOf(id).name })),
  };
}

/** The largest groups; the answer's own rest is left out and counted with those that are. */
export function forTile(answer: MetricAnswer): NonNullable<QuestionTile['metrics']> {
  const { question, from, to, compared, totals, targets, anomalies, restated } = answer;
  const groups = [...new Set(answer.series.map(({ group }) => JSON.stringify(group)))];
  const shown = new Set(groups.slice(0, TILE_GROUPS_MAX));
  const named = groups.filter((group) => !isRest(JSON.parse(group))).length;
  return {
    question,
    from,
    to,
    compared,
    totals,
    series: answer.series.filter(({ group }) => shown.has(JSON.stringify(group))),
    groupsLeftOut: answer.groupsLeftOut + Math.max(0, named - TILE_GROUPS_MAX),
    targets,
    anomalies,
    restated,
  };
}

const isRest = (group: readonly (string | null)[]): boolean =>
  group.length > 0 && group.every((value) => value === null);

function wordsOf(error: unknown): string {
  if (error instanceof Refusal) return error.details.detail ?? error.details.title ?? 'It cannot be asked.';
  if (error instanceof Error && error.name === 'TimeoutError') return `It took longer than ${SECONDS_MAX} s.`;
  return 'History does not answer right now.';
}

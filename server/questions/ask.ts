/** Answers a question of measures by dimensions over time. */
import type { Kpi } from '../../analytics/kpis/index.ts';
import type { AskHistory } from '../../analytics/kpis/series.ts';
import type { Wholes } from '../../analytics/metrics/answered.ts';
import { check, type Fault, type Named } from '../../analytics/metrics/check.ts';
import { fold, type RecordStarts } from '../../analytics/metrics/fold.ts';
import {
  type Asking,
  type Plan,
  planOf,
  type Situation,
  TooManyBuckets,
  tiersFor,
} from '../../analytics/metrics/plan.ts';
import { type Statement, statementOf } from '../../analytics/sql/metrics/statement.ts';
import type { Principal } from '../access/abilities.ts';
import { GROUPS_MAX, type MetricAnswer, type MetricQuestion } from '../http/contract/questions.ts';
import { Refusal } from '../http/problems.ts';
import { reachable } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';
import { anomaliesOf } from './anomalies.ts';
import { askableFor } from './askable.ts';
import type { DataAge } from './data-age.ts';
import { askOwn, faultsOfOwn } from './own-query.ts';
import type { RecordStart } from './record-start.ts';
import { restatedBuckets } from './restated.ts';
import { run } from './run.ts';

export type Asker = Pick<Principal, 'role'> | null;
export type QuestionDeps = {
  runtime: Pick<Runtime, 'ops'>;
  history: AskHistory;
  /** The workspace, and business time in epoch ms. */
  situation(): Situation;
  targetOf(kpi: Kpi): number | null;
  age(): Promise<DataAge>;
  recordStart: RecordStart;
};

/** @throws Refusal that names everything that is wrong with the question */
export function planned(question: Named, asker: Asker, situation: Situation, rowByRow = false): Plan {
  const checked = check(question, askableFor(asker));
  if ('faults' in checked) throw cannotBeAsked(checked.faults);
  const { by, grain, where, over, compare } = question;
  try {
    return planOf({ measures: checked.measures, by, grain, where, over, compare, rowByRow }, situation);
  } catch (error) {
    if (!(error instanceof TooManyBuckets)) throw error;
    throw new Refusal(400, {
      title: 'Too many points',
      detail: `This makes ${error.message}.`,
      remedy: 'Ask for a coarser grain or a shorter time.',
    });
  }
}

const cannotBeAsked = (faults: Fault[]) =>
  new Refusal(400, {
    title: 'This cannot be asked',
    detail: faults.map(({ message }) => message).join(' '),
    errors: faults,
  });

function refuse(faults: Fault[]): void {
  if (faults.length > 0) throw cannotBeAsked(faults);
}

/** The SQL of a question as one may run and change it: its rows are the figures of the answer, of all groups. */
export function compile(deps: Pick<QuestionDeps, 'situation'>, question: Named, asker: Asker): Statement {
  return statementOf(planned(question, asker, deps.situation()));
}

/** @param signal the caller went away: what runs is given up */
export async function ask(
  deps: QuestionDeps,
  question: MetricQuestion,
  asker: Asker,
  signal?: AbortSignal,
): Promise<MetricAnswer> {
  const startedAt = performance.now();
  const situation = deps.situation();
  const { own } = askableFor(asker);
  refuse(faultsOfOwn(question, own));
  const others = question.measures.filter((id) => !own.has(id));
  const plan = planned({ ...question, measures: others }, asker, situation);
  const [answered, ofOwn, anomalies, age] = await Promise.all([
    others.length === 0 ? nothingAsked : byMeasures(deps, plan, signal),
    Promise.all(
      question.measures
        .flatMap((id) => own.get(id) ?? [])
        .map(async (kpi) => ({ kpi, ...(await askOwn(deps.history, kpi, plan)) })),
    ),
    anomaliesOf(deps.runtime, plan, question.measures, signal),
    reachable(deps.age()),
  ]);
  const inOrder = <T extends { measure: string }>(list: T[]): T[] =>
    question.measures.flatMap((id) => list.filter(({ measure }) => measure === id));
  const kpisAsked = [...plan.asking.measures.map(({ kpi }) => kpi), ...ofOwn.map(({ kpi }) => kpi)];
  return {
    question,
    sql: answered.sql,
    parameters: answered.parameters,
    from: plan.asked.span.from,
    to: plan.asked.span.to,
    compared: plan.compared?.span ?? null,
    totals: inOrder([
      ...answered.totals,
      ...ofOwn.map(({ kpi, total, compared }) => ({ measure: kpi.id, total, compared })),
    ]),
    series: inOrder([...answered.series, ...ofOwn.flatMap(({ series }) => series)]),
    groupsLeftOut: answered.groupsLeftOut,
    targets: kpisAsked.flatMap((kpi) => {
      const target = deps.targetOf(kpi);
      return target === null ? [] : [{ measure: kpi.id, target }];
    }),
    anomalies,
    restated: answered.restated,
    level: ofOwn.length > 0 ? 'raw' : levelOf(plan),
    rowsRead: answered.rowsRead,
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
    ...age,
  };
}

type Answered = Pick<
  MetricAnswer,
  'sql' | 'parameters' | 'totals' | 'series' | 'groupsLeftOut' | 'restated' | 'rowsRead'
>;

const nothingAsked: Answered = {
  sql: '-- Worked out by a query of its own, over tables that are not shown here.',
  parameters: {},
  totals: [],
  series: [],
  groupsLeftOut: 0,
  restated: [],
  rowsRead: 0,
};

async function byMeasures(deps: QuestionDeps, plan: Plan, signal: AbortSignal | undefined): Promise<Answered> {
  const { runtime } = deps;
  const statement = statementOf(plan);
  const [table, wholes, first, restated] = await Promise.all([
    run(runtime, statement, { signal }),
    wholesOf(deps, plan, signal),
    startsOfRecord(deps, plan),
    restatedBuckets(runtime, plan, signal),
  ]);
  const folded = fold(plan, table, wholes.answers, first, GROUPS_MAX);
  return {
    sql: statement.sql,
    parameters: parametersOf(statement),
    totals: folded.totals.map(({ measure, total, compared }) => ({ measure: measure.id, total, compared })),
    series: folded.series.map(({ measure, group, points, total, compared }) => ({
      measure: measure.id,
      group: [...group],
      points,
      total,
      compared,
    })),
    groupsLeftOut: folded.groupsLeftOut,
    restated,
    rowsRead: table.rowsRead + wholes.rowsRead,
  };
}

/** Quantiles do not add up: over the whole time, and over all groups, they are asked for by themselves. */
async function wholesOf(
  { runtime }: QuestionDeps,
  plan: Plan,
  signal: AbortSignal | undefined,
): Promise<{ answers: Wholes; rowsRead: number }> {
  const measures = plan.asking.measures.filter(({ figure }) => figure.kind === 'quantile');
  const { by, grain } = plan.asking;
  if (measures.length === 0 || (by.length === 0 && grain === 'none'))
    return { answers: { byGroup: null, all: null }, rowsRead: 0 };
  const { from } = plan.asked.span;
  // Buckets that have not begun do not count.
  const to = plan.asked.starts.find((start) => start > plan.situation.now) ?? plan.asked.span.to;
  const wholly = (groups: Asking['by']) => {
    const asking: Asking = {
      ...plan.asking,
      measures,
      by: groups,
      grain: 'none',
      over: { from, to },
      compare: plan.compared?.span ?? null,
    };
    return run(runtime, statementOf(planOf(asking, plan.situation)), { signal });
  };
  const [byGroup, all] = await Promise.all([grain === 'none' ? null : wholly(by), by.length === 0 ? null : wholly([])]);
  return {
    answers: { byGroup: byGroup ?? all, all: all ?? byGroup },
    rowsRead: (byGroup?.rowsRead ?? 0) + (all?.rowsRead ?? 0),
  };
}

async function startsOfRecord({ recordStart }: QuestionDeps, plan: Plan): Promise<RecordStarts> {
  const { measures } = plan.asking;
  const starts = await Promise.all(
    measures.map(async ({ id, kpi }) => [id, await recordStart(kpi.recordedSince)] as const),
  );
  const byId = new Map(starts);
  return ({ id }) => byId.get(id)!;
}

const levels = ['day', 'hour', 'minute', 'raw'] as const;

/** The finest that was needed; days and hours cut by the edge of a bucket do not count. */
function levelOf(plan: Plan): MetricAnswer['level'] {
  if (plan.parts.length === 0) return 'raw';
  const found = plan.parts.map((part) =>
    part.source.from === 'roll-ups' ? tiersFor(plan, part, plan.asked)[0]!.level : ('raw' as const),
  );
  return levels[Math.max(...found.map((level) => levels.indexOf(level)))]!;
}

export const parametersOf = ({ parameters }: Statement): MetricAnswer['parameters'] =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );

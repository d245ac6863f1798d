/** What moved a figure between two periods, shared out over the values of some dimensions. */
import { largestFirst, movedCounts, movedRates } from '../../analytics/metrics/contribution.ts';
import type { Figure } from '../../analytics/metrics/measures.ts';
import { statementOf } from '../../analytics/sql/metrics/statement.ts';
import type { ContributionAnswer, ContributionQuestion } from '../http/contract/questions.ts';
import { Refusal } from '../http/problems.ts';
import { type Asker, planned, type QuestionDeps } from './ask.ts';
import { run } from './run.ts';

const PARTS_MAX = 50;

export async function contribution(
  deps: QuestionDeps,
  question: ContributionQuestion,
  asker: Asker,
  signal?: AbortSignal,
): Promise<ContributionAnswer> {
  const startedAt = performance.now();
  const { measure: id, by, where, over, compare } = question;
  const plan = planned({ measures: [id], by, grain: 'none', where, over, compare }, asker, deps.situation());
  const [measure] = plan.asking.measures;
  const { figure, column } = measure!;
  if (figure.kind === 'quantile') throw noShares(id);
  const { columns, rows } = await run(deps.runtime, statementOf(plan), { signal });
  const at = (name: string) => columns.indexOf(name);
  const groups = new Map<string, { group: string[]; asked: unknown[]; compared: unknown[] }>();
  for (const row of rows) {
    const group = row.slice(1, 1 + by.length).map((value) => String(value ?? ''));
    const key = group.join('\u0001');
    const known = groups.get(key) ?? { group, asked: [], compared: [] };
    groups.set(key, known);
    known[row[0] as 'asked' | 'compared'] = row;
  }
  const number = (row: unknown[], name: string) => Number(row[at(name)] ?? 0);
  const told =
    figure.kind === 'ratio'
      ? rates([...groups.values()], column, figure, number)
      : counts([...groups.values()], column, number);
  const { parts, rest } = largestFirst(told.parts, PARTS_MAX);
  return {
    measure: id,
    from: plan.asked.span.from,
    to: plan.asked.span.to,
    compared: plan.compared!.span,
    before: told.before,
    after: told.after,
    change: told.before === null || told.after === null ? null : told.after - told.before,
    parts,
    rest,
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
  };
}

type Group = { group: string[]; asked: unknown[]; compared: unknown[] };
type Read = (row: unknown[], name: string) => number;

function counts(groups: Group[], column: string, number: Read) {
  const parts = movedCounts(
    groups.map(({ group, asked, compared }) => ({
      group,
      before: compared.length === 0 ? null : number(compared, column),
      after: asked.length === 0 ? null : number(asked, column),
    })),
  );
  const sum = (side: 'before' | 'after') => parts.reduce((total, part) => total + (part[side] ?? 0), 0);
  return { before: sum('before'), after: sum('after'), parts };
}

function rates(groups: Group[], column: string, { times }: Extract<Figure, { kind: 'ratio' }>, number: Read) {
  const sides = (row: unknown[]) => ({ part: number(row, `${column}_part`), whole: number(row, `${column}_whole`) });
  const moved = movedRates(
    groups.map(({ group, asked, compared }) => ({ group, before: sides(compared), after: sides(asked) })),
    times,
  );
  return (
    moved ?? {
      before: totalRate(groups, 'compared', sides, times),
      after: totalRate(groups, 'asked', sides, times),
      parts: [],
    }
  );
}

/** When one of the periods has nothing to divide by, the other may still have a rate. */
function totalRate(
  groups: Group[],
  side: 'asked' | 'compared',
  sides: (row: unknown[]) => { part: number; whole: number },
  times: number,
): number | null {
  const sum = groups
    .map((one) => sides(one[side]))
    .reduce((a, b) => ({ part: a.part + b.part, whole: a.whole + b.whole }), { part: 0, whole: 0 });
  return sum.whole > 0 ? (times * sum.part) / sum.whole : null;
}

const noShares = (id: string) =>
  new Refusal(400, {
    title: 'This cannot be asked',
    detail: `${id} is a quantile: it is no sum of parts, so its change cannot be shared out.`,
    remedy: 'Compare it by group over time instead, or ask what moved a count or a rate.',
  });

/** The groups of an answer, one row each: its figures, how they changed, and its course. Pure. */
import type { MetricSeries } from '../../../server/http/contract/questions.ts';
import { type DrawnAnswer, OTHERS, valueName } from './drawn.ts';

export type GroupFigure = { total: number | null; before: number | null };
export type GroupRow = {
  key: string;
  name: string;
  group: MetricSeries['group'];
  /** By measure. */
  figures: ReadonlyMap<string, GroupFigure>;
  /** The course of the drawn measure. */
  values: (number | null)[];
};
/** `given`: as it was answered, the largest of the first measure first, hours and weekdays in their order. */
export type GroupOrder = { measure: string; by: 'given' | 'total' | 'change' | 'name'; descending: boolean };

/** `Zalando`, `Zalando, RTM-2`; empty values are `none`, the rest is `All others`. */
export function groupName(group: MetricSeries['group'], by: readonly string[]): string {
  if (group.length === 0) return 'All';
  if (group.every((value) => value === null)) return OTHERS;
  return group.map((value, at) => valueName(by[at], value)).join(', ');
}

export function groupsOf(answer: DrawnAnswer, drawn: string): GroupRow[] {
  const rows = new Map<string, { group: MetricSeries['group']; series: MetricSeries[] }>();
  for (const series of answer.series) {
    const key = groupName(series.group, answer.question.by);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { group: series.group, series: [series] });
    else row.series.push(series);
  }
  return [...rows].map(([key, { group, series }]) => ({
    key,
    name: key,
    group,
    figures: new Map(
      series.map(({ measure, total, compared }) => [measure, { total, before: compared?.total ?? null }]),
    ),
    values: series.find(({ measure }) => measure === drawn)?.points.map(([, value]) => value) ?? [],
  }));
}

/** Of several measures the last weighs the groups, so it says which stand first. */
export const firstOrder = ({ question: { measures } }: DrawnAnswer): GroupOrder => ({
  measure: measures.at(-1) ?? '',
  by: measures.length > 1 ? 'total' : 'given',
  descending: true,
});

/** The rest beyond the groups that are answered one by one always stands last. */
export function sortGroups(rows: readonly GroupRow[], { measure, by, descending }: GroupOrder): GroupRow[] {
  const figureOf = (row: GroupRow): number | null => {
    const { total = null, before = null } = row.figures.get(measure) ?? {};
    if (by === 'total') return total;
    return total === null || before === null ? null : total - before;
  };
  const isRest = (row: GroupRow) => row.name === OTHERS;
  return [...rows].sort((a, b) => {
    if (isRest(a) !== isRest(b)) return isRest(a) ? 1 : -1;
    if (by === 'given') return 0;
    if (by === 'name') return (descending ? -1 : 1) * a.name.localeCompare(b.name, 'en', { numeric: true });
    const [left, right] = [figureOf(a), figureOf(b)];
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    return descending ? right - left : left - right;
  });
}

/** Whether a figure is on the wrong side of its target. */
export function isOffTarget(value: number | null, target: number | undefined, direction: string): boolean {
  if (value === null || target === undefined) return false;
  return direction === 'down' ? value > target : value < target;
}

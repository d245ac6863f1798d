/** What is drawn of an answer, before it has colours: lines over time, or one figure for each of some names. Pure. */
import type { Unit } from '../../formats/quantities.ts';
import type { DrawnAnswer, Named } from './drawn.ts';
import { groupName } from './groups.ts';
import type { ChartColumns } from './guess-chart.ts';
import type { Cell, Sheet } from './sheet.ts';

export type Point = [at: number, value: number | null];
export type PictureLine = {
  key: string;
  name: string;
  points: Point[];
  /** The same of what it is compared with. */
  before: Point[] | null;
};
export type PictureMark = { line: string; at: number; title: string };
export type Picture = {
  /** Empty: `at` is a time; else it is the place of a name. */
  names: string[];
  lines: PictureLine[];
  linesLeftOut: number;
  /** What goes up. */
  name: string;
  unit: Unit | null;
  target: number | null;
  anomalies: PictureMark[];
  restated: { at: number; lateSteps: number }[];
  /** Times are of this place; SQL says them as UTC. */
  timeZone: string;
  /** Days and longer have no clock. */
  hasClock: boolean;
};

export const LINES_MAX = 60;
const DAY_MS = 86_400_000;

/** One measure of an answer of the builder. */
export function pictureOfAnswer(
  answer: DrawnAnswer,
  measure: string,
  askable: Named | null,
  timeZone: string,
): Picture {
  const definition = askable?.measures.find(({ id }) => id === measure);
  const series = answer.series.filter((one) => one.measure === measure);
  const timed = answer.question.grain !== 'none';
  const common = {
    linesLeftOut: Math.max(0, series.length - LINES_MAX),
    name: definition?.name ?? measure,
    unit: (definition?.unit ?? 'count') as Unit,
    target: answer.targets.find((one) => one.measure === measure)?.target ?? null,
    restated: answer.restated.filter((one) => one.measure === measure),
    timeZone,
    hasClock: answer.question.grain === 'minute' || answer.question.grain === 'hour',
  };
  if (!timed) {
    const names = series.slice(0, LINES_MAX).map(({ group }) => groupName(group, answer.question.by));
    const points = (values: (number | null)[]): Point[] => values.map((value, place) => [place, value]);
    const before = series.some(({ compared }) => compared !== null)
      ? points(series.map(({ compared }) => compared?.total ?? null))
      : null;
    const line = { key: '', name: common.name, points: points(series.map(({ total }) => total)), before };
    return { ...common, names, lines: [line], anomalies: [] };
  }
  return {
    ...common,
    names: [],
    lines: series.slice(0, LINES_MAX).map(({ group, points, compared }) => {
      const name = groupName(group, answer.question.by);
      return { key: name, name, points, before: compared?.points ?? null };
    }),
    anomalies: answer.anomalies
      .filter((one) => one.measure === measure)
      .map(({ group, at, title }) => ({ line: groupName(group, answer.question.by), at, title })),
  };
}

/** Chosen columns of any answer. Rows without a time or a name are not drawn. */
export function pictureOfSheet(sheet: Sheet, columns: ChartColumns): Picture {
  const place = (id: string) => sheet.columns.findIndex((one) => one.id === id);
  const [xAt, yAt, seriesAt] = [place(columns.x), place(columns.y), place(columns.series)];
  const timed = sheet.columns[xAt]?.kind === 'time';
  const names = timed ? [] : [...new Set(sheet.rows.map((row) => nameOf(row[xAt])))];
  const placeOfName = new Map(names.map((name, index) => [name, index]));
  const lines = new Map<string, Point[]>();
  for (const row of sheet.rows) {
    const at = timed ? timeOf(row[xAt] ?? null) : placeOfName.get(nameOf(row[xAt]))!;
    const value = row[yAt];
    if (at === null) continue;
    const key = seriesAt < 0 ? columns.y : nameOf(row[seriesAt]);
    const points = lines.get(key) ?? [];
    lines.set(key, points);
    points.push([at, typeof value === 'number' ? value : null]);
  }
  const all = [...lines].map(([name, points]) => ({
    key: name,
    name,
    points: points.sort(([a], [b]) => a - b),
    before: null,
  }));
  const y = sheet.columns[yAt];
  return {
    names,
    lines: all.slice(0, LINES_MAX),
    linesLeftOut: Math.max(0, all.length - LINES_MAX),
    name: y?.name ?? columns.y,
    unit: y?.unit ?? null,
    target: null,
    anomalies: [],
    restated: [],
    timeZone: 'UTC',
    hasClock: all.some(({ points }) => points.some(([at]) => at % DAY_MS !== 0)),
  };
}

const nameOf = (value: Cell | undefined): string =>
  value === null || value === undefined || value === '' ? 'none' : String(value);

/** `2026-11-01`, `2026-11-01 14:30:00`, with `T` and `Z` or without, or milliseconds. */
export function timeOf(value: Cell): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  const iso = value.replace(' ', 'T');
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`);
  return Number.isNaN(at) ? null : at;
}

/** The sentence that stands for the picture. */
export function pictureSentence(picture: Picture, highlighted: string | null, show: (value: number) => string): string {
  const line = picture.lines.find(({ key }) => key === highlighted) ?? picture.lines[0];
  const known = line?.points.filter((point): point is [number, number] => point[1] !== null) ?? [];
  if (line === undefined || known.length === 0) return `${picture.name}: nothing to draw`;
  const [first, last] = [known[0]![1], known.at(-1)![1]];
  const values = known.map(([, value]) => value);
  const range = `lowest ${show(Math.min(...values))}, highest ${show(Math.max(...values))}`;
  if (picture.names.length > 0) return `${picture.name} of ${picture.names.length} groups: ${range}`;
  const others = picture.lines.length > 1 ? `, one of ${picture.lines.length} lines` : '';
  return `${picture.name}, ${line.name}${others}: from ${show(first)} to ${show(last)}, ${range}`;
}

/** What a report shows: figures in words, a small table, and what is drawn. The same for questions of measures and for SQL. */
import { DateTime } from 'luxon';
import { bareType, type Cell, type Column, isNumberKind, kindOf, textOf } from '../exports/cell-kinds.ts';
import type { MetricAnswer } from '../http/contract/questions.ts';
import type { Drawn } from './picture.ts';

export type Content = {
  /** Sentence under the name: which time, compared with what. */
  about: string;
  figures: { name: string; value: string; change: string | null }[];
  table: { columns: { name: string; isNumber: boolean }[]; rows: string[][]; leftOut: number };
  drawn: Drawn | null;
  /** What the picture stands for, for who does not see it. */
  drawnWords: string;
};
export type Measure = { id: string; name: string; unit: string };
export type Situation = { timeZone: string; currency: string };

const ROWS_SHOWN = 14;
const COLUMNS_SHOWN = 6;
const SERIES_DRAWN = 6;
const BARS_DRAWN = 20;

export function written(value: number | null, unit: string, currency: string): string {
  if (value === null || !Number.isFinite(value)) return '–';
  if (unit === 'money') {
    const digits =
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    return new Intl.NumberFormat('en', {
      style: 'currency',
      currency,
      maximumFractionDigits: Math.abs(value) >= 10 ** (digits + 3) || value % 10 ** digits === 0 ? 0 : digits,
    }).format(value / 10 ** digits);
  }
  const text = value.toLocaleString('en', {
    maximumFractionDigits: Number.isInteger(value) || Math.abs(value) >= 1_000 ? 0 : 2,
  });
  const units: Record<string, string> = {
    percent: ' %',
    hours: ' h',
    minutes: ' min',
    milliseconds: ' ms',
    days: ' days',
  };
  return `${text}${units[unit] ?? ''}`;
}

function changeOf(now: number | null, before: number | null, unit: string): string | null {
  if (now === null || before === null) return null;
  if (unit === 'percent') return `${signed(now - before)} points`;
  return before === 0 ? null : `${signed(((now - before) / Math.abs(before)) * 100)} %`;
}
const signed = (value: number) => `${value > 0 ? '+' : ''}${value.toLocaleString('en', { maximumFractionDigits: 1 })}`;

const timeFormats: Record<string, string> = {
  minute: 'd LLL HH:mm',
  hour: 'd LLL HH:mm',
  month: 'LLL yyyy',
  quarter: 'LLL yyyy',
  year: 'yyyy',
};

export function contentOfMetrics(
  answer: MetricAnswer,
  measures: readonly Measure[],
  { timeZone, currency }: Situation,
): Content {
  const { question, series } = answer;
  const format = timeFormats[question.grain] ?? 'd LLL';
  const day = (at: number) => DateTime.fromMillis(at, { zone: timeZone }).toFormat('d LLL yyyy HH:mm');
  const between = `${day(answer.from)} to ${day(answer.to)} (${timeZone})`;
  const figures = answer.totals.map(({ measure, total, compared }) => {
    const { name, unit } = named(measures, measure);
    return { name, value: written(total, unit, currency), change: changeOf(total, compared, unit) };
  });
  const groups = [...new Map(series.map(({ group }) => [JSON.stringify(group), group])).values()];
  const of = (measure: string, group: unknown) =>
    series.find((one) => one.measure === measure && JSON.stringify(one.group) === JSON.stringify(group));
  const columnsOf = (first: string[]) => [
    ...first.map((name) => ({ name, isNumber: false })),
    ...question.measures.map((id) => ({ name: named(measures, id).name, isNumber: true })),
  ];
  const isGrouped = question.by.length > 0;
  const times = question.grain === 'none' ? [] : (series[0]?.points.map(([at]) => at) ?? []);
  const all: string[][] = isGrouped
    ? groups.map((group) => [
        ...group.map((value) => value ?? 'all others'),
        ...question.measures.map((id) => written(of(id, group)?.total ?? null, named(measures, id).unit, currency)),
      ])
    : times.toReversed().map((at) => [
        DateTime.fromMillis(at, { zone: timeZone }).toFormat(format),
        ...question.measures.map((id) => {
          const value = of(id, groups[0])?.points.find(([time]) => time === at)?.[1] ?? null;
          return written(value, named(measures, id).unit, currency);
        }),
      ]);
  const first = named(measures, question.measures[0]!);
  const drawnSeries = series
    .filter(({ measure }) => measure === first.id)
    .toSorted((a, b) => Math.abs(b.total ?? 0) - Math.abs(a.total ?? 0));
  const nameOf = (group: readonly (string | null)[]) =>
    group.map((value) => value ?? 'all others').join(' · ') || first.name;
  const shown = drawnSeries.slice(0, times.length > 1 ? SERIES_DRAWN : BARS_DRAWN);
  const label = (value: number) => written(value, first.unit, currency);
  const drawn: Drawn | null =
    shown.length === 0
      ? null
      : times.length > 1
        ? {
            as: 'line',
            along: { times, timeZone, format },
            series: [
              ...shown.map((one) => ({ name: nameOf(one.group), values: one.points.map(([, value]) => value) })),
              ...(shown.length === 1 && shown[0]!.compared !== null
                ? [{ name: 'before', values: shown[0]!.compared.points.map(([, value]) => value), isCompared: true }]
                : []),
            ],
            written: label,
          }
        : {
            as: 'bar',
            along: { names: shown.map(({ group }) => nameOf(group)) },
            series: [{ name: first.name, values: shown.map(({ total }) => total) }],
            written: label,
          };
  const drawnOf = shown.length < drawnSeries.length ? `, the ${shown.length} largest of ${drawnSeries.length}` : '';
  return {
    about:
      answer.compared === null
        ? between
        : `${between}, compared with ${day(answer.compared.from)} to ${day(answer.compared.to)}`,
    figures,
    table: {
      columns: columnsOf(isGrouped ? question.by : ['time']),
      rows: all.slice(0, ROWS_SHOWN),
      leftOut: Math.max(0, all.length - ROWS_SHOWN),
    },
    drawn,
    drawnWords: `${first.name}${drawnOf}`,
  };
}

const named = (measures: readonly Measure[], id: string): Measure =>
  measures.find((one) => one.id === id) ?? { id, name: id, unit: 'count' };

/** @param rows the first of the answer @param count of all of them, once known */
export function contentOfRows(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  count: number,
  { timeZone }: Situation,
): Content {
  const shownColumns = columns.slice(0, COLUMNS_SHOWN);
  const kinds = columns.map(({ type }) => kindOf(type));
  const cell = (value: Cell, at: number): string => {
    if (value === null) return '–';
    if (isNumberKind(kinds[at]!)) return Number(value).toLocaleString('en', { maximumFractionDigits: 2 });
    if (kinds[at] === 'time') return DateTime.fromISO(String(value), { zone: timeZone }).toFormat('d LLL yyyy HH:mm');
    return textOf(value);
  };
  const figureAt = kinds.findIndex((kind, at) => at > 0 && isNumberKind(kind));
  const isTimed = kinds[0] === 'time' || kinds[0] === 'date';
  const canDraw =
    figureAt > 0 &&
    rows.length > 1 &&
    rows.length === count &&
    (isTimed || rows.length <= BARS_DRAWN) &&
    new Set(rows.map(([first]) => String(first))).size === rows.length;
  const figure = columns[figureAt]?.name ?? '';
  return {
    about: `${count.toLocaleString('en')} rows`,
    figures: [],
    table: {
      columns: shownColumns.map(({ name, type }) => ({ name, isNumber: isNumberKind(kindOf(bareType(type))) })),
      rows: rows.slice(0, ROWS_SHOWN).map((row) => shownColumns.map((_, at) => cell(row[at]!, at))),
      leftOut: Math.max(0, count - ROWS_SHOWN),
    },
    drawn: canDraw
      ? {
          as: isTimed ? 'line' : 'bar',
          along: { names: rows.map((row) => cell(row[0]!, 0)) },
          series: [
            { name: figure, values: rows.map((row) => (row[figureAt] === null ? null : Number(row[figureAt]))) },
          ],
          written: (value) => value.toLocaleString('en'),
        }
      : null,
    drawnWords: `${figure} by ${columns[0]?.name ?? ''}`,
  };
}

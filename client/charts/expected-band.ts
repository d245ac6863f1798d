/** What was expected of a series, as charts draw it behind the line: an area with its middle, and what was outside of it. */
import type { BandAnswer } from '../../server/http/contract/signals.ts';

export type DrawnBand = {
  /** Lower edge, and how far the upper one lies above it: areas are stacked. */
  low: [at: number, value: number | null][];
  height: [at: number, value: number | null][];
  mid: [at: number, value: number | null][];
  /** Times in which the series was outside of what was expected. */
  outside: { from: number; to: number; name: string }[];
  /** What was planned, and is expected for that reason. */
  planned: { from: number; to: number; name: string }[];
};

const shapeWords: Record<BandAnswer['anomalies'][number]['what'], string> = {
  spike: 'spike',
  drop: 'drop',
  'shift-up': 'level up',
  'shift-down': 'level down',
  'drift-up': 'drifting up',
  'drift-down': 'drifting down',
  flat: 'stuck',
  missing: 'no data',
  variance: 'restless',
  normal: '',
};
export const shapeName = (what: BandAnswer['anomalies'][number]['what']): string => shapeWords[what];

/** Null where nothing was learned. */
export function drawnBand(band: Pick<BandAnswer, 'points' | 'anomalies' | 'planned' | 'to'> | null): DrawnBand | null {
  if (band === null || band.points.length === 0) return null;
  const points = band.points;
  return {
    low: points.map(({ at, low }) => [at, low]),
    height: points.map(({ at, low, high }) => [at, low === null || high === null ? null : high - low]),
    mid: points.map(({ at, mid }) => [at, mid]),
    outside: band.anomalies.map(({ from, to, what }) => ({ from, to: to ?? band.to, name: shapeName(what) })),
    planned: band.planned.map(({ from, to, name }) => ({ from, to, name })),
  };
}

/** Two stacked areas of which only the upper one is filled, and the middle; they say nothing when one points at them. */
export function bandSeries(band: DrawnBand | null, color: (name: string) => string): object[] {
  if (band === null) return [];
  const silent = { type: 'line', symbol: 'none', silent: true, connectNulls: false, tooltip: { show: false }, z: 1 };
  const edge = { ...silent, stack: 'expected', stackStrategy: 'all', lineStyle: { width: 0 } };
  const areaOf = (list: DrawnBand['outside'], fill: string, opacity: number) =>
    list.map(({ from, to, name }) => [
      { name, xAxis: from, itemStyle: { color: color(fill), opacity } },
      { xAxis: to },
    ]);
  return [
    { ...edge, name: 'expected from', data: band.low, areaStyle: { opacity: 0 } },
    {
      ...edge,
      name: 'expected to',
      data: band.height,
      areaStyle: { color: color('series1'), opacity: 0.13 },
      markArea: {
        silent: true,
        label: { fontSize: 11, color: color('ink2'), position: 'insideTop' },
        data: [...areaOf(band.outside, 'crit-fill', 0.14), ...areaOf(band.planned, 'ink3', 0.1)],
      },
    },
    {
      ...silent,
      name: 'expected',
      data: band.mid,
      tooltip: { show: true },
      lineStyle: { width: 1, color: color('series1'), type: [3, 3], opacity: 0.7 },
      itemStyle: { color: color('series1') },
    },
  ];
}

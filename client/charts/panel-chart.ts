/** Where the parts of a small chart stand: lines over time with a past and a future. Pure; lengths in px. */
import { formatClock, formatMonthDay } from '../formats/times.ts';

export type Point = [at: number, value: number | null];
export type ChartLine = { name: string; points: Point[]; look: 'solid' | 'dashed' | 'quiet' };
export type ChartZone = { from: number; to: number; name: string };
export type ChartMark = { at: number; name: string };
export type ChartBand = { name: string; low: number; high: number };
/** The same over time; null where nothing is known. */
export type ChartArea = { name: string; points: { at: number; low: number | null; high: number | null }[] };
export type PanelChartInput = {
  lines: ChartLine[];
  zones?: ChartZone[];
  marks?: ChartMark[];
  band?: ChartBand;
  area?: ChartArea;
  /** Drawn as a line from top to bottom when it lies inside. */
  now: number;
  nowName?: string;
};
export type Tick = { at: number; text: string };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MARGIN = { left: 44, right: 8, top: 18, bottom: 20 };
/** Labels nearer to each other than this would touch. */
const LABEL_PX = 44;
const STEPS_MS = [
  HOUR_MS / 4,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  4 * DAY_MS,
  7 * DAY_MS,
];
const X_TICKS_MAX = 5;

export function drawPanelChart(input: PanelChartInput, timeZone: string, width: number, height: number) {
  const { lines, zones = [], marks = [], band, area, now } = input;
  const times = [...lines.flatMap(({ points }) => points.map(([at]) => at)), ...marks.map(({ at }) => at)];
  const values = lines.flatMap(({ points }) => points.flatMap(([, value]) => value ?? []));
  if (times.length === 0 || values.length === 0) return null;
  const [from, to] = [Math.min(...times), Math.max(...times, Math.min(...times) + 1)];
  const yTicks = niceTicks(
    Math.min(0, ...values),
    Math.max(...values, band?.high ?? 0, ...(area?.points ?? []).map(({ high }) => high ?? 0)),
  );
  const [low, high] = [yTicks[0]!, yTicks.at(-1)!];
  const plot = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
  const x = (at: number) => plot.left + ((at - from) / (to - from)) * (plot.right - plot.left);
  const y = (value: number) => plot.bottom - ((value - low) / (high - low)) * (plot.bottom - plot.top);
  const inside = (at: number) => Math.min(to, Math.max(from, at));
  const nowAt = now > from && now < to ? x(now) : null;
  const nowTick: Tick[] = nowAt === null ? [] : [{ at: nowAt, text: input.nowName ?? 'Now' }];
  return {
    plot,
    yTicks: yTicks.map((value) => ({ at: y(value), value })),
    xTicks: spread([...nowTick, ...timeTicks(from, to, timeZone, x)], plot),
    nowAt,
    lines: lines.map(({ name, points, look }) => ({ name, look, path: pathOf(points, x, y) })),
    band: band === undefined ? null : { y: y(band.high), height: Math.max(1, y(band.low) - y(band.high)) },
    area: area === undefined ? '' : areaPath(area.points, from, to, x, y),
    zones: zones.map(({ from: begin, to: end, name }) => {
      const [start, stop] = [x(inside(begin)), x(inside(end))];
      return { name, x: start, width: Math.max(2, stop - start), dot: begin >= from ? { x: start, y: y(0) } : null };
    }),
    marks: marks.map(({ at, name }) => ({ name, x: x(at), anchor: anchorOf(x(at), plot) })),
  };
}

/** Three to five round values that hold both ends. */
export function niceTicks(low: number, high: number): number[] {
  const span = high - low || 1;
  const rough = span / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough)!;
  const ticks: number[] = [];
  for (let n = Math.floor(low / step); n * step < high + step * 0.999; n++) ticks.push(round(n * step));
  return ticks.length > 1 ? ticks : [low, low + step];
}

const round = (value: number): number => Math.round(value * 1e6) / 1e6;

function timeTicks(from: number, to: number, timeZone: string, x: (at: number) => number): Tick[] {
  const step = STEPS_MS.find((one) => (to - from) / one <= X_TICKS_MAX) ?? 14 * DAY_MS;
  const ticks: Tick[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    ticks.push({ at: x(at), text: step < DAY_MS ? formatClock(at, timeZone) : formatMonthDay(at, timeZone) });
  }
  return ticks;
}

/** The first ones stay; what would touch one of them is left out. */
function spread(ticks: readonly Tick[], { left, right }: { left: number; right: number }): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) {
    const at = Math.min(right - LABEL_PX / 2, Math.max(left + LABEL_PX / 2 - 12, tick.at));
    if (kept.every((other) => Math.abs(other.at - at) >= LABEL_PX)) kept.push({ ...tick, at });
  }
  return kept;
}

function anchorOf(x: number, { left, right }: { left: number; right: number }): 'start' | 'middle' | 'end' {
  if (x - left < LABEL_PX) return 'start';
  return right - x < LABEL_PX ? 'end' : 'middle';
}

/** A hole ends one stroke and begins another. */
function pathOf(points: readonly Point[], x: (at: number) => number, y: (value: number) => number): string {
  let path = '';
  let pen = false;
  for (const [at, value] of points) {
    if (value === null) pen = false;
    else {
      path += `${pen ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = true;
    }
  }
  return path;
}

/** Along the upper edge and back along the lower one, each stretch without a hole by itself. */
function areaPath(
  points: ChartArea['points'],
  from: number,
  to: number,
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  const stretches: { at: number; low: number; high: number }[][] = [[]];
  for (const { at, low, high } of points) {
    if (low === null || high === null || at < from || at > to) stretches.push([]);
    else stretches.at(-1)!.push({ at, low, high });
  }
  return stretches
    .filter((stretch) => stretch.length > 1)
    .map((stretch) => {
      const corner = (at: number, value: number) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
      const above = stretch.map(({ at, high }) => corner(at, high));
      const below = stretch.toReversed().map(({ at, low }) => corner(at, low));
      return `M${[...above, ...below].join('L')}Z`;
    })
    .join('');
}

/** The picture of the ship story as SVG paths. Pure: sizes and times in, coordinates out. */
import type { ShipStory } from '../../server/live/contract/tiles.ts';
import { formatClock } from '../formats/times.ts';

const Y_TICKS = 3;
const HOUR_MS = 3_600_000;
const X_TICKS_MAX = 6;
/** Room for `12,345 late`, in pixels of the design. */
const END_LABEL_WIDTH = 190;

export type Tick = { at: number; text: string };
export type StoryPicture = {
  left: number;
  right: number;
  top: number;
  bottom: number;
  xTicks: Tick[];
  yTicks: Tick[];
  actual: string;
  area: string[];
  lastWeek: string;
  needed: string;
  forecast: string;
  /** The space between the pace needed and the forecast, up to the cut-off; empty when the forecast makes it. */
  gap: string;
  cutOff: number | null;
  cutOffLabelAt: number;
  head: { x: number; y: number } | null;
  end: { x: number; y: number } | null;
  /** Where the words about the end stand: beside it where there is room, else under or over the line that leads there. */
  endLabel: { x: number; y: number; anchor: 'start' | 'end' };
};
type Point = readonly [time: number, value: number];

/** `px` is the size of one design pixel on this screen. */
export function drawStory(story: ShipStory, timeZone: string, width: number, height: number, px: number): StoryPicture {
  const left = 72 * px;
  const right = width - 44 * px;
  const top = 56 * px;
  const bottom = height - 42 * px;
  const all = [
    ...story.actual,
    ...story.lastWeek,
    ...story.needed.map(([, v]) => v),
    ...story.forecast.map(([, v]) => v),
  ];
  const step = niceStep(Math.max(1, ...all.filter((value): value is number => value !== null)));
  const highest = Math.max(step, ...all.map((value) => value ?? 0));
  const span = Math.max(1, story.to - story.from);
  const x = (time: number) => left + ((time - story.from) / span) * (right - left);
  const y = (value: number) => bottom - (value / highest) * (bottom - top);
  const path = (points: Point[]) =>
    points.map(([time, value], index) => `${index ? 'L' : 'M'}${round(x(time))} ${round(y(value))}`).join('');

  const actual = runs(story.actual, story.from, story.stepMs);
  const lastActual = actual.at(-1)?.at(-1);
  const cutOff = story.cutOff !== null && story.cutOff >= story.from && story.cutOff <= story.to ? story.cutOff : null;
  const atCutOff = cutOff !== null && (story.lateAtCutOff ?? 0) > 0 ? valueAt(story.forecast, cutOff) : null;
  const end: Point | null = atCutOff === null || cutOff === null ? null : [cutOff, atCutOff];
  const endAt = end === null ? null : { x: x(end[0]), y: y(end[1]) };
  const gapTop = end === null ? [] : [...story.forecast.filter(([time]) => time < end[0]), end];

  return {
    left,
    right,
    top,
    bottom,
    xTicks: hours(story.from, story.to).map((at) => ({ at: x(at), text: formatClock(at, timeZone) })),
    yTicks: steps(step, highest).map((value) => ({ at: y(value), text: thousands(value) })),
    actual: actual.map(path).join(''),
    area: actual.map((run) => `${path(run)}L${round(x(run.at(-1)![0]))} ${bottom}L${round(x(run[0]![0]))} ${bottom}Z`),
    lastWeek: runs(story.lastWeek, story.from, story.stepMs).map(path).join(''),
    needed: path(story.needed),
    forecast: path(story.forecast),
    gap: end !== null && story.needed.length > 1 ? `${path([...story.needed, ...gapTop.toReversed()])}Z` : '',
    cutOff: cutOff === null ? null : x(cutOff),
    cutOffLabelAt: cutOff === null ? 0 : Math.min(right - 60 * px, Math.max(left + 90 * px, x(cutOff))),
    head: lastActual === undefined ? null : { x: x(lastActual[0]), y: y(lastActual[1]) },
    end: endAt,
    endLabel: labelOf(endAt ?? { x: left, y: bottom }, width, top, px),
  };
}

function labelOf(end: { x: number; y: number }, width: number, top: number, px: number): StoryPicture['endLabel'] {
  const isHigh = end.y - top < 60 * px;
  const beside = width - end.x > END_LABEL_WIDTH * px;
  if (beside) return { x: end.x + 20 * px, y: end.y + (isHigh ? 36 : -12) * px, anchor: 'start' };
  return { x: end.x - 20 * px, y: end.y + (isHigh ? 52 : -40) * px, anchor: 'end' };
}

/** A line's value at a time between its points. */
function valueAt(points: Point[], time: number): number | null {
  const after = points.findIndex(([at]) => at >= time);
  const [right, left] = [points[after], points[after - 1]];
  if (right === undefined) return null;
  if (right[0] === time || left === undefined) return right[1];
  return left[1] + ((right[1] - left[1]) * (time - left[0])) / (right[0] - left[0]);
}

function runs(values: (number | null)[], from: number, stepMs: number): Point[][] {
  const found: Point[][] = [];
  let open: Point[] = [];
  values.forEach((value, index) => {
    if (value === null) {
      if (open.length > 0) found.push(open);
      open = [];
    } else {
      open.push([from + index * stepMs, value]);
    }
  });
  if (open.length > 0) found.push(open);
  return found;
}

/** 1, 2 or 5 times a power of ten, so that at most three lines stand on the axis. */
function niceStep(highest: number): number {
  const raw = highest / Y_TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10;
  return Math.max(1, factor * power);
}

function steps(step: number, highest: number): number[] {
  return Array.from({ length: Math.floor(highest / step) }, (_, index) => (index + 1) * step);
}

/** Whole hours, as many as fit to be read. */
function hours(from: number, to: number): number[] {
  const count = (to - from) / HOUR_MS;
  const every = [1, 2, 3, 4, 6, 12, 24].find((every) => count / every <= X_TICKS_MAX) ?? 24;
  const found: number[] = [];
  for (let at = from; at <= to; at += every * HOUR_MS) found.push(at);
  return found;
}

function thousands(value: number): string {
  return value >= 1_000 ? `${value / 1_000}k` : String(value);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

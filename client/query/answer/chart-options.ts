/** A picture as ECharts takes it: one line stands out, the others stand back with their names at their ends. Pure. */
import { bandSeries, type DrawnBand } from '../../charts/expected-band.ts';
import type { Picture, PictureLine } from './picture.ts';

export type ChartLook = {
  kind: 'line' | 'bar';
  /** The key of the line, or the name of the bar, that stands out. */
  highlighted: string | null;
  /** Figures that add up are stacked. */
  stacks: boolean;
  width: number;
  height: number;
  /** How much larger than at a desk: a wall is read from afar. */
  scale: number;
  /** Drawn behind lines over time. */
  band?: DrawnBand | null;
  fontFamily: string;
  color(token: string): string;
  formatValue(value: number): string;
  formatTime(at: number): string;
  formatMoment(at: number): string;
};

const LABEL_PX = 14;
const CHARACTER_PX = 6.4;
const LABEL_WIDTH_MAX = 132;
const TIP_LINES_MAX = 9;
const DOT_PX = 5;
const MARK_PX = 9;

export function chartOptions(picture: Picture, look: ChartLook) {
  const { color } = look;
  const text = { fontFamily: look.fontFamily, fontSize: 11 * look.scale, color: color('ink3') };
  const stood = standing(picture, look);
  const named = endLabels(picture, look);
  // Bars are named in the table beside them; lines at their ends.
  const margin = look.kind === 'line' && named.size > 0 ? labelWidth([...named], look) : 12;
  return {
    animation: false,
    aria: { enabled: false }, // The element itself carries the sentence.
    grid: { left: 12, right: margin, top: 16, bottom: 8, containLabel: true },
    // Rich text is drawn on the canvas: no markup from data, no style attributes against the policy.
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: color('raised'),
      borderColor: color('line2'),
      textStyle: { ...text, fontSize: 12 * look.scale, color: color('ink') },
      axisPointer: {
        type: look.kind === 'bar' ? 'shadow' : 'line',
        lineStyle: { color: color('control') },
        shadowStyle: { color: color('hover') },
      },
      formatter: (points: unknown) => tipText(points, picture, look),
    },
    xAxis: {
      ...(picture.names.length > 0
        ? {
            type: 'category',
            data: picture.names,
            axisLabel: { ...text, hideOverlap: true, width: 96, overflow: 'truncate' },
          }
        : { type: 'time', axisLabel: { ...text, hideOverlap: true, formatter: (at: number) => look.formatTime(at) } }),
      axisLine: { lineStyle: { color: color('line2') } },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      // Lines may begin where they are; a bar that does not begin at nothing lies.
      scale: look.kind === 'line',
      splitNumber: 6,
      axisLabel: { ...text, formatter: (value: number) => look.formatValue(value).replace(/[.,]0(?=\D|$)/, '') },
      splitLine: { lineStyle: { color: color('line') } },
    },
    series: [...bandOf(picture, look), ...seriesOf(picture, look, stood, named, text)],
  };
}

const bandOf = (picture: Picture, { kind, band = null, color }: ChartLook): object[] =>
  kind === 'line' && picture.names.length === 0 ? bandSeries(band, color) : [];

/** The line that stands out: the one that was chosen, else the first. */
export function standing({ lines, names }: Picture, { highlighted }: Pick<ChartLook, 'highlighted'>): string {
  if (names.length > 0) return lines[0]?.key ?? '';
  return lines.find(({ key }) => key === highlighted)?.key ?? lines[0]?.key ?? '';
}

function seriesOf(picture: Picture, look: ChartLook, stood: string, named: ReadonlySet<string>, text: object) {
  const { color, kind } = look;
  const byName = picture.names.length > 0;
  const drawn =
    kind === 'bar' && !look.stacks && !byName ? picture.lines.filter(({ key }) => key === stood) : picture.lines;
  // The one that stands out is drawn last, over the others; stacked, it stands at the foot.
  const last = (line: PictureLine) => (line.key === stood) === (kind === 'line');
  const inOrder = [...drawn.filter((line) => !last(line)), ...drawn.filter(last)];
  const all = inOrder.map((line) => {
    const isOne = line.key === stood;
    const paint = color(isOne ? 'accent' : 'line2');
    return {
      id: line.key,
      name: line.name,
      type: kind,
      z: isOne ? 4 : 2,
      symbol: 'none',
      connectNulls: false,
      ...(kind === 'bar' && !byName ? { stack: 'all' } : {}),
      barMaxWidth: 28,
      itemStyle: {
        color: paint,
        ...(byName ? {} : kind === 'bar' ? { borderColor: color('surface'), borderWidth: 0.5 } : {}),
      },
      lineStyle: { width: (isOne ? 2.5 : 1.25) * look.scale, color: paint },
      data: dataOf(line, picture, look, isOne),
      ...(kind === 'line' && named.has(line.key)
        ? {
            endLabel: {
              ...text,
              show: true,
              distance: 6,
              width: labelWidth([...named], look) - 10,
              overflow: 'truncate',
              formatter: line.name,
              color: color(isOne ? 'accent' : 'ink3'),
              fontWeight: isOne ? 600 : 400,
            },
          }
        : {}),
      ...(isOne && picture.target !== null
        ? { markLine: targetLine(picture.target, isAmongHigh(picture), look, text) }
        : {}),
    };
  });
  const before = drawn.find(({ key }) => key === stood)?.before ?? null;
  if (before === null) return all;
  const compared = {
    id: 'before',
    name: 'Before',
    type: kind,
    z: 3,
    symbol: 'none',
    data: before,
    barMaxWidth: 28,
    barGap: '10%',
    lineStyle: { width: 1.5, color: color('accent'), type: [1, 4] as number[], cap: 'round' },
    itemStyle: { color: color('line2') },
  };
  return kind === 'bar' && !byName ? all : [...all, compared];
}

/** Where the lines run above the target its name stands below it, and the other way round. */
function isAmongHigh({ lines, target }: Picture): boolean {
  const values = lines.flatMap(({ points }) => points.flatMap(([, value]) => value ?? []));
  return values.filter((value) => value >= (target ?? 0)).length * 2 > values.length;
}

function targetLine(target: number, below: boolean, look: ChartLook, text: object) {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: look.color('ink3'), type: [3, 3], width: 1 },
    label: {
      ...text,
      // Legible before bars, too.
      backgroundColor: look.color('surface'),
      padding: [1, 3],
      formatter: `Target ${look.formatValue(target)}`,
      position: below ? 'insideStartBottom' : 'insideStartTop',
    },
    data: [{ yAxis: target }],
  };
}

/** A lone point gets a dot, what was unexpected a diamond, what late events changed a ring. */
function dataOf(line: PictureLine, picture: Picture, look: ChartLook, isOne: boolean) {
  const { color } = look;
  if (picture.names.length > 0) {
    return line.points.map(([place, value]) => ({
      value: [place, value],
      itemStyle: {
        color: color(picture.names[place] === look.highlighted || look.highlighted === null ? 'accent' : 'line2'),
      },
    }));
  }
  const odd = new Set(picture.anomalies.filter((mark) => mark.line === line.key).map(({ at }) => at));
  const late = new Set(isOne ? picture.restated.map(({ at }) => at) : []);
  return line.points.map((point, index) => {
    const [at, value] = point;
    if (value === null || look.kind === 'bar') return point;
    if (odd.has(at))
      return { value: point, symbol: 'diamond', symbolSize: MARK_PX, itemStyle: { color: color('crit-fill') } };
    if (late.has(at)) {
      const itemStyle = { color: color('surface'), borderColor: color('stale-fill'), borderWidth: 2 };
      return { value: point, symbol: 'circle', symbolSize: MARK_PX - 2, itemStyle };
    }
    const alone = (line.points[index - 1]?.[1] ?? null) === null && (line.points[index + 1]?.[1] ?? null) === null;
    return alone ? { value: point, symbol: 'circle', symbolSize: DOT_PX } : point;
  });
}

/** Which lines have room for their name at their end: the one that stands out first, then from the top down. */
export function endLabels(
  picture: Picture,
  look: Pick<ChartLook, 'height' | 'highlighted' | 'scale'>,
): ReadonlySet<string> {
  if (picture.lines.length < 2 || picture.names.length > 0) return new Set();
  const ends = picture.lines.flatMap(({ key, points }) => {
    const end = points.findLast(([, value]) => value !== null)?.[1];
    return end === undefined || end === null ? [] : [{ key, end }];
  });
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { points } of picture.lines) {
    for (const [, value] of points) {
      if (value === null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const pxPerUnit = look.height / (high - low || 1);
  const stood = standing(picture, look);
  ends.sort((a, b) => (a.key === stood ? -1 : b.key === stood ? 1 : b.end - a.end));
  const placed: { key: string; end: number }[] = [];
  for (const one of ends) {
    if (placed.every(({ end }) => Math.abs(end - one.end) * pxPerUnit >= LABEL_PX * look.scale)) placed.push(one);
  }
  return new Set(placed.map(({ key }) => key));
}

const labelWidth = (names: readonly string[], { width, scale }: ChartLook): number =>
  Math.min(
    LABEL_WIDTH_MAX * scale,
    width * 0.24,
    Math.max(...names.map((name) => name.length)) * CHARACTER_PX * scale + 18,
  );

type TipPoint = { seriesId: string; seriesName: string; axisValue: number | string; value: unknown };

function tipText(given: unknown, picture: Picture, look: ChartLook): string {
  const points = (Array.isArray(given) ? given : [given]) as TipPoint[];
  const stood = standing(picture, look);
  const figureOf = ({ value }: TipPoint) => (Array.isArray(value) ? (value[1] as number | null) : null);
  const known = points.filter((point) => typeof figureOf(point) === 'number');
  const isFirst = ({ seriesId }: TipPoint) => (seriesId === stood ? 2 : seriesId === 'before' ? 1 : 0);
  known.sort((a, b) => isFirst(b) - isFirst(a) || figureOf(b)! - figureOf(a)!);
  const at = points[0]?.axisValue;
  const head = typeof at === 'number' && picture.names.length === 0 ? look.formatMoment(at) : plain(String(at ?? ''));
  const lines = known
    .slice(0, TIP_LINES_MAX)
    .map((point) => `${plain(point.seriesName)}  ${look.formatValue(figureOf(point)!)}`);
  const odd = picture.anomalies.filter((mark) => mark.at === at).map(({ title }) => plain(title));
  const late = picture.restated.find((one) => one.at === at);
  return [
    head,
    ...lines,
    ...(known.length > TIP_LINES_MAX ? [`and ${known.length - TIP_LINES_MAX} more`] : []),
    ...odd,
    ...(late === undefined ? [] : [`Restated: ${late.lateSteps} late ${late.lateSteps === 1 ? 'event' : 'events'}`]),
  ].join('\n');
}

/** Braces would be read as the marks of rich text. */
const plain = (text: string): string => text.replaceAll(/[{}|]/g, ' ');

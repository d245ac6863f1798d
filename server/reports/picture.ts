/** Draws the chart of a report as PNG: programs for mail show neither scripts nor SVG. */
import { DateTime } from 'luxon';
import { pictureFonts } from './picture-fonts.ts';

export type Drawn = {
  as: 'line' | 'bar';
  /** Moments in epoch ms, or names. */
  along: { times: readonly number[]; timeZone: string; format: string } | { names: readonly string[] };
  series: readonly { name: string; values: readonly (number | null)[]; isCompared?: boolean }[];
  written: (value: number) => string;
};

const WIDTH = 560;
const HEIGHT = 280;
/** Drawn twice as large, for screens with more pixels. */
const SCALE = 2;
const colours = ['#2459d3', '#ce6c02', '#22a48c', '#a87fe8', '#5e4a05', '#9f3779'];
const INK = '#3f3f46';
const MUTED = '#71717a';

/** @param fontFolder where the fonts may be written once */
export async function drawPicture(drawn: Drawn, fontFolder: string): Promise<Buffer> {
  // Large, and needed when a report is due only.
  const [{ init }, { Resvg }] = await Promise.all([import('echarts'), import('@resvg/resvg-js')]);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption(optionOf(drawn));
    const svg = chart.renderToSVGString();
    const font = { loadSystemFonts: false, fontFiles: pictureFonts(fontFolder), defaultFontFamily: 'Inter' };
    return new Resvg(svg, { fitTo: { mode: 'width', value: WIDTH * SCALE }, background: '#ffffff', font })
      .render()
      .asPng();
  } finally {
    chart.dispose();
  }
}

function optionOf({ as, along, series, written }: Drawn) {
  const names =
    'names' in along
      ? [...along.names]
      : along.times.map((time) => DateTime.fromMillis(time, { zone: along.timeZone }).toFormat(along.format));
  return {
    animation: false,
    color: colours,
    textStyle: { fontFamily: 'Inter', color: INK },
    grid: { left: 8, right: 16, top: series.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
    legend:
      series.length > 1
        ? { top: 4, left: 8, icon: 'roundRect', itemWidth: 12, itemGap: 18, itemHeight: 4, textStyle: { color: INK } }
        : undefined,
    xAxis: {
      type: 'category' as const,
      data: names,
      boundaryGap: as === 'bar',
      axisTick: { show: false },
      axisLine: { lineStyle: { color: '#d4d4d8' } },
      axisLabel: { color: MUTED, hideOverlap: true },
    },
    yAxis: {
      type: 'value' as const,
      splitNumber: 4,
      splitLine: { lineStyle: { color: '#f0f0f2' } },
      axisLabel: { color: MUTED, formatter: (value: number) => written(value) },
    },
    series: series.map(({ name, values, isCompared = false }, at) => ({
      name,
      type: as,
      data: [...values],
      showSymbol: values.length === 1,
      barMaxWidth: 40,
      connectNulls: false,
      itemStyle: isCompared ? { color: '#a1a1aa' } : { borderRadius: as === 'bar' ? [3, 3, 0, 0] : undefined },
      lineStyle: {
        width: isCompared ? 1.5 : 2,
        type: isCompared ? ('dashed' as const) : ('solid' as const),
        color: isCompared ? '#a1a1aa' : colours[at % colours.length],
      },
    })),
  };
}

/** The parts of ECharts that are used, in a chunk of their own that loads after the page has painted. */
import { BarChart, LineChart } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import { type ECharts, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

export type { ECharts };

export function createChart(element: HTMLElement): ECharts {
  use([
    LineChart,
    BarChart,
    GridComponent,
    TooltipComponent,
    MarkAreaComponent,
    MarkLineComponent,
    AriaComponent,
    CanvasRenderer,
  ]);
  return init(element, null, { renderer: 'canvas' });
}

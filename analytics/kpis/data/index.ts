/** How fresh and how fast facts are. */
import type { Kpi } from '../definition.ts';
import { latency } from './latency.ts';
import { sourceCompleteness } from './source-completeness.ts';
import { sourceEvents } from './source-events.ts';
import { sourceFreshness } from './source-freshness.ts';

export const dataKpis: readonly Kpi[] = [sourceFreshness, sourceCompleteness, sourceEvents, ...latency];

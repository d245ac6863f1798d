/** The lines a KPI's history is held against: the targets that held in their time, and frozen baselines. Pure. */
import type { KpiPage } from '../../server/http/contract/kpi-catalog.ts';
import type { Reference } from '../charts/TimeChart.vue';

/** @param from, to what the chart shows, epoch ms */
export function referencesOf(
  { termsHistory, baselines }: Pick<KpiPage, 'termsHistory' | 'baselines'>,
  from: number,
  to: number,
): Reference[] {
  return [...targetsOf(termsHistory, from, to), ...baselinesOf(baselines)];
}

/** Each version holds until the next one does; neighbours with the same target are one line. */
function targetsOf(termsHistory: KpiPage['termsHistory'], from: number, to: number): Reference[] {
  const oldestFirst = [...termsHistory].sort((a, b) => a.from - b.from || a.version - b.version);
  const lines: Reference[] = [];
  for (const [index, { target, from: since }] of oldestFirst.entries()) {
    const until = oldestFirst[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    if (target === null || until <= from || since >= to || until <= since) continue;
    const before = lines.at(-1);
    if (before?.value === target && before.to === Math.max(since, from)) before.to = Math.min(until, to);
    else lines.push({ name: 'target', value: target, from: Math.max(since, from), to: Math.min(until, to) });
  }
  return lines;
}

const baselinesOf = (baselines: KpiPage['baselines']): Reference[] =>
  baselines.flatMap(({ name, value }) => (value === null ? [] : [{ name, value }]));

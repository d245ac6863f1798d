/** Measures counted plainly from what every event did: no SQL, no roll-ups, no buckets kept. */
import { durationBucketOf, durationQuantile } from '../../analytics/kpis/histogram.ts';
import { addedBy, type Term } from '../../analytics/kpis/terms.ts';
import { startOf } from '../../analytics/metrics/calendar.ts';
import type { AskedMeasure, Sum } from '../../analytics/metrics/measures.ts';
import type { Frame, Plan } from '../../analytics/metrics/plan.ts';
import type { Transition } from '../../streams/operations/effects.ts';
import { localDayOf, offsetAt } from '../../streams/operations/time-zone.ts';
import type { Shop } from './kpi-history.ts';

const HOUR_MS = 3_600_000;
type Step = Transition & { source: string };
type Item = { category: string; supplier: string; abc: string };

/** A figure per group (joined by `|`) and start of bucket; null where nothing was counted. */
export type Recount = Map<string, Map<number, number | null>>;

export function recount(shop: Shop, plan: Plan, measure: AskedMeasure, frame: Frame): Recount {
  const { by, where, grain } = plan.asking;
  const { timeZone, currency } = plan.situation;
  const items = itemsOf(shop);
  const steps: Step[] = shop.facts.flatMap(({ effects, event }) =>
    effects.transitions.map((step) => ({ ...step, source: event.source })),
  );
  const end = measure.kpi.ahead ? frame.until : frame.span.to;
  const isLevel = measure.figure.kind === 'level';
  const found = new Map<string, Map<number, Step[]>>();
  for (const step of steps) {
    const at = momentOf(measure, step);
    if (at === null || at >= end || (!isLevel && at < frame.span.from)) continue;
    if (measure.money && step.currency !== currency) continue;
    if (sumsOf(measure).every((terms) => !terms.some((term) => term.step === step.step))) continue;
    const of = (dimension: string) => dimensionValue(dimension, step, at, timeZone, items);
    if (where.some(({ dimension, is, values }) => values.includes(of(dimension)) !== (is === 'in'))) continue;
    const key = by.map(of).join('|');
    const bucket = grain === 'none' ? frame.span.from : startOf(grain, Math.max(at, frame.span.from), timeZone);
    const groups = found.get(key) ?? new Map<number, Step[]>();
    found.set(key, groups);
    groups.set(bucket, [...(groups.get(bucket) ?? []), step]);
  }
  const figures: Recount = new Map();
  for (const [key, buckets] of found) {
    let level = 0;
    let begun = false;
    const own = new Map<number, number | null>();
    for (const start of frame.starts) {
      const here = buckets.get(start);
      if (!isLevel) {
        if (here !== undefined) own.set(start, figureOf(measure, here));
        continue;
      }
      level += here === undefined ? 0 : sum(here, sumsOf(measure)[0]!);
      begun ||= here !== undefined;
      if (begun) own.set(start, level);
    }
    figures.set(key, own);
  }
  return figures;
}

function figureOf({ figure }: AskedMeasure, steps: Step[]): number | null {
  if (figure.kind === 'count') return sum(steps, termsOf(figure.value));
  if (figure.kind === 'ratio') {
    const whole = sum(steps, termsOf(figure.whole));
    return whole > 0 ? (figure.times * sum(steps, termsOf(figure.part))) / whole : null;
  }
  if (figure.kind !== 'quantile') return null;
  const ms = durationQuantile(
    steps.map((step) => [durationBucketOf(step.durationMs), addedBy(termsOf(figure.of), step)] as const),
    figure.share,
  );
  return ms === null ? null : ms / figure.unitMs;
}

const sum = (steps: Step[], terms: readonly Term[]): number =>
  steps.reduce((total, step) => total + addedBy(terms, step), 0);

function sumsOf({ figure }: AskedMeasure): (readonly Term[])[] {
  if (figure.kind === 'ratio') return [termsOf(figure.part), termsOf(figure.whole)];
  return [termsOf(figure.kind === 'count' ? figure.value : figure.kind === 'level' ? figure.change : figure.of)];
}

function termsOf(value: Sum): readonly Term[] {
  if (typeof value === 'string') throw new Error('only steps are counted here');
  return value;
}

function momentOf({ rows }: AskedMeasure, step: Step): number | null {
  if (rows.from !== 'steps') throw new Error('only steps are counted here');
  if (rows.clock === 'step') return step.at;
  if (step.shipBy === 0) return null;
  return rows.clock === 'promise' ? step.shipBy : Math.max(step.at, step.shipBy + 1);
}

function dimensionValue(dimension: string, step: Step, at: number, timeZone: string, items: Map<string, Item>): string {
  if (dimension === 'weekday') return String(((localDayOf(timeZone, at) + 3) % 7) + 1);
  if (dimension === 'hour-of-day') return String(Math.floor((at + offsetAt(timeZone, at)) / HOUR_MS) % 24);
  if (dimension === 'order-source') return step.source;
  if (dimension === 'category' || dimension === 'supplier' || dimension === 'abc')
    return items.get(step.sku)?.[dimension] ?? '';
  return step[dimension as 'channel' | 'node' | 'country' | 'currency' | 'cause' | 'sku'];
}

/** As their newest definitions say, each field by itself. */
function itemsOf({ facts }: Shop): Map<string, Item> {
  const items = new Map<string, Item>();
  const defined = facts.filter(({ event, effects }) => event.type === 'item.defined' && effects.refused === '');
  defined.sort((a, b) => a.event.occurredAt - b.event.occurredAt || a.seq - b.seq);
  for (const { event } of defined) {
    const data = event.data as { sku: string } & Partial<Item>;
    const known = items.get(data.sku) ?? { category: '', supplier: '', abc: '' };
    items.set(data.sku, {
      category: data.category ?? known.category,
      supplier: data.supplier ?? known.supplier,
      abc: data.abc ?? known.abc,
    });
  }
  return items;
}

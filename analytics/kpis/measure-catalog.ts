/** Turns the measures of all KPIs into what the processor calls for every step and event. */
import type { Event } from '../../streams/events/index.ts';
import type { Increment, Step, Transition } from '../../streams/operations/effects.ts';
import type { Catalog } from '../../streams/processing/process-batch.ts';
import type { EventMeasure, Kpi, Measure } from './definition.ts';
import { durationBucketOf } from './histogram.ts';
import { addedBy, stepsOf, type Term } from './terms.ts';

type Entry = { measure: Measure; terms: readonly Term[]; nameOf: (step: Transition) => string };

const nothing: Increment[] = [];

/** @param more measures that no KPI reads by itself */
export function makeCatalog(kpis: readonly Kpi[], more: readonly Measure[], events: readonly EventMeasure[]): Catalog {
  const byStep = tableOf([...kpis.flatMap(measuresOf), ...more]);
  return {
    measureStep(step) {
      const entries = byStep.get(step.step);
      if (entries === undefined) return nothing;
      const increments: Increment[] = [];
      for (const { measure, terms, nameOf } of entries) {
        const value = addedBy(terms, step);
        if (value === 0) continue;
        const at = measure.at === undefined ? step.at : measure.at(step);
        if (at === null) continue;
        const { channel, node } = step;
        increments.push({ measure: nameOf(step), at, channel, node, value, hourly: measure.grain === 'hour' });
      }
      return increments;
    },
    measureEvent(event: Event) {
      let increments = nothing;
      for (const { name, counts } of events) {
        for (const [end, value] of counts(event)) {
          if (increments === nothing) increments = [];
          const at = event.occurredAt;
          increments.push({ measure: `${name}.${end}`, at, channel: '', node: '', value, hourly: false });
        }
      }
      return increments;
    },
  };
}

/** Names are made once: this is asked for every step, and a text put together anew is slow as a key. */
function namerOf({ name, per }: Measure): Entry['nameOf'] {
  if (per === undefined) return () => name;
  const made = new Map<string | number, string>();
  const ended = (end: string | number): string => {
    const known = made.get(end);
    if (known !== undefined) return known;
    const whole = `${name}.${end}`;
    made.set(end, whole);
    return whole;
  };
  return per === 'currency'
    ? ({ currency }) => ended(currency)
    : ({ durationMs }) => ended(durationBucketOf(durationMs));
}

function measuresOf({ live }: Kpi): readonly Measure[] {
  if (live.kind === 'count') return [...live.plus, ...(live.minus ?? [])];
  return live.kind === 'ratio' ? [...live.part, ...live.whole] : [];
}

/** Each measure counts once, however many KPIs read it. */
function tableOf(measures: readonly Measure[]): Map<Step, Entry[]> {
  const table = new Map<Step, Entry[]>();
  for (const measure of new Set(measures)) {
    for (const step of stepsOf(measure.terms)) {
      const entries = table.get(step) ?? [];
      if (entries.some((entry) => entry.measure.name === measure.name)) {
        throw new Error(`two measures are called ${measure.name}`);
      }
      const terms = measure.terms.filter((term) => term.step === step);
      table.set(step, [...entries, { measure, terms, nameOf: namerOf(measure) }]);
    }
  }
  return table;
}

/**
 * Made series of the kinds that public benchmarks are full of: processors, bursts, requests, mentions, temperatures, taxis,
 * prices, latencies, speeds. They are for measuring what was not fitted to real files.
 */
import { randomFrom } from '../synthetic-minutes.ts';
import { mentions, passengers, prices, requests, speeds } from './made-crowds.ts';
import { bursts, busyProcessor, clean, jobs, latencies, quietProcessor, temperature } from './made-machines.ts';
import { FROM, MINUTE_MS, type Span, WINDOWS_SHARE } from './made-series.ts';
import type { Window } from './score-nab.ts';

export type LookAlike = { name: string; times: number[]; values: number[]; spans: Span[]; windows: Window[] };

const families = {
  quietProcessor,
  busyProcessor,
  bursts,
  jobs,
  requests,
  mentions,
  temperature,
  passengers,
  prices,
  latencies,
  speeds,
  clean,
};

/** One series of every kind. */
export function lookAlikes(seed: number): LookAlike[] {
  return Object.entries(families).map(([name, family], index) => {
    const random = randomFrom(seed * 1_000 + index);
    const { stepMinutes, values, spans, times } = family(random);
    const half = (WINDOWS_SHARE * values.length) / Math.max(1, spans.length) / 2;
    const windows = spans.map(
      ({ first }) =>
        [Math.max(0, Math.round(first - half)), Math.min(values.length - 1, Math.round(first + half))] as const,
    );
    return {
      name: `${name} ${seed}`,
      times: times ?? values.map((_, row) => FROM + row * stepMinutes * MINUTE_MS),
      values,
      spans,
      windows,
    };
  });
}

/** How old facts are when people see them, and where the time goes. */
import { defineKpi, type EventMeasure, firstVersion } from '../definition.ts';

export const hops = ['accept', 'commit', 'push', 'display', 'event-to-screen'] as const;
export type Hop = (typeof hops)[number];

/** The name under which the distribution of a hop is counted: `latency.commit.57`. */
export const latencyMeasureOf = (hop: Hop): string => `latency.${hop}`;

const nothing: readonly never[] = [];

export const latencies: EventMeasure = {
  name: 'latency',
  counts: (event) =>
    event.type === 'latency.measured'
      ? event.data.counts.map(([bucket, count]) => [`${event.data.hop}.${bucket}`, count] as const)
      : nothing,
};

const wordsOf: Record<Hop, string> = {
  accept: 'from happening to being stored',
  commit: 'from being stored to the live state',
  push: 'from the live state to the wire',
  display: 'from the wire to the screen',
  'event-to-screen': 'from happening to the screen',
};

export const latency = hops.flatMap((hop) =>
  ([50, 95] as const).map((percent) =>
    defineKpi({
      id: `latency-${hop}-p${percent}`,
      name: `Latency ${wordsOf[hop]}, p${percent}`,
      question: `How long does a fact take ${wordsOf[hop]}?`,
      formula: `${percent} % of facts took no longer`,
      group: 'data',
      unit: 'milliseconds',
      direction: 'down',
      clock: 'when it was measured, by the clock of the server',
      exclusions: 'replayed history; times that differing clocks made negative count as 0',
      owner: 'Operations engineering',
      target: hop === 'event-to-screen' && percent === 95 ? 1000 : null,
      cadence: 'minute',
      dimensions: [],
      thresholds: null,
      sources: ['latency.measured'],
      exceptions: ['clock-skew', 'dead-letters-waiting'],
      version: 1,
      changes: firstVersion,
      live: { kind: 'quantile', of: latencyMeasureOf(hop), share: percent / 100, unitMs: 1 },
      sql: { file: 'latency', parameters: { hop } },
    }),
  ),
);

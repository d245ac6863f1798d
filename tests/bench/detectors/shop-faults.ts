/** What goes wrong in a shop, as it changes a series. */
import type { SeriesKind } from '../../../analytics/anomalies/detector/detection.ts';

export const faultKinds = [
  'outage',
  'drop',
  'spike',
  'shift-down',
  'shift-up',
  'drift-down',
  'drift-up',
  'stuck',
  'variance',
] as const;
export type FaultKind = (typeof faultKinds)[number];
/** What a bucket becomes: its rate times `times`, its noise times `noise`, or the last value again. */
export type Effect = { times: number; noise: number; stuck: boolean };
/** `from` and `to` belong to it. */
export type Fault = {
  kind: FaultKind;
  from: number;
  to: number;
  effect: (at: number, length: number, random: () => number) => Partial<Effect>;
};
type Random = () => number;
const between = (random: Random, low: number, high: number): number => low + (high - low) * random();

/** Hours it lasts at least and at most, and what it does. */
const shapes: Record<FaultKind, { hours: [number, number]; make: (random: Random) => Fault['effect'] }> = {
  outage: { hours: [0.5, 4], make: () => () => ({ times: 0 }) },
  drop: { hours: [1, 10], make: (random) => steady(between(random, 0.15, 0.6)) },
  spike: { hours: [0.3, 3], make: (random) => steady(between(random, 2, 4)) },
  'shift-down': { hours: [36, 120], make: (random) => steady(between(random, 0.4, 0.65)) },
  'shift-up': { hours: [36, 120], make: (random) => steady(between(random, 1.5, 2.2)) },
  'drift-down': { hours: [72, 144], make: (random) => drifting(between(random, 0.3, 0.55)) },
  'drift-up': { hours: [72, 144], make: (random) => drifting(between(random, 1.7, 2.5)) },
  stuck: { hours: [3, 12], make: () => () => ({ stuck: true }) },
  variance: { hours: [12, 48], make: (random) => noisy(between(random, 2, 3.5)) },
};
const steady = (times: number) => () => ({ times });
const noisy = (noise: number) => () => ({ noise });
const drifting = (to: number) => (at: number, length: number) => ({ times: 1 + ((to - 1) * (at + 1)) / length });

const usual: FaultKind[] = [
  'outage',
  'drop',
  'drop',
  'drop',
  'spike',
  'shift-down',
  'shift-down',
  'shift-up',
  'drift-down',
  'drift-up',
  'stuck',
];
const possible: Record<SeriesKind, FaultKind[]> = {
  count: usual,
  amount: usual,
  ratio: ['drop', 'spike', 'shift-down', 'shift-up', 'drift-down', 'stuck', 'variance'],
  gauge: ['spike', 'drop', 'shift-up', 'shift-down', 'stuck', 'variance'],
  latency: ['spike', 'spike', 'shift-up', 'drift-up', 'stuck', 'variance'],
};

export function faultFor(random: Random, series: SeriesKind, from: number, bucketsAnHour: number): Fault {
  const among = possible[series];
  const kind = among[Math.floor(random() * among.length)]!;
  const { hours, make } = shapes[kind];
  const lasts = Math.exp(between(random, Math.log(hours[0]), Math.log(hours[1]))) * bucketsAnHour;
  return { kind, from, to: from + Math.max(1, Math.round(lasts)) - 1, effect: make(random) };
}

/**
 * What goes wrong in a seed. Each seed draws some kinds of faults and leaves the others out: faults that always come
 * together hide each other.
 */
import { randomOf } from '../../server/simulated-company/random.ts';

export type FaultPlan = {
  /** Epoch ms on the wall clock: at times just before a slice of the dedupe window or a local day ends. */
  startsAt: number;
  events: number;
  paceMs: number;
  lateShare: number;
  poisoned: number;
  latencyMs: number;
  travelMs: number;
  lost: number;
  unanswered: number;
  doubled: number;
  /** Share of what was acknowledged that is sent once more at the end. */
  sentAgain: number;
  programs: string[];
  /** Share of program lives that end by a kill, after how many waits in the mean, and how long it stays away. */
  dies: number;
  waitsBeforeDeath: number;
  awayMs: number;
  /** Shares of the time at which a program stands still, Redis is restarted, or the whole machine sleeps. */
  freezes: number[];
  redisRestarts: number[];
  /** When leases vanish, so that two believe that they work alone. */
  leasesLost: number[];
  /** Whether everybody who asks for a lease gets it while there are faults. */
  leasesShared: boolean;
  sleeps: { at: number; hours: number }[];
  engineFails: number;
  /** Small, so that reading ahead and forgetting states happen with few events. */
  batchMax: number;
  statesKeptMax: number;
};

export function planOf(seed: number): FaultPlan {
  const random = randomOf(seed, 'plan');
  const some = (share: number, value: () => number): number => (random.chance(share) ? value() : 0);
  const moments = (share: number, max: number): number[] =>
    random.chance(share) ? Array.from({ length: random.int(1, max) }, () => random.next()) : [];
  const programs = ['process-1', 'history-1', 'ingest-1', 'jobs-1'];
  if (random.chance(0.6)) programs.push('process-2');
  if (random.chance(0.3)) programs.push('history-2');
  if (random.chance(0.5)) programs.push('ingest-2');
  if (random.chance(0.2)) programs.push('jobs-2');
  const startsAt = random.chance(0.3)
    ? Date.parse(random.pick(['2026-03-27T12:00:00Z', '2026-03-28T00:00:00Z'])) - random.int(0, 3_000)
    : Date.parse('2026-03-27T20:40:00Z');
  return {
    startsAt,
    events: random.int(20, 90),
    paceMs: random.pick([5, 20, 60]),
    lateShare: some(0.7, () => random.between(0, 0.4)),
    poisoned: some(0.3, () => random.between(0, 0.1)),
    latencyMs: random.pick([0.1, 1, 1, 5, 25]),
    travelMs: random.pick([1, 10, 100, 400]),
    lost: some(0.5, () => random.between(0, 0.3)),
    unanswered: some(0.5, () => random.between(0, 0.3)),
    doubled: some(0.5, () => random.between(0, 0.3)),
    sentAgain: some(0.4, () => random.between(0.1, 1)),
    programs,
    dies: some(0.8, () => random.between(0.3, 1)),
    waitsBeforeDeath: random.pick([15, 60, 200]),
    awayMs: random.pick([20, 300, 2_000]),
    freezes: moments(0.3, 2),
    redisRestarts: moments(0.4, 4),
    leasesLost: moments(0.5, 5),
    leasesShared: random.chance(0.3),
    sleeps: moments(0.3, 3).map((at) => ({ at, hours: random.pick([0.1, 1, 6, 11, 23, 25, 40]) })),
    engineFails: some(0.5, () => random.between(0, 0.5)),
    batchMax: random.pick([1, 3, 10, 1_000]),
    statesKeptMax: random.pick([3, 20, 120_000]),
  };
}

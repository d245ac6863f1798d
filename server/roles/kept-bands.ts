/** The expected bands around now, as tiles show them: the detectors leave them in Redis, since they may run in another process. */
import type { Band } from '../../analytics/anomalies/detector/detection.ts';
import { bandOver } from '../../analytics/anomalies/watching/band.ts';
import { type PlannedEntry, plannedAt } from '../../analytics/anomalies/watching/planned.ts';
import { addsUp, DAY_MS, HOUR_MS, nameOf, TEN_MINUTES_MS } from '../../analytics/anomalies/watching/series.ts';
import type { Watch } from '../../analytics/anomalies/watching/watch.ts';
import type { Watched } from '../../analytics/anomalies/watching/watched.ts';
import type { BandAt } from '../boards/kpi-figure.ts';
import type { Runtime } from '../runtime.ts';

const READ_EVERY_MS = 60_000;
/** Around now: fine steps for figures per minute, hours for a whole day. */
const shapes = [
  { stepMs: TEN_MINUTES_MS, beforeMs: 2 * HOUR_MS, afterMs: HOUR_MS },
  { stepMs: HOUR_MS, beforeMs: 26 * HOUR_MS, afterMs: 2 * HOUR_MS },
] as const;

type KeptBand = {
  from: number;
  stepMs: number;
  /** Whether it is per step, and a step of another length has another band. */
  adds: boolean;
  low: (number | null)[];
  high: (number | null)[];
};
type Store = Pick<Runtime, 'redis' | 'keys'>;
export type Planning = { now: number; planned: readonly PlannedEntry[]; categoryOf(sku: string): string | undefined };

const fieldOf = (series: string, stepMs: number): string => `${series}|${stepMs}`;

/** Fine ones each time, those of hours once in an hour: they say what they said. */
export function createBandKeeper({ redis, keys }: Store): (watch: Watch, planning: Planning) => Promise<void> {
  let hour = -1;
  return async (watch, planning) => {
    const isNewHour = Math.floor(planning.now / HOUR_MS) !== hour;
    const kept: Record<string, string> = {};
    for (const one of watch.all()) {
      for (const { stepMs, beforeMs, afterMs } of shapes) {
        if (stepMs < one.series.grainMs || (stepMs === HOUR_MS && !isNewHour)) continue;
        const from = Math.floor((planning.now - beforeMs) / stepMs) * stepMs;
        const steps = Math.ceil((beforeMs + afterMs) / stepMs);
        const band = near(one, planning, { from, stepMs, steps });
        if (band !== null) kept[fieldOf(one.series.name, stepMs)] = JSON.stringify(band);
      }
    }
    if (Object.keys(kept).length === 0) return;
    const key = keys.signals('bands');
    const transaction = redis.multi();
    // With the whole set anew, what is not watched any more goes.
    if (isNewHour) transaction.del(key);
    await transaction.hSet(key, kept).exec();
    if (isNewHour) hour = Math.floor(planning.now / HOUR_MS);
  };
}

function near(
  one: Watched,
  { planned, categoryOf }: Planning,
  { from, stepMs, steps }: { from: number; stepMs: number; steps: number },
): KeptBand | null {
  const { series } = one;
  const bands = Array.from({ length: steps }, (_, step) => {
    const parts: Band[] = [];
    for (let at = from + step * stepMs; at < from + (step + 1) * stepMs; at += series.grainMs) {
      const band = one.expect(at, plannedAt(planned, series, { from: at, to: at + series.grainMs }, categoryOf));
      if (band === null) return null;
      parts.push(band);
    }
    return bandOver(parts, series.kind);
  });
  if (bands.every((band) => band === null)) return null;
  const side = (of: (band: Band) => number) => bands.map((band) => (band === null ? null : four(of(band))));
  return { from, stepMs, adds: addsUp(series.kind), low: side(({ low }) => low), high: side(({ high }) => high) };
}

const four = (value: number): number => Number(value.toPrecision(4));

export function followBands({ redis, keys }: Store): { at: BandAt; stop(): void } {
  let bands = new Map<string, KeptBand>();
  const read = () =>
    void redis
      .hGetAll(keys.signals('bands'))
      .then((all) => {
        bands = new Map(Object.entries(all).map(([name, text]) => [name, JSON.parse(text) as KeptBand]));
      })
      // Without a band the tile is drawn without one.
      .catch(() => undefined);
  read();
  const timer = setInterval(read, READ_EVERY_MS);
  return {
    at(kpi, { channel, node }, { from, stepMs, steps }) {
      // Nobody watches a channel of one node by itself; what is a day's has no band of a moment.
      if ((channel !== undefined && node !== undefined) || stepMs >= DAY_MS) return null;
      const series = nameOf({ kpi, channel, node });
      const fitting = shapes.filter((shape) => shape.stepMs <= stepMs || shape === shapes[0]).reverse();
      const band = [...fitting, ...shapes].map((shape) => bands.get(fieldOf(series, shape.stepMs))).find(Boolean);
      if (band === undefined) return null;
      const share = band.adds ? stepMs / band.stepMs : 1;
      const perStep = (levels: readonly (number | null)[]) =>
        Array.from({ length: steps }, (_, step) => {
          const level = levels[Math.floor((from + step * stepMs - band.from) / band.stepMs)];
          return level == null ? null : level * share;
        });
      const [low, high] = [perStep(band.low), perStep(band.high)];
      return low.includes(null) || high.includes(null) ? null : { low: low as number[], high: high as number[] };
    },
    stop: () => clearInterval(timer),
  };
}

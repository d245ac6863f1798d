/** The expected bands as boards show them: the detector leaves them in Redis, since it may run in another process. */

import { HOUR_MS, MINUTE_MS } from '../../streams/operations/buckets.ts';
import type { BandAt } from '../boards/kpi-figure.ts';
import { type AnomalyDetection, WATCHED_KPIS } from '../jobs/detect-anomalies.ts';
import type { Runtime } from '../runtime.ts';

const READ_EVERY_MS = 30_000;
/** Around now: fine steps for figures per minute, hours for a whole day. */
const shapes = [
  { stepMs: 10 * MINUTE_MS, beforeMs: 2 * HOUR_MS, afterMs: HOUR_MS },
  { stepMs: HOUR_MS, beforeMs: 26 * HOUR_MS, afterMs: 2 * HOUR_MS },
] as const;

type KeptBand = { from: number; stepMs: number; low: number[]; high: number[] };
type Store = Pick<Runtime, 'redis' | 'keys'>;

const nameOf = (kpi: string, channel: string, stepMs: number): string => JSON.stringify([kpi, channel, stepMs]);

/** Of the whole workspace and of each channel. */
export async function keepBands({ redis, keys }: Store, detection: AnomalyDetection, now: number): Promise<void> {
  const channels = await redis.hKeys(keys.state('channel'));
  const kept: Record<string, string> = {};
  for (const kpi of WATCHED_KPIS) {
    for (const channel of ['', ...channels]) {
      for (const { stepMs, beforeMs, afterMs } of shapes) {
        const from = Math.floor((now - beforeMs) / stepMs) * stepMs;
        const steps = Math.ceil((beforeMs + afterMs) / stepMs);
        const band = detection.bandFor(kpi, channel, { from, stepMs, steps });
        if (band === null) continue;
        const { low, high } = band;
        kept[nameOf(kpi, channel, stepMs)] = JSON.stringify({ from, stepMs, low, high } satisfies KeptBand);
      }
    }
  }
  if (Object.keys(kept).length > 0) await redis.hSet(keys.jobs('bands'), kept);
}

export function followBands({ redis, keys }: Store): { at: BandAt; stop(): void } {
  let bands = new Map<string, KeptBand>();
  const read = () =>
    void redis
      .hGetAll(keys.jobs('bands'))
      .then((all) => {
        bands = new Map(Object.entries(all).map(([name, text]) => [name, JSON.parse(text) as KeptBand]));
      })
      // Without a band the tile is drawn without one.
      .catch(() => undefined);
  read();
  const timer = setInterval(read, READ_EVERY_MS);
  return {
    at(kpi, channel = '', { from, stepMs, steps }) {
      const shape = shapes.findLast((one) => one.stepMs <= stepMs) ?? shapes[0];
      const band = bands.get(nameOf(kpi, channel, shape.stepMs));
      if (band === undefined) return null;
      const perStep = (levels: number[]) =>
        Array.from({ length: steps }, (_, step) => {
          const level = levels[Math.floor((from + step * stepMs - band.from) / band.stepMs)];
          return level === undefined ? null : (level * stepMs) / band.stepMs;
        });
      const [low, high] = [perStep(band.low), perStep(band.high)];
      return low.includes(null) || high.includes(null) ? null : { low: low as number[], high: high as number[] };
    },
    stop: () => clearInterval(timer),
  };
}

/** Runs the detector on the history of this workspace, and leaves the expected band where the wall finds it. */
import { kpiById } from '../../analytics/kpis/index.ts';
import { kpiMinutes } from '../../analytics/kpis/minutes.ts';
import { MINUTE_MS } from '../../streams/operations/buckets.ts';
import { unconfigured } from '../../streams/operations/master-data.ts';
import { LIVE_LAG_MAX_MS } from '../../streams/operations/source.ts';
import { ids, type OpenException, type Workspace } from '../../streams/operations/states.ts';
import { appendToLog } from '../../streams/processing/event-log.ts';
import { type AnomalyDetection, startAnomalyDetection, WATCHED_KPIS } from '../jobs/detect-anomalies.ts';
import type { BandAt } from '../live/views/wall-tiles.ts';
import { askHistory } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';

const LOOK_EVERY_MS = 5_000;
const BAND_EVERY_MS = MINUTE_MS;
/** The band is told per step of this length, for this time around now. */
const BAND_STEP_MS = 10 * MINUTE_MS;
const BAND_BEFORE_MS = 120 * MINUTE_MS;
const BAND_AFTER_MS = 60 * MINUTE_MS;

type TellingLogger = { info(fields: object, words: string): void; warn(fields: object, words: string): void };
type KeptBand = { from: number; stepMs: number; low: number[]; high: number[] };

/** The detector begins when business is live: while a past arrives, every hour of it would look like a surge. */
export function startAnomalyJob({ runtime, logger }: { runtime: Runtime; logger: TellingLogger }) {
  const { redis, keys } = runtime;
  let detection: AnomalyDetection | undefined;
  let workspace: Workspace = unconfigured;

  async function look(): Promise<void> {
    const text = await redis.hGet(keys.state('workspace'), ids.workspace);
    if (typeof text === 'string') workspace = JSON.parse(text) as Workspace;
    if (detection !== undefined || Date.now() - workspace.watermark > LIVE_LAG_MAX_MS) return;
    detection = startAnomalyDetection({
      readMinutes: (kpi, from, to) => {
        const { timeZone, currency, watermark } = workspace;
        return kpiMinutes(askHistory(runtime), kpiById(kpi)!, { from, to, timeZone, currency, now: watermark });
      },
      appendEvent: (event) => appendToLog(redis, keys, [JSON.stringify(event)]),
      readOpen,
      timeZone: () => workspace.timeZone,
      logger: {
        info: (words) => logger.info({}, words),
        warn: (words) => logger.warn({}, words),
      },
      now: () => Math.min(Date.now(), workspace.watermark),
    });
  }

  async function readOpen(): Promise<{ kpi: string; channel?: string }[]> {
    const open = Object.values(await redis.hGetAll(keys.state('exception'))).map(
      (text) => JSON.parse(text) as OpenException,
    );
    return open
      .filter((exception) => exception.kind === 'kpi-anomaly')
      .map(({ subject, channel }) => ({ kpi: subject.split('/')[0]!, ...(channel === undefined ? {} : { channel }) }));
  }

  async function keepBands(): Promise<void> {
    const from = Math.floor((Date.now() - BAND_BEFORE_MS) / BAND_STEP_MS) * BAND_STEP_MS;
    const steps = Math.ceil((BAND_BEFORE_MS + BAND_AFTER_MS) / BAND_STEP_MS);
    for (const kpi of WATCHED_KPIS) {
      const band = detection?.bandFor(kpi, undefined, { from, stepMs: BAND_STEP_MS, steps });
      if (!band) continue;
      const kept: KeptBand = { from, stepMs: BAND_STEP_MS, low: band.low, high: band.high };
      await redis.hSet(keys.jobs('bands'), kpi, JSON.stringify(kept));
    }
  }

  const guarded = (work: () => Promise<void>) => () =>
    void work().catch((error: unknown) => logger.warn({ reason: String(error) }, 'anomaly detection waits'));
  const looking = setInterval(guarded(look), LOOK_EVERY_MS);
  const keeping = setInterval(guarded(keepBands), BAND_EVERY_MS);
  return {
    async stop() {
      clearInterval(looking);
      clearInterval(keeping);
      await detection?.stop();
    },
  };
}

/** The band as the wall asks for it, one figure per minute: the job may run in another process. */
export function followBands({ redis, keys }: Pick<Runtime, 'redis' | 'keys'>): { at: BandAt; stop(): void } {
  const bands = new Map<string, KeptBand>();
  const read = () =>
    void redis
      .hGetAll(keys.jobs('bands'))
      .then((all) => {
        for (const [kpi, text] of Object.entries(all)) bands.set(kpi, JSON.parse(text) as KeptBand);
      })
      // Without a band the tile is drawn without one.
      .catch(() => undefined);
  read();
  const timer = setInterval(read, BAND_EVERY_MS / 2);
  return {
    at(kpi, from, steps) {
      const band = bands.get(kpi);
      if (band === undefined) return null;
      const perMinute = (levels: number[]) =>
        Array.from({ length: steps }, (_, step) => {
          const level = levels[Math.floor((from + step * MINUTE_MS - band.from) / band.stepMs)];
          return level === undefined ? null : (level * MINUTE_MS) / band.stepMs;
        });
      const [low, high] = [perMinute(band.low), perMinute(band.high)];
      return low.includes(null) || high.includes(null) ? null : { low: low as number[], high: high as number[] };
    },
    stop: () => clearInterval(timer),
  };
}

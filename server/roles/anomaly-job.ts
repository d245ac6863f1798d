/** Runs the detector on the history of this workspace, and leaves the expected band where boards find it. */
import { kpiById } from '../../analytics/kpis/index.ts';
import { kpiMinutes } from '../../analytics/kpis/minutes.ts';
import { MINUTE_MS } from '../../streams/operations/buckets.ts';
import { unconfigured } from '../../streams/operations/master-data.ts';
import { LIVE_LAG_MAX_MS } from '../../streams/operations/sources/source.ts';
import { ids, type OpenException, type Workspace } from '../../streams/operations/states.ts';
import { appendToLog } from '../../streams/processing/event-log.ts';
import { type AnomalyDetection, startAnomalyDetection } from '../jobs/detect-anomalies.ts';
import { askHistory } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';
import { keepBands } from './kept-bands.ts';

const LOOK_EVERY_MS = 5_000;
const BAND_EVERY_MS = MINUTE_MS;

type TellingLogger = { info(fields: object, words: string): void; warn(fields: object, words: string): void };

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

  const leaveBands = async () => {
    if (detection !== undefined) await keepBands(runtime, detection, Date.now());
  };

  const guarded = (work: () => Promise<void>) => () =>
    void work().catch((error: unknown) => logger.warn({ reason: String(error) }, 'anomaly detection waits'));
  const looking = setInterval(guarded(look), LOOK_EVERY_MS);
  const keeping = setInterval(guarded(leaveBands), BAND_EVERY_MS);
  return {
    async stop() {
      clearInterval(looking);
      clearInterval(keeping);
      await detection?.stop();
    },
  };
}

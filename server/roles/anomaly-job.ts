/** Runs the detectors on the history of this workspace. What they have learned and expect is where other processes find it. */
import type { SeriesOf } from '../../analytics/anomalies/watching/series.ts';
import { seriesOfSubject } from '../../streams/exceptions/kpi-anomaly.ts';
import type { OpenException } from '../../streams/operations/states.ts';
import { appendEvent } from '../../streams/processing/event-log.ts';
import { startAnomalyDetection } from '../jobs/detect-anomalies.ts';
import { askHistory } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';
import { explainTold } from '../signals/explain-told.ts';
import { loadSignals, saveSignals, tellStatus } from '../signals/kept-signals.ts';
import { createFiguresReader } from '../signals/read-figures.ts';
import { keepPoints } from '../signals/signal-points.ts';
import { lookAround } from '../signals/surroundings.ts';
import { createBandKeeper } from './kept-bands.ts';

type TellingLogger = { info(fields: object, words: string): void; warn(fields: object, words: string): void };

export function startAnomalyJob({ runtime, logger }: { runtime: Runtime; logger: TellingLogger }) {
  const { redis, keys, history } = runtime;

  async function readOpen(): Promise<SeriesOf[]> {
    const open = Object.values(await redis.hGetAll(keys.state('exception'))).map(
      (text) => JSON.parse(text) as OpenException,
    );
    return open.filter(({ kind }) => kind === 'kpi-anomaly').map(({ subject }) => seriesOfSubject(subject));
  }

  return startAnomalyDetection({
    lookAround: (skus) => lookAround(runtime, Date.now(), skus),
    readerFor: (where) => createFiguresReader(askHistory(runtime), where),
    load: (timeZone) => loadSignals(runtime, timeZone),
    save: (watch, whole) => saveSignals(runtime, watch, whole),
    keep: (points) => keepPoints(history, points, Date.now()),
    leaveBands: createBandKeeper(runtime),
    explain: (one, data, around) => explainTold(runtime, one, data, around),
    tellStatus: (status, series, gone) => tellStatus(runtime, status, series, gone),
    appendEvent: async (event) => void (await appendEvent(redis, keys, event)),
    readOpen,
    logger: {
      info: (words) => logger.info({}, words),
      warn: (words) => logger.warn({}, words),
    },
    now: Date.now,
  });
}

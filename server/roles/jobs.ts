/** The jobs that need a clock: deadlines, detectors, tidying. One process at a time does them. */
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { keepLease } from '../../streams/processing/lease.ts';
import type { Access } from '../access/index.ts';
import type { Config } from '../config.ts';
import { startMeasuringLevels } from '../jobs/measure-levels.ts';
import { startPassingDeadlines } from '../jobs/pass-deadlines.ts';
import { startPredicting } from '../jobs/predict.ts';
import { startReleasingWaves } from '../jobs/release-waves.ts';
import { startTidying } from '../jobs/tidy-dedupe-window.ts';
import type { Runtime } from '../runtime.ts';
import { measureAlerts, startAlertJob } from './alert-job.ts';
import { startAnomalyJob } from './anomaly-job.ts';

export async function startJobs(deps: {
  config: Config;
  runtime: Runtime;
  logger: Logger;
  access: Access;
  registry: Registry;
}) {
  const { config, runtime, logger, access } = deps;
  const { redis, keys } = runtime;
  const [watching, blocking] = await Promise.all([runtime.connectToWatch(), runtime.connect()]);
  const measures = measureAlerts(deps.registry, runtime);
  let running: { stop(): Promise<void> }[] = [];
  const lease = keepLease(redis, keys.jobs('lease'), (held) => {
    const ended = running;
    running = held
      ? [
          startPassingDeadlines({
            redis,
            keys,
            now: Date.now,
            onProblem: (reason) => logger.warn({ reason }, 'deadlines wait'),
          }),
          startTidying({ redis, keys, now: Date.now, onProblem: (reason) => logger.warn({ reason }, 'tidying waits') }),
          startAnomalyJob({ runtime, logger }),
          startAlertJob({
            ...{ config, runtime, access, watching, blocking, measures },
            mayWork: () => lease.held(),
            onProblem: (reason) => logger.warn({ reason }, 'alerts wait'),
          }),
          startMeasuringLevels({
            runtime,
            now: Date.now,
            onProblem: (reason) => logger.warn({ reason }, 'levels wait to be measured'),
          }),
          startPredicting({
            runtime,
            now: Date.now,
            onProblem: (reason) => logger.warn({ reason }, 'predictions wait'),
          }),
          startReleasingWaves({
            runtime,
            now: Date.now,
            onProblem: (reason) => logger.warn({ reason }, 'waves wait'),
          }),
        ]
      : [];
    for (const job of ended) void job.stop();
  });
  return {
    async stop() {
      await lease.stop();
      await Promise.all(running.map((job) => job.stop()));
    },
  };
}

/** Starts the roles this process has, and stops them in the reverse order. */

import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { startHistoryWriter } from '../../analytics/clickhouse/history-writer.ts';
import { knownArrivals } from '../../analytics/clickhouse/known-arrivals.ts';
import { catalog } from '../../analytics/kpis/index.ts';
import { startIngestion } from '../../streams/ingestion/run-ingestion.ts';
import { startProcessor } from '../../streams/processing/run-processor.ts';
import { createAccess } from '../access/index.ts';
import type { Config } from '../config.ts';
import type { Probe } from '../http/health.ts';
import type { Runtime } from '../runtime.ts';
import { startJobs } from './jobs.ts';
import { measureProcess } from './metrics.ts';
import {
  clickhouseProbe,
  historyElsewhereProbe,
  historyProbe,
  processorElsewhereProbe,
  processorProbe,
  redisProbe,
} from './probes.ts';
import { startWeb, type Web } from './web.ts';

export type RolesDeps = { config: Config; runtime: Runtime; logger: Logger };
export type Running = { web: Web | undefined; stop(): Promise<void> };

export async function startRoles({ config, runtime, logger }: RolesDeps): Promise<Running> {
  const { redis, history, keys } = runtime;
  const has = (role: Config['roles'][number]) => config.roles.includes(role);
  const stops: (() => Promise<void>)[] = [];
  const probes: Probe[] = [redisProbe(redis), clickhouseProbe(history)];
  const registry = new Registry();
  const measures = measureProcess(registry, runtime);

  if (has('history')) {
    const writer = startHistoryWriter({ redis: await runtime.connectToWatch(), history, keys, logger });
    stops.push(() => writer.stop());
    probes.push(historyProbe(writer));
  } else {
    probes.push(historyElsewhereProbe(runtime));
  }
  if (has('process')) {
    const [reader, committer] = await Promise.all([runtime.connect(), runtime.connectToWatch()]);
    const processor = startProcessor({
      reader,
      writer: committer,
      redis,
      keys,
      catalog,
      logger,
      onCommit: measures.committed,
    });
    stops.push(() => processor.stop());
    probes.push(processorProbe(processor, runtime));
  } else {
    probes.push(processorElsewhereProbe(runtime));
  }
  const access = createAccess({
    redis,
    workspace: keys.workspace,
    allowedOrigins: config.allowedOrigins,
    passwords: config.passwordSignIn,
    provider: config.provider,
  });
  if (has('ingest')) {
    const ingestion = startIngestion({
      redis: await runtime.connect(),
      workspace: keys.workspace,
      logger,
      alreadyInHistory: (events) => knownArrivals({ redis, keys, history }, events),
      settingsOf: access.webhookSettings,
    });
    stops.push(() => ingestion.stop());
  }
  if (has('jobs')) stops.push((await startJobs({ config, runtime, logger, access, registry })).stop);
  let web: Web | undefined;
  if (has('web')) {
    web = await startWeb({ config, runtime, logger, access, probes, registry });
    stops.push(web.stop);
  }
  return {
    web,
    async stop() {
      for (const stop of stops.reverse()) await stop();
    },
  };
}

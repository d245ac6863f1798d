/** The web role: HTTP API, client files and the live gateway on one port. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { openDeliveries } from '../../streams/ingestion/deliveries.ts';
import { mayWatch, type Principal } from '../access/abilities.ts';
import type { Access } from '../access/index.ts';
import { openAlertsModel } from '../alerts/alerts-model.ts';
import { openAlertChannels } from '../alerts/channels/index.ts';
import { openDirectory } from '../alerts/directory.ts';
import { openDesk } from '../analyst/open-desk.ts';
import type { Config } from '../config.ts';
import type { StreamWhole } from '../exports/whole.ts';
import { createAdmission } from '../http/admission.ts';
import { createApp } from '../http/app.ts';
import type { Probe } from '../http/health.ts';
import type { ReadModel } from '../http/read-model.ts';
import { startGateway } from '../live/gateway.ts';
import { openMirror } from '../live/mirror.ts';
import { followNotices } from '../live/notices.ts';
import { createViews } from '../live/views/index.ts';
import { newestOrders } from '../reading/orders.ts';
import { createReadModel } from '../reading/read-model.ts';
import type { Runtime } from '../runtime.ts';
import { openTrials } from '../settings/trial/trials.ts';
import { clientBuild, clientDir } from '../start/client-build.ts';
import { explainListenError } from '../start/ports.ts';
import { StartError } from '../start/start-error.ts';
import { version } from '../version.ts';
import { followBands } from './kept-bands.ts';
import { measureLatency } from './latency.ts';
import { openLiveBoards } from './live-boards.ts';
import { measureLive } from './metrics.ts';
import { analystProbe } from './probes.ts';
import { openWholeAnswers } from './whole-answers.ts';

/** Requests that still run when we are asked to stop have this long; who got no answer sends again. */
const FINISH_MS_MAX = 2_000;

export type Web = { access: Access; stop(): Promise<void> };

export async function startWeb(deps: {
  config: Config;
  runtime: Runtime;
  logger: Logger;
  access: Access;
  probes: Probe[];
  registry: Registry;
}): Promise<Web> {
  const { config, runtime, logger, access, probes, registry } = deps;
  const { redis, keys, history } = runtime;
  const deliveries = openDeliveries(await runtime.connect(), keys.workspace);
  const mirror = await openMirror(redis, keys, Date.now, () => newestOrders(history));
  const band = followBands(runtime);
  const latency = measureLatency({ redis, keys, logger });
  const streamWhole: StreamWhole = (asked) => readModel.sql.streamWhole(asked);
  const boards = openLiveBoards({ runtime, mirror, access, band: band.at, logger, streamWhole });
  const http = createServer();
  const gateway = startGateway({
    http,
    mirror,
    viewOf: createViews(boards.views),
    logger,
    build: clientBuild,
    whoIs: (headers) => whoIs(access, headers),
    mayWatch: async (principal, topic) => mayWatch(principal, topic) && (await boards.model.mayWatch(principal, topic)),
    onDisplayed: latency.displayed,
    onPushed: latency.pushed,
    onTurn: measureLive(registry),
    epoch: randomUUID(),
  });
  const notices = followNotices(await runtime.connect(), keys, gateway.note);
  const trials = openTrials({ runtime });
  const sql = openDesk({ config, runtime, audit: access.audit, logger });
  probes.push(analystProbe(sql));
  const whole = openWholeAnswers({ config, runtime, access, mirror, logger, streamWhole });
  const alertChannels = openAlertChannels({ redis, keys, audit: access.audit, config, now: Date.now });
  const readModel: ReadModel = createReadModel({
    runtime,
    mirror,
    snapshot: gateway.snapshot,
    trials,
    sql,
    alertChannels,
    alerts: openAlertsModel({
      redis,
      keys,
      audit: access.audit,
      standing: () => mirror.states.exception,
      directory: openDirectory({ access, channels: alertChannels, now: Date.now }),
      now: Date.now,
    }),
    boards: boards.model,
    history: boards.history,
    whole: whole.model,
  });
  const admission = createAdmission({ redis, workspace: keys.workspace, deliveries });
  http.on(
    'request',
    createApp({
      redis,
      workspace: keys.workspace,
      access,
      deliveries,
      admission,
      readModel,
      probes,
      logger,
      version,
      roles: config.roles,
      clientDir,
      trustedProxies: config.trustedProxies,
      registry,
    }),
  );
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) =>
      reject(new StartError(explainListenError(error, config.port, config.host))),
    );
    http.listen(config.port, config.host, resolve);
  });
  return {
    access,
    async stop() {
      http.close();
      // A sender that never pauses would keep its connection, and us, for ever: its next answer is the last one there.
      http.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
      http.closeIdleConnections();
      const cut = setTimeout(() => http.closeAllConnections(), FINISH_MS_MAX);
      await gateway.stop();
      clearTimeout(cut);
      await notices.stop();
      await latency.stop();
      band.stop();
      await sql.stop();
      await trials.stop();
      await whole.stop();
      http.closeAllConnections();
      await deliveries.stop();
    },
  };
}

/** A browser that came over https has its cookie under another name. */
const whoIs = async (access: Access, headers: IncomingHttpHeaders): Promise<Principal | null> =>
  (await access.authenticateSocket(headers)) ?? (await access.authenticateSocket(headers, true));

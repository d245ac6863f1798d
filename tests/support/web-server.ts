import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { createClient } from 'redis';
import { type Access, createAccess } from '../../server/access/index.ts';
import { type AdmissionLimits, createAdmission } from '../../server/http/admission.ts';
import { type AppDeps, createApp } from '../../server/http/app.ts';
import type { ReadModel } from '../../server/http/read-model.ts';
import type { Event } from '../../streams/events/index.ts';
import { type Deliveries, openDeliveries } from '../../streams/ingestion/deliveries.ts';
import { type IngestionDeps, startIngestion } from '../../streams/ingestion/run-ingestion.ts';
import { keysOf } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { type TestRedis, uniqueWorkspace } from './redis.ts';

export type TestWeb = Awaited<ReturnType<typeof startTestWeb>>;

/** The web application and, unless it is switched off, the ingestion worker, in a workspace of their own. */
export async function startTestWeb(
  server: TestRedis,
  options: {
    limits?: Partial<AdmissionLimits>;
    ingestion?: Partial<IngestionDeps> | false;
    app?: Partial<AppDeps>;
    access?: (deps: { redis: Redis; workspace: string }) => Access;
    wrapDeliveries?: (deliveries: Deliveries) => Deliveries;
  } = {},
) {
  const redis = createClient({ url: server.url }) as unknown as Redis;
  redis.on('error', () => undefined);
  await redis.connect();
  const workspace = uniqueWorkspace();
  const logged: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const access = (options.access ?? createAccess)({ redis, workspace });
  const opened = openDeliveries(redis, workspace);
  const deliveries = options.wrapDeliveries?.(opened) ?? opened;
  const admission = createAdmission({ redis, workspace, deliveries, limits: options.limits });
  const app = createApp({
    redis,
    workspace,
    access,
    deliveries,
    admission,
    readModel: {} as ReadModel,
    probes: [],
    logger,
    version: '0.0.0-test',
    roles: ['web', 'ingest'],
    clientDir: '/nonexistent',
    ...options.app,
  });
  const http = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const settingsOf = access.webhookSettings;
  const ingestion =
    options.ingestion === false
      ? undefined
      : startIngestion({ redis, workspace, logger, settingsOf, ...options.ingestion });
  const keys = keysOf(workspace);

  const readLog = async (): Promise<Event[]> =>
    ((await redis.xRange(keys.log, '-', '+')) ?? []).map(({ message }) => JSON.parse(message.e ?? '') as Event);
  const ingestKey = async (source: string) => (await access.createKey('test', { source, scope: 'ingest' })).text;
  const readKey = async () => (await access.createKey('test', { source: 'reports', scope: 'read' })).text;
  const send = (key: string, body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/events`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    });

  /** Signs an admin in the way a browser does; the result goes into the headers of further requests. */
  async function signIn(): Promise<Record<string, string>> {
    const token = await access.createSetUpToken();
    const body = JSON.stringify({ token, email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' });
    const answer = await fetch(`${url}/v1/setup`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    if (answer.status !== 201) throw new Error(`set-up answered ${answer.status}: ${await answer.text()}`);
    return { cookie: answer.headers.get('set-cookie')!.split(';')[0]! };
  }

  /** Pairs a wall screen. @returns its cookie */
  async function pairScreen(boards: string[]): Promise<string> {
    const from = { address: '127.0.0.1', browser: 'a screen' };
    const asked = await access.devices.beginPairing(from);
    if (asked === null || typeof asked === 'number') throw new Error('the screen may not ask');
    const code = asked.code.replace('-', '');
    await access.devices.approve({ id: 'test', name: 'test' }, { code, name: 'Hall', boards });
    const claimed = await access.devices.claim(code, asked.secret, from.address);
    if (typeof claimed !== 'object' || claimed.state !== 'paired') throw new Error('the screen was not paired');
    return `tideline=${claimed.token}`;
  }

  return {
    url,
    redis,
    workspace,
    keys,
    access,
    deliveries,
    ingestion,
    logged,
    readLog,
    ingestKey,
    readKey,
    send,
    signIn,
    pairScreen,
    stop: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await ingestion?.stop();
      await opened.stop();
      redis.destroy();
    },
  };
}

let count = 0;

/** A valid `order.placed` of two lines; pass what should differ. */
export function orderPlaced(
  differ: { id?: string; source?: string; time?: string; order?: string; data?: object } = {},
) {
  const number = ++count;
  return {
    specversion: '1.0',
    id: differ.id ?? `event-${number}`,
    source: differ.source ?? 'shop',
    type: 'order.placed',
    time: differ.time ?? new Date().toISOString(),
    data: {
      order: differ.order ?? `order-${number}`,
      channel: 'web',
      currency: 'EUR',
      lines: [
        { line: '1', sku: 'LAMP', quantity: 2, unitPrice: 1_999 },
        { line: '2', sku: 'VASE', quantity: 1, unitPrice: 4_900 },
      ],
      ...differ.data,
    },
  };
}

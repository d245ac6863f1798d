/** The web application: what the route catalog describes, with its checks, errors, headers and logs. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import compression from 'compression';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { Registry } from 'prom-client';
import { openDeadLetters } from '../../streams/ingestion/dead-letters.ts';
import type { Deliveries } from '../../streams/ingestion/deliveries.ts';
import { readJson } from '../../streams/ingestion/lossless-json.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Principal } from '../access/abilities.ts';
import { seesCost, withoutCost } from '../access/cost.ts';
import type { Access } from '../access/index.ts';
import { openTableMapper } from '../import/table-mapper.ts';
import { openSavedThings } from '../saved/saved-things.ts';
import type { Admission } from './admission.ts';
import { authenticate } from './authenticate.ts';
import { serveClient } from './client-files.ts';
import { createHealth, type Probe } from './health.ts';
import { createHttpMetrics } from './metrics.ts';
import { describeApi } from './open-api.ts';
import { invalid, Refusal, refusalOf, unavailable } from './problems.ts';
import { type ReadModel, Unavailable } from './read-model.ts';
import type { HandlerDeps, Logger, Route } from './route.ts';
import { routes } from './routes/index.ts';
import { securityHeaders } from './security-headers.ts';

export type AppDeps = {
  redis: Redis;
  workspace: string;
  access: Access;
  deliveries: Deliveries;
  admission: Admission;
  readModel: ReadModel;
  probes: readonly Probe[];
  logger: Logger;
  version: string;
  roles: readonly string[];
  /** The built client. */
  clientDir: string;
  /** Number of proxies in front whose `X-Forwarded-*` headers are believed; 0 when none. */
  trustedProxies?: number;
  registry?: Registry;
  now?: () => number;
};

/** Bodies of everything but deliveries. */
const BODY_BYTES_MAX = 100 * 1024;

export function createApp(deps: AppDeps): Express {
  const { now = Date.now, logger } = deps;
  let document: object | undefined;
  const handlerDeps: HandlerDeps = {
    workspace: deps.workspace,
    access: deps.access,
    deliveries: deps.deliveries,
    saved: openSavedThings({ redis: deps.redis, workspace: deps.workspace, audit: deps.access.audit, now }),
    tables: openTableMapper(),
    deadLetters: openDeadLetters(deps.redis, deps.workspace),
    admission: deps.admission,
    readModel: deps.readModel,
    health: createHealth({ probes: deps.probes, version: deps.version, roles: deps.roles, now }),
    metrics: createHttpMetrics(deps.registry ?? new Registry()),
    logger,
    openApi: () => (document ??= describeApi(routes, deps.version)),
    now,
  };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', deps.trustedProxies ?? 0);
  // What a screen needs first is mostly text: files of the client, and snapshots of thousands of rows.
  app.use(securityHeaders(), observe(handlerDeps), compression());
  for (const route of routes) app[route.method](route.path, serve(handlerDeps, route));
  const paths = new Set(routes.map((route) => route.path));
  for (const path of paths) app.all(path, refuseMethod(path));
  app.use(['/v1', '/metrics'], (request) => {
    throw new Refusal(404, {
      title: 'Not found',
      detail: `There is no ${request.method} ${request.baseUrl}${request.path}.`,
    });
  });
  app.use(serveClient(deps.clientDir));
  app.use((request) => {
    throw new Refusal(404, { title: 'Not found', detail: `There is no ${request.path}.` });
  });
  app.use(answerWithProblem(logger));
  return app;
}

function serve(deps: HandlerDeps, route: Route): RequestHandler {
  const readRaw = express.raw({ type: () => true, limit: route.rawBodyBytesMax ?? BODY_BYTES_MAX });
  return async (request, response) => {
    response.locals.route = route.path;
    const principal = await authenticate(deps.access, route, request);
    response.locals.principal = principal;
    const answer = async () => {
      const body = await readBody(route, request, response, readRaw);
      const query = parseQuery(route, request);
      const params = request.params as Record<string, string>;
      return route.handle(deps, { params, query, body, principal, request, response });
    };
    // Deliveries ask for room before their body is read.
    const result = await (route.rawBodyBytesMax === undefined || route.admission === false
      ? answer()
      : deps.admission.within(answer));
    const forAll = route.ability === 'anyone' || seesCost(principal);
    await send(route, response, forAll || result instanceof Readable ? result : withoutCost(result));
  };
}

/** A stream that breaks cuts the connection: what was sent is then not taken for the whole. */
async function send(route: Route, response: Response, result: unknown): Promise<void> {
  if (response.statusCode === 200) response.status(route.status);
  response.setHeader('Cache-Control', 'no-store');
  if (route.answer === null) response.end();
  else if (route.answerType === undefined) response.json(result);
  else {
    // A route whose files differ has said which this one is.
    if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', route.answerType);
    if (result instanceof Readable) await pipeline(result, response);
    else response.end(result);
  }
}

async function readBody(route: Route, request: Request, response: Response, readRaw: RequestHandler): Promise<unknown> {
  if (route.body === undefined && route.rawBodyBytesMax === undefined) return undefined;
  if (route.body !== undefined && !request.is('application/json')) {
    // Forms of other sites cannot send this type without asking first.
    throw new Refusal(415, { title: 'Unsupported content type', remedy: 'Use application/json.' });
  }
  await new Promise<void>((resolve, reject) => {
    void readRaw(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error as Error)));
  });
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (route.body === undefined) return bytes;
  const parsed = readJson(bytes);
  if ('problem' in parsed) throw new Refusal(400, { title: 'Malformed body', detail: `The body ${parsed.problem}.` });
  const body = route.body.safeParse(parsed.value);
  if (!body.success) throw invalid('body', body.error);
  return body.data;
}

function parseQuery(route: Route, request: Request): unknown {
  if (route.query === undefined) return undefined;
  // An empty parameter is one that was not given: `cursor=` asks for the first page, `node=` for every node.
  const given = Object.entries(request.query).filter(([, value]) => value !== '');
  const query = route.query.safeParse(Object.fromEntries(given));
  if (!query.success) throw invalid('query', query.error);
  return query.data;
}

function refuseMethod(path: string): RequestHandler {
  const allowed = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
  return (request, response) => {
    response.locals.route = path;
    response.setHeader('Allow', allowed.join(', '));
    throw new Refusal(405, {
      title: 'Method not allowed',
      detail: `${request.method} is not one of ${allowed.join(', ')}.`,
    });
  };
}

/** Request ids, one log line and one measurement per request. Paths are logged as patterns: a path can hold a secret. */
function observe({ metrics, logger }: HandlerDeps): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : randomUUID();
    response.locals.requestId = requestId;
    response.setHeader('X-Request-Id', requestId);
    response.once('finish', () => {
      const { statusCode: status } = response;
      const route = (response.locals.route as string | undefined) ?? 'other';
      const milliseconds = performance.now() - startedAt;
      metrics.requests.observe({ method: request.method, route, status }, milliseconds / 1_000);
      if (status === 429 || status === 503) metrics.refusals.inc({ status });
      const who = (response.locals.principal as Principal | null | undefined)?.id;
      const line = { requestId, method: request.method, route, status, milliseconds: Math.round(milliseconds), who };
      // Refusals under load are counted, not written: the log must not be the next thing to overflow.
      if (status >= 500 && status !== 503) logger.warn(line, 'request failed');
      else logger.debug(line, 'request');
    });
    next();
  };
}

function answerWithProblem(logger: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, _request, response, _next) => {
    const { requestId } = response.locals as { requestId?: string };
    const isAway = error instanceof Unavailable;
    const known = isAway ? unavailable(error.message, error.retryAfterSeconds) : refusalOf(error);
    if (known === undefined) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      logger.error({ requestId, reason: message, stack }, 'a request met an error of ours');
    }
    const detail = `Something went wrong on our side. Name the request id ${requestId} when you ask about it.`;
    const refusal = known ?? new Refusal(500, { title: 'Internal error', detail });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (refusal.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(refusal.retryAfterSeconds));
    response.setHeader('Cache-Control', 'no-store');
    response.status(refusal.status).type('application/problem+json').end(JSON.stringify(refusal.toProblem()));
  };
}

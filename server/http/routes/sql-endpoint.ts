/** Read-only SQL for other programs: as BI tools speak to a ClickHouse server, and as plain JSON or CSV. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { readDriverQuestion } from '../../../analytics/sql/driver-questions.ts';
import { views } from '../../../analytics/views/index.ts';
import { CannotAnswer, type Whole } from '../../exports/whole.ts';
import { BiFault, biFormats, readBiRequest, typeOfFormat } from '../bi-request.ts';
import { sqlQuestion } from '../contract/sql-runs.ts';
import { Refusal } from '../problems.ts';
import { type Call, type HandlerDeps, type Route, route } from '../route.ts';
import { askerOf } from './exports.ts';

const BODY_BYTES_MAX = 256 * 1024;
const UNKNOWN_FORMAT = 73;
const NOT_ALLOWED = 497;

type AnyCall = Call<unknown, unknown>;

async function spend({ access }: HandlerDeps, call: AnyCall): Promise<number> {
  return access.limits.spend('sql-endpoint', call.principal!.id);
}

/** Ends with the question's caller: what nobody reads is not worked out. */
async function answer(
  deps: HandlerDeps,
  call: AnyCall,
  asked: { sql: string; parameters: object; format: string },
): Promise<Whole> {
  const gone = new AbortController();
  call.response.once('close', () => gone.abort());
  const { sql, parameters, format } = asked;
  const question = { sql, parameters: parameters as Record<string, string> };
  return deps.readModel.answerWhole({ kind: 'sql', question }, askerOf(call), format, gone.signal);
}

/** Waits for the first piece, so that a question that fails at once has a status of its own. */
async function begun(pieces: AsyncIterable<Uint8Array>): Promise<Readable> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* all() {
    try {
      if (!first.done) yield first.value;
      yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  }
  return Readable.from(all(), { objectMode: true, highWaterMark: 1 });
}

async function answerTool(deps: HandlerDeps, call: AnyCall): Promise<unknown> {
  const { response, request } = call;
  const body = Buffer.isBuffer(call.body) ? call.body.toString('utf8') : '';
  try {
    const seconds = await spend(deps, call);
    if (seconds > 0) {
      response.setHeader('Retry-After', String(seconds));
      throw new BiFault(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', `Too many questions of this key: wait ${seconds} s`, 429);
    }
    const asked = readBiRequest(request.originalUrl, body, request.headers);
    const told = { database: deps.readModel.opsDatabase, views, user: call.principal!.name };
    const question = readDriverQuestion(asked.sql, told);
    const format = question.format ?? asked.format;
    if (!biFormats.has(format))
      throw new BiFault(UNKNOWN_FORMAT, 'UNKNOWN_FORMAT', `The format ${format} is not available here`);
    const parameters = { ...asked.parameters, ...question.parameters };
    const whole = await answer(deps, call, { sql: question.sql, parameters, format });
    const rows = await begun(whole.pieces);
    response.setHeader('Content-Type', typeOfFormat(format));
    response.setHeader('X-ClickHouse-Format', format);
    response.setHeader('X-ClickHouse-Timezone', 'UTC');
    response.setHeader('X-ClickHouse-Server-Display-Name', 'tideline');
    response.setHeader(
      'X-ClickHouse-Query-Id',
      /^[\w-]{1,80}$/.test(asked.queryId ?? '') ? asked.queryId! : randomUUID(),
    );
    if (whole.dataAsOf !== null) response.setHeader('X-Tideline-Data-As-Of', new Date(whole.dataAsOf).toISOString());
    response.setHeader('X-Tideline-Events-Behind', String(whole.eventsBehind));
    return rows;
  } catch (error) {
    const fault = error instanceof CannotAnswer ? new BiFault(NOT_ALLOWED, 'ACCESS_DENIED', error.message, 400) : error;
    if (!(fault instanceof BiFault)) throw error;
    response.status(fault.status).setHeader('X-ClickHouse-Exception-Code', String(fault.code));
    return fault.body;
  }
}

const tool = (method: 'get' | 'post'): Route =>
  route({
    method,
    path: '/bi',
    summary:
      "Read-only SQL as ClickHouse's HTTP interface takes it, for BI tools: `?query=…` or the body, the key as password. Over the analysts' views, through the same guard and limits.",
    ability: 'ask-sql',
    credentials: 'key-as-password',
    ...(method === 'post' ? { rawBodyBytesMax: BODY_BYTES_MAX, rawBodyTypes: ['text/plain'], admission: false } : {}),
    status: 200,
    answer: z.string(),
    answerType: 'text/plain; charset=UTF-8',
    handle: answerTool,
  });

export const sqlAnswerRequest = sqlQuestion.extend({ format: z.enum(['json', 'csv']).default('json') });
const plainFormats = { json: 'JSONCompact', csv: 'CSVWithNames' } as const;

export const sqlEndpointRoutes: readonly Route[] = [
  tool('get'),
  tool('post'),
  route({
    method: 'get',
    path: '/bi/ping',
    summary: 'That the SQL endpoint answers, as drivers ask it.',
    ability: 'anyone',
    status: 200,
    answer: z.string(),
    answerType: 'text/plain; charset=UTF-8',
    handle: async () => 'Ok.\n',
  }),
  route({
    method: 'post',
    path: '/v1/sql',
    summary: "One SELECT over the analysts' views, answered whole: `{meta, data, rows}` in JSON, or CSV.",
    ability: 'ask-sql',
    body: sqlAnswerRequest,
    status: 200,
    answer: z.string(),
    answerType: 'application/json; charset=utf-8',
    handle: async (deps, call) => {
      const seconds = await spend(deps, call);
      if (seconds > 0) {
        throw new Refusal(429, { title: 'Too many requests', remedy: `Wait ${seconds} s.` }, seconds);
      }
      const { sql, parameters, format } = call.body;
      try {
        const whole = await answer(deps, call, { sql, parameters, format: plainFormats[format] });
        const rows = await begun(whole.pieces);
        if (format === 'csv') call.response.setHeader('Content-Type', 'text/csv; charset=utf-8');
        return rows;
      } catch (error) {
        if (!(error instanceof CannotAnswer)) throw error;
        throw new Refusal(400, { title: 'This cannot be asked', detail: error.message });
      }
    },
  }),
];

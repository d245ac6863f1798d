/** Files that a person hands in: nothing of them is lost, and what is wrong with them is told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TABLE_BYTES_MAX, type TableAnswer } from '../../server/http/contract/imports.ts';
import type { Accepted, Problem } from '../../server/http/contract.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/running-tideline.ts';
import { orderPlaced, startTestWeb, type TestWeb } from '../support/web-server.ts';

const WAIT_MS_MAX = 20_000;
let server: TestRedis;
let web: TestWeb;
let admin: Record<string, string>;

beforeAll(async () => {
  server = await startTestRedis();
  web = await startTestWeb(server);
  admin = { ...(await web.signIn()), origin: web.url };
});
afterAll(async () => {
  await web.stop();
  await server.stop();
});

const lines = (...items: unknown[]) =>
  items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('\n');

async function post<T>(path: string, body: string, type: string, who = admin): Promise<{ status: number; answer: T }> {
  const answer = await fetch(`${web.url}${path}`, { method: 'POST', body, headers: { ...who, 'content-type': type } });
  return { status: answer.status, answer: (await answer.json()) as T };
}
const importEvents = <T = Accepted>(body: string, type = 'application/x-ndjson') =>
  post<T>('/v1/imports/events?file=history.ndjson', body, type);
const importTable = <T = TableAnswer>(asked: object, type = 'application/json') =>
  post<T>('/v1/imports/table', JSON.stringify(asked), type);

describe('events of a file', () => {
  it('are taken from any source, go into the log, and the wrong ones are named and kept as a dead letter', async () => {
    const [one, two] = [orderPlaced({ source: 'shop-a' }), orderPlaced({ source: 'shop-b' })];
    const wrong = { ...orderPlaced(), id: 'no-lines', data: { order: 'x' } };
    const own = { ...orderPlaced(), id: 'own', source: 'tideline' };
    const { status, answer } = await importEvents(lines(one, wrong, 'not json', two, own));
    expect(status).toBe(202);
    expect(answer.accepted).toBe(2);
    expect(answer.rejected.map(({ index, id }) => [index, id])).toEqual([
      [1, 'no-lines'],
      [2, null],
      [4, 'own'],
    ]);
    await until('they are in the log', WAIT_MS_MAX, async () => {
      const known = (await web.readLog()).map(({ id }) => id);
      return [one.id, two.id].every((id) => known.includes(id));
    });
    await until('what was wrong is a dead letter', WAIT_MS_MAX, async () => {
      const answer = await fetch(`${web.url}/v1/dead-letters`, { headers: admin });
      return JSON.stringify(await answer.json()).includes('3 of 5 items are wrong');
    });
  });

  it('are written to the audit log by the name of the file', async () => {
    await importEvents(lines(orderPlaced()));
    const entries = await web.redis.xRevRange(web.keys.access('audit'), '+', '-', { COUNT: 1 });
    expect(JSON.stringify(entries)).toContain('history.ndjson');
  });

  it('are refused when nothing in them is right, or the type is another, or there are too many', async () => {
    const none = await importEvents<Problem>(lines({ specversion: '1.0' }));
    expect(none).toMatchObject({ status: 422, answer: { rejected: [{ index: 0 }] } });
    expect((await importEvents('<xml/>', 'text/xml')).status).toBe(415);
    const many = Array.from({ length: 10_001 }, () => '{}').join('\n');
    expect((await importEvents(many)).status).toBe(413);
  });

  it('are nobody’s but an admin’s to send', async () => {
    const key = { authorization: `Bearer ${await web.ingestKey('shop')}` };
    const body = lines(orderPlaced());
    expect((await post('/v1/imports/events?file=x', body, 'application/x-ndjson', key)).status).toBe(403);
    expect((await post('/v1/imports/events?file=x', body, 'application/x-ndjson', {})).status).toBe(401);
  });
});

const stock = {
  kind: 'stock',
  source: 'opening',
  node: 'BER-1',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  columns: { sku: 'sku', quantity: 'units' },
  at: '2026-11-01T06:00:00Z',
};

describe('a table', () => {
  it('is turned into events that can be sent, and nothing is sent by looking at it', async () => {
    const before = (await web.readLog()).length;
    const { status, answer } = await importTable({ csv: 'sku,units\nMUG-1,40\nBOWL-3,none\n', mapping: stock });
    expect(status).toBe(200);
    expect(answer.report).toMatchObject({ rows: 2, rejectedRows: 1, rejected: [{ lines: [3] }] });
    expect((await web.readLog()).length).toBe(before);
    const sent = await importEvents(lines(...answer.events.map(({ event }) => event)));
    expect(sent).toMatchObject({ status: 202, answer: { accepted: answer.events.length, rejected: [] } });
  });

  it('is refused with the reason when it is too large, of another type, or cannot be read', async () => {
    const csv = `sku,units\n${'MUG-1,40\n'.repeat(Math.ceil(TABLE_BYTES_MAX / 9))}`;
    const large = await importTable<Problem>({ csv, mapping: stock });
    expect(large).toMatchObject({ status: 413, answer: { remedy: expect.stringContaining('tideline -- replay') } });
    expect((await importTable({ csv: '', mapping: stock }, 'text/csv')).status).toBe(415);
    const columns = await importTable<Problem>({ csv: 'article,units\nMUG-1,40\n', mapping: stock });
    expect(columns).toMatchObject({ status: 400, answer: { detail: expect.stringContaining('no column "sku"') } });
    const choices = await importTable<Problem>({ csv: 'sku\n', mapping: { ...stock, timeZone: 'Nowhere' } });
    expect(choices).toMatchObject({ status: 400, answer: { errors: [{ path: 'mapping.timeZone' }] } });
  });
});

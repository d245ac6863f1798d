/** The whole command against a server that records what it gets: real files, real HTTP. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { REPLAY_EXIT, type ReplayOptions, replay } from '../../server/commands/replay.ts';
import type { CloudEvent } from '../../streams/events/envelope.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
const row = (invoice: string, time: string, sku = '22423') =>
  `${invoice},${sku},A thing,2,${time},1.25,17850.0,France\n`;

let folder: string;
let received: { batch: CloudEvent[]; atMs: number; key: string | undefined }[];
/** Answers that come before the server takes anything. */
let before: ((response: ServerResponse) => void)[];
let rejects: (event: CloudEvent) => string | null;
let server: ReturnType<typeof createServer>;
let url: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tideline-replay-'));
  received = [];
  before = [];
  rejects = () => null;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const first = before.shift();
    if (first !== undefined) return first(response);
    const batch = Buffer.concat(chunks)
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as CloudEvent);
    received.push({ batch, atMs: performance.now(), key: request.headers.authorization });
    const rejected = batch.flatMap((event, index) => {
      const problem = rejects(event);
      return problem === null ? [] : [{ index, id: event.id, problem }];
    });
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ delivery: 'd', accepted: batch.length - rejected.length, rejected }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const ids = () => received.flatMap(({ batch }) => batch.map((event) => event.id));
async function run(
  content: string | Buffer,
  options: Partial<ReplayOptions> = {},
  signal = new AbortController().signal,
) {
  const file = join(folder, 'export.csv');
  await writeFile(file, content);
  const [out, err] = [new PassThrough(), new PassThrough()];
  const context = {
    out: out as unknown as NodeJS.WriteStream,
    err: err as unknown as NodeJS.WriteStream,
    signal,
    localKey: async () => 'tl_local',
  };
  const settings = { mapping: 'online-retail', url, speed: Number.POSITIVE_INFINITY, ...options };
  const code = await replay(file, settings, context);
  const words = (stream: PassThrough) => (stream.read() ?? '').toString() as string;
  return { code, out: words(out), err: words(err) };
}

test('a gzipped export is sent in business order with the local key, and a second replay sends the same ids', async () => {
  const content = gzipSync(HEADER + row('1', '2010-12-01 08:00:00') + row('2', '2010-12-03 08:00:00'));
  const first = await run(content);
  expect(first.code).toBe(REPLAY_EXIT.complete);
  expect(received[0]?.key).toBe('Bearer tl_local');
  const sent = ids();
  expect(sent.filter((id) => /^(order|dispatch)/.test(id))).toEqual(['order:1', 'dispatch:1', 'order:2', 'dispatch:2']);
  await run(content);
  expect(ids()).toEqual([...sent, ...sent]);
});

test('a server that is busy is asked again when it said so', async () => {
  const busy = (response: ServerResponse) => response.writeHead(429, { 'retry-after': '1' }).end('{"title":"busy"}');
  before = [busy, (response) => response.destroy()];
  const beganMs = performance.now();
  expect((await run(HEADER + row('1', '2010-12-01 08:00:00'))).code).toBe(REPLAY_EXIT.complete);
  expect(received).toHaveLength(1);
  expect(received[0]!.atMs - beganMs).toBeGreaterThan(1_000);
});

test('what the server rejects is told with the lines of the file, also in the report file, and the exit code is 1', async () => {
  rejects = (event) => (event.type === 'order.placed' ? 'data.lines.0.sku: is not sold here' : null);
  const report = join(folder, 'report.json');
  const content = `${HEADER}1,22423,"two\nlines",2,2010-12-01 08:00:00,1.25,,France\n${row('1', '2010-12-01 08:00:00', '22424')}`;
  const { code, out } = await run(content, { report });
  expect(code).toBe(REPLAY_EXIT.someRejected);
  expect(out).toContain('line 3, 4: order.placed order:1: data.lines.0.sku: is not sold here');
  expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({
    report: { rejectedEvents: 1, rejected: [{ lines: [3, 4], by: 'server' }] },
    interrupted: false,
  });
});

test('a dry run sends nothing', async () => {
  const { code, out } = await run(HEADER + row('1', '2010-12-01 08:00:00'), { dryRun: true });
  expect([code, received.length]).toEqual([REPLAY_EXIT.complete, 0]);
  expect(out).toMatch(/none sent \(dry run\)/);
});

test('with a speed, time passes between events as it did in the business, only faster', async () => {
  const content = HEADER + row('1', '2010-12-01 08:00:00') + row('2', '2010-12-01 12:00:00');
  await run(content, { speed: 16 * 3_600 });
  const at = (id: string) => received.find(({ batch }) => batch.some((event) => event.id === id))!.atMs;
  expect(at('order:2') - at('order:1')).toBeGreaterThan(140);
  expect(at('dispatch:1') - at('order:2')).toBeGreaterThan(1_100);
});

test('Ctrl-C in the middle of waiting ends it with a report', async () => {
  const stop = new AbortController();
  rejects = (event) => {
    if (event.id === 'order:1') stop.abort();
    return null;
  };
  const content = HEADER + row('1', '2010-12-01 08:00:00') + row('2', '2010-12-05 08:00:00');
  const { code, out } = await run(content, { speed: 1 }, stop.signal);
  expect(code).toBe(REPLAY_EXIT.interrupted);
  expect(out).toMatch(/^Interrupted\./);
  expect(ids()).not.toContain('order:2');
});

test.each([
  [
    'a column is missing',
    HEADER.replace('Quantity', 'Menge') + row('1', '2010-12-01 08:00:00'),
    /no column "Quantity"; its columns are .*"Menge"/,
  ],
  ['the file is empty', '', /the file is empty/],
  [
    'a quote stays open',
    `${HEADER}1,22423,"open,2,2010-12-01 08:00:00,1.25,,France\n`,
    /a quote opened in line 2 or before is never closed/,
  ],
])('nothing is sent and the exit code is 2 when %s', async (_, content, problem) => {
  const { code, err } = await run(content);
  expect([code, received.length]).toEqual([REPLAY_EXIT.failed, 0]);
  expect(err).toMatch(problem);
});

test('a key that is not accepted ends the replay with a remedy', async () => {
  before = [(response) => response.writeHead(401).end('{"title":"Unauthorized"}')];
  const { code, err } = await run(HEADER + row('1', '2010-12-01 08:00:00'));
  expect(code).toBe(REPLAY_EXIT.failed);
  expect(err).toMatch(/does not accept the key.*keys create/);
});

test('a file that is not in the order of time is sorted when the mapping says so', async () => {
  const shipped = await readFile(new URL('../../server/replay/mappings/online-retail.yaml', import.meta.url), 'utf8');
  const mapping = join(folder, 'mapping.yaml');
  await writeFile(mapping, shipped.replace('disorder: 1h', 'sorted: false'));
  const sorted = row('1', '2010-12-01 08:00:00') + row('2', '2010-12-03 08:00:00');
  const unsorted = row('2', '2010-12-03 08:00:00') + row('1', '2010-12-01 08:00:00');
  await run(HEADER + sorted);
  const expected = ids();
  received = [];
  expect((await run(HEADER + unsorted, { mapping })).code).toBe(REPLAY_EXIT.complete);
  expect(ids()).toEqual(expected);
});

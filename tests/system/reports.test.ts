/** Reports over a real mail server: the picture is inside, the data is attached and equals the answer, and never twice. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HistoryClient } from '../../analytics/clickhouse/client.ts';
import { type Exports, openExports } from '../../server/exports/exports.ts';
import type { Asker } from '../../server/exports/whole.ts';
import type { MetricAnswer } from '../../server/http/contract/questions.ts';
import type { ReportRequest } from '../../server/http/contract/reports.ts';
import type { ReadModel } from '../../server/http/read-model.ts';
import { openReports, type Reports } from '../../server/reports/reports.ts';
import { mailServerOf, openSendMail } from '../../server/reports/send-mail.ts';
import { openSavedThings, type SavedThings } from '../../server/saved/saved-things.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { startTestWeb, type TestWeb } from '../support/web-server.ts';
import { wholeOfEngine } from '../support/whole-of-engine.ts';

const MORNING = Date.UTC(2026, 2, 2, 6, 30); // Monday 07:30 in Berlin
const DAY_MS = 86_400_000;
const ada: Asker = { id: 'ada', name: 'ada@example.com', role: 'analyst' };
const folder = mkdtempSync(join(tmpdir(), 'tideline-reports-'));
let redisServer: TestRedis;
let engine: TestEngine;
let client: HistoryClient;
let web: TestWeb;
let mail: MailServer;
let saved: SavedThings;
let exports: Exports;
let question: string;
let now = MORNING - 3_600_000;
let account: Asker | null = ada;
let readModel: ReadModel;
const never = new AbortController().signal;
const sql = `SELECT toDate('2026-02-20') + number AS day, number * 3 AS orders, '=1+1' AS note FROM numbers(9)`;

beforeAll(async () => {
  [redisServer, engine] = await Promise.all([startTestRedis(), startTestEngine()]);
  ({ client } = await engine.createDatabase());
});
afterAll(async () => {
  await Promise.all([engine?.stop(), redisServer?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  now = MORNING - 3_600_000;
  account = ada;
  mail = await startMailServer();
  readModel = {} as ReadModel;
  web = await startTestWeb(redisServer, { ingestion: false, app: { readModel } });
  const { redis, keys, access } = web;
  saved = openSavedThings({ redis, workspace: keys.workspace, audit: access.audit, now: () => now });
  exports = openExports({
    redis,
    keys,
    audit: access.audit,
    folder,
    answer: wholeOfEngine(client, MORNING),
    logger: { warn: () => undefined },
    now: Date.now,
  });
  question = await keep({ metrics: null, sql });
});
afterEach(async () => {
  await exports.stop();
  await web.stop();
  await mail.stop();
});

async function keep(body: object): Promise<string> {
  const keeper = { id: 'ada', name: 'ada@example.com', isAdmin: false };
  const kept = await saved.save('question', { name: 'Orders a day', shared: false, version: 0, body }, keeper);
  if (!('saved' in kept)) throw new Error(JSON.stringify(kept));
  return kept.saved.id;
}

function open(changed: Partial<Parameters<typeof openReports>[0]> = {}): Reports {
  const from = 'Tideline <reports@example.com>';
  return openReports({
    redis: web.redis,
    keys: web.keys,
    audit: web.access.audit,
    exports,
    answerWhole: wholeOfEngine(client, MORNING),
    ask: async () => metricAnswer,
    measures: () => [{ id: 'revenue', name: 'Revenue', unit: 'money' }],
    situation: () => ({ workspace: 'Nordlicht', timeZone: 'Europe/Berlin', currency: 'EUR' }),
    publicUrl: 'https://ops.example.com',
    fontFolder: join(folder, 'fonts'),
    mail: { from, send: openSendMail({ server: mailServerOf(mail.url), from }) },
    question: (id) => saved.stored('question', id),
    account: async () => account,
    now: () => now,
    ...changed,
  });
}

const request = (more: Partial<ReportRequest> = {}): ReportRequest => ({
  version: 0,
  name: 'Orders, each morning',
  question,
  schedule: { days: [1, 2, 3, 4, 5], at: '07:30', timeZone: 'Europe/Berlin' },
  recipients: ['ops@example.com', 'ceo@example.com'],
  format: 'csv',
  paused: false,
  ...more,
});

async function set(reports: Reports, more: Partial<ReportRequest> = {}): Promise<string> {
  const report = await reports.save(request(more), ada);
  if (typeof report === 'string') throw new Error(report);
  return report.id;
}

const runsOf = async (reports: Reports) => (await reports.list(ada)).items.flatMap(({ runs }) => runs);

const metricAnswer = {
  question: {
    measures: ['revenue'],
    by: [],
    grain: 'day',
    where: [],
    over: { last: '7d' },
    compare: 'previous-period',
  },
  from: MORNING - 7 * DAY_MS,
  to: MORNING,
  compared: { from: MORNING - 14 * DAY_MS, to: MORNING - 7 * DAY_MS },
  totals: [{ measure: 'revenue', total: 1_234_500, compared: 1_000_000 }],
  series: [
    {
      measure: 'revenue',
      group: [],
      points: [0, 1, 2, 3, 4, 5, 6].map((day) => [MORNING - (7 - day) * DAY_MS, 150_000 + day * 9_000]),
      total: 1_234_500,
      compared: {
        points: [0, 1, 2, 3, 4, 5, 6].map((day) => [MORNING - (7 - day) * DAY_MS, 140_000]),
        total: 1_000_000,
      },
    },
  ],
} as unknown as MetricAnswer;

describe('a report', () => {
  test('is sent at its moment with the picture inside, a table, a link, and all of the data attached', async () => {
    const reports = open();
    await set(reports);
    await reports.workOff(never);
    expect(mail.mails).toEqual([]);
    now = MORNING + 1_000;
    await reports.workOff(never);
    expect(mail.mails).toHaveLength(1);
    const [{ to, mail: sent }] = mail.mails as [(typeof mail.mails)[0]];
    expect(to).toEqual(['ops@example.com', 'ceo@example.com']);
    expect(sent.subject).toBe('Orders, each morning · 2 March 2026');
    expect(sent.from?.text).toContain('reports@example.com');
    expect(sent.headers.get('auto-submitted')).toBe('auto-generated');
    expect(sent.text).not.toContain('is late');
    const [picture, data, manifest] = sent.attachments;
    expect(picture).toMatchObject({ contentType: 'image/png', contentDisposition: 'inline' });
    expect(picture!.content.toString('latin1', 1, 4)).toBe('PNG');
    expect(picture!.content.readUInt32BE(16)).toBe(1_120);
    expect(sent.html).toContain('src="data:image/png;base64,');
    expect(sent.html).toContain('href="https://ops.example.com/query/');
    expect(sent.text).toContain('2026-02-28 | 24 | =1+1');
    expect(sent.text).toContain('All 9 rows are attached: Orders-each-morning.csv.');
    expect(sent.text).toContain('Data up to 2 Mar 2026 07:30');
    const rows = parse(data!.content, { columns: true }) as Record<string, string>[];
    expect(rows.map(({ day, orders }) => [day, Number(orders)])).toEqual(
      [20, 21, 22, 23, 24, 25, 26, 27, 28].map((day, at) => [`2026-02-${day}`, at * 3]),
    );
    const told = JSON.parse(manifest!.content.toString());
    expect(told).toMatchObject({ sql, rows: 9, sha256: createHash('sha256').update(data!.content).digest('hex') });
    expect(await runsOf(reports)).toMatchObject([{ state: 'sent', rows: 9, late: false, rejected: [] }]);
  });

  test('of measures shows its figures against before, and is drawn with both', async () => {
    const id = await keep({ metrics: { measures: ['revenue'], over: { last: '7d' } }, sql: null });
    // The file of it is made of SQL here: what is compiled is another test's subject.
    const answer = wholeOfEngine(client, MORNING);
    const { redis, keys, access } = web;
    const own = openExports({
      redis,
      keys,
      audit: access.audit,
      folder,
      logger: { warn: () => undefined },
      now: Date.now,
      answer: (_, by, format, signal) => answer({ kind: 'sql', question: { sql, parameters: {} } }, by, format, signal),
    });
    const reports = open({ exports: own });
    await set(reports, { question: id, format: 'xlsx' });
    now = MORNING;
    await reports.workOff(never);
    const [{ mail: sent }] = mail.mails as [(typeof mail.mails)[0]];
    expect(sent.text).toContain('Revenue: €12,345 (+23.5 %)');
    expect(sent.text).toContain('compared with 16 Feb 2026 07:30 to 23 Feb 2026 07:30');
    expect(sent.attachments.map(({ filename }) => filename)).toEqual([
      'picture.png',
      'Orders-each-morning.xlsx',
      'Orders-each-morning.xlsx.manifest.json',
    ]);
    await own.stop();
  });

  test('is sent once for a slot, by however many processes and after however many starts', async () => {
    const reports = open();
    await set(reports);
    now = MORNING;
    await reports.workOff(never);
    const restarted = open();
    await restarted.recover();
    await restarted.workOff(never);
    // As if the process had ended before it noted the next moment.
    const [stored] = Object.entries(await web.redis.hGetAll(web.keys.reports('all')));
    await web.redis.hSet(
      web.keys.reports('all'),
      stored![0],
      JSON.stringify({ ...JSON.parse(stored![1]), nextAt: MORNING }),
    );
    await restarted.workOff(never);
    expect(mail.mails).toHaveLength(1);
    now = MORNING + DAY_MS;
    await restarted.workOff(never);
    expect(mail.mails).toHaveLength(2);
    expect(mail.mails[0]!.mail.messageId).not.toBe(mail.mails[1]!.mail.messageId);
  });

  test('that was missed while nothing ran is sent once, and says that it is late', async () => {
    const reports = open();
    await set(reports);
    now = MORNING + 3 * DAY_MS + 7_200_000;
    await reports.workOff(never);
    await reports.workOff(never);
    expect(mail.mails).toHaveLength(1);
    expect(mail.mails[0]!.mail.text).toContain('was due at 5 Mar 2026 07:30 and is late');
    expect((await reports.list(ada)).items[0]!.nextAt).toBe(MORNING + 4 * DAY_MS);
  });

  test('is tried again when the mail server is busy, and ends when it refuses for good', async () => {
    const reports = open();
    await set(reports);
    mail.wishes.refuseData = { code: 451, times: 1 };
    now = MORNING;
    await reports.workOff(never);
    expect(await runsOf(reports)).toMatchObject([
      { state: 'waiting', attempts: 1, problem: expect.stringMatching(/try again later/) },
    ]);
    await reports.workOff(never);
    expect(mail.mails).toEqual([]);
    now = MORNING + 60_000;
    await reports.workOff(never);
    expect(mail.mails).toHaveLength(1);
    mail.wishes.refuseData = { code: 554, times: 1 };
    now = MORNING + DAY_MS;
    await reports.workOff(never);
    expect((await runsOf(reports))[0]).toMatchObject({ state: 'failed', attempts: 1 });
  });

  test('is not sent again when nobody knows whether it was taken', async () => {
    const reports = open();
    await set(reports);
    mail.wishes.swallowData = true;
    now = MORNING;
    const sending = reports.workOff(never);
    await expect.poll(async () => (await runsOf(reports))[0]?.state, { timeout: 20_000 }).toBe('sending');
    // Whoever sends ends here; another one takes over.
    const next = open();
    await next.recover();
    expect((await runsOf(next))[0]).toMatchObject({
      state: 'uncertain',
      problem: expect.stringMatching(/not sent again/),
    });
    await next.workOff(never);
    expect((await runsOf(next))[0]!.state).toBe('uncertain');
    await mail.stop();
    await sending;
    mail = await startMailServer();
  }, 90_000);

  test('says whom the mail server did not take it for', async () => {
    const reports = open();
    await set(reports);
    mail.wishes.refuseRecipient = 'ceo@example.com';
    now = MORNING;
    await reports.workOff(never);
    expect(mail.mails[0]!.to).toEqual(['ops@example.com']);
    expect(await runsOf(reports)).toMatchObject([{ state: 'sent', rejected: ['ceo@example.com'] }]);
  });

  test('of who may no longer send, or of a question that is gone, ends with why', async () => {
    const reports = open();
    await set(reports);
    account = { ...ada, role: 'planner' };
    now = MORNING;
    await reports.workOff(never);
    expect((await runsOf(reports))[0]).toMatchObject({
      state: 'failed',
      problem: 'ada@example.com may not send reports any more.',
    });
    account = ada;
    await saved.remove('question', question, { id: 'ada', name: 'ada', isAdmin: false });
    now = MORNING + DAY_MS;
    await reports.workOff(never);
    expect((await runsOf(reports))[0]).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/question is gone/),
    });
    expect(mail.mails).toEqual([]);
  });

  test('without a mail server is made, and its file can be fetched', async () => {
    const reports = open({ mail: null });
    const id = await set(reports, { paused: true });
    expect((await reports.list(ada)).mailFrom).toBeNull();
    expect((await reports.list(ada)).items[0]!.nextAt).toBeNull();
    await reports.sendNow(id, ada);
    await reports.workOff(never);
    const [run] = await runsOf(reports);
    expect(run).toMatchObject({ state: 'made', byHand: true, rows: 9 });
    expect(await exports.open(run!.export!, ada)).toMatchObject({ manifest: { rows: 9 } });
  });
});

test('routes: set up, change, refuse, send by hand, remove; an outsider sees nothing', async () => {
  readModel.reports = open();
  const cookie = await web.signIn();
  const call = (method: string, path: string, body?: object) =>
    fetch(`${web.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...cookie },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  expect((await call('POST', '/v1/reports', request())).status).toBe(400);
  const keeper = { id: 'bob', name: 'bob', isAdmin: false };
  const shared = await saved.save(
    'question',
    { name: 'Shared', shared: true, version: 0, body: { metrics: null, sql } },
    keeper,
  );
  const mine = request({ question: 'saved' in shared ? shared.saved.id : '' });
  const made = await (await call('POST', '/v1/reports', mine)).json();
  expect(made).toMatchObject({ version: 1, questionName: 'Shared', runs: [] });
  const changed = await call('POST', '/v1/reports', { ...mine, id: made.id, version: 1, paused: true });
  expect(await changed.json()).toMatchObject({ version: 2, nextAt: null });
  expect((await call('POST', '/v1/reports', { ...mine, id: made.id, version: 1 })).status).toBe(409);
  expect((await call('POST', `/v1/reports/${made.id}/send`)).status).toBe(202);
  expect((await readModel.reports.list(ada)).items).toEqual([]);
  expect(await readModel.reports.remove(made.id, ada)).toBe('not-yours');
  expect((await call('DELETE', `/v1/reports/${made.id}`)).status).toBe(204);
  expect((await call('DELETE', `/v1/reports/${made.id}`)).status).toBe(404);
});

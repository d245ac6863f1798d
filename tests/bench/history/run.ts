/**
 * `npm run measure-history`: makes a history of many events in a folder of its own, in the shapes of the simulated company,
 * and measures questions over it. Writes a report as JSON. The folder is kept, so that it can be measured again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  createHistoryClient,
  type HistoryClient,
  queryRows,
  runStatement,
} from '../../../analytics/clickhouse/client.ts';
import { startEngine } from '../../../analytics/clickhouse/embedded/start-engine.ts';
import { migrate } from '../../../analytics/clickhouse/migrate.ts';
import { migrationsDir } from '../../../analytics/sql/load.ts';
import { opsDatabaseOf } from '../../../analytics/views/index.ts';
import { measure, rank } from './measure.ts';
import { stampOut, type Template, writeTemplate } from './stamp.ts';

const DAY_MS = 86_400_000;
const MONDAY = Date.UTC(2024, 8, 2);
/** In September the company is as busy as on average. */
const PLAYED_FROM = MONDAY;
/** What the company tells in a day whether or not it sells, and with each order. */
const EVENTS_PER_DAY = 9_000;
const EVENTS_PER_ORDER = 5.9;
const SAY_EVERY_MS = 30_000;

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '100000000' },
    'data-dir': { type: 'string', default: 'data/measured-history' },
    days: { type: 'string', default: '728' },
    'template-days': { type: 'string', default: '7' },
    'tail-days': { type: 'string', default: '5' },
    layers: { type: 'string', default: '1' },
    resume: { type: 'boolean', default: false },
    streams: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
    measure: { type: 'boolean', default: false },
    'only-measure': { type: 'boolean', default: false },
    runs: { type: 'string', default: '10' },
    out: { type: 'string', default: 'history-report.json' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (options.help) {
  console.log(
    'npm run measure-history [-- --events 100000000] [--data-dir <folder>] [--days 728] [--threads 2] [--measure | --only-measure] [--out report.json]',
  );
  process.exit(0);
}

/** Sums are what is measured: merged as they are in a history that grew slowly, and left alone by the merges of the rest. */
const SUMS = [
  'kpi_minutes',
  'kpi_hours',
  'kpi_days',
  'latency_minutes',
  'latency_hours',
  'stock_days',
  'open_line_days',
  'source_activity',
  'items',
  'item_costs',
];

const say = (words: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${words}`);
const dataDir = join(options['data-dir'], 'engine');
const planFile = join(options['data-dir'], 'plan.json');
const doneFile = join(options['data-dir'], 'done.json');
const logger = { info() {}, warn: console.warn, error: console.error };
const engine = await startEngine({ dataDir, logger, readyFile: join(options['data-dir'], 'engine.json') });
const { url, username, password } = engine;
const connect = (database: string) =>
  createHistoryClient({ url, username, password, database, requestMsMax: 3_600_000 });
const history = connect(engine.database);
const report: Record<string, unknown> = {};
try {
  if (!options['only-measure']) report['made'] = await make();
  report['tables'] = await sizes(history);
  console.table(report['tables']);
  if (options.measure || options['only-measure']) report['measured'] = await ask();
} finally {
  await history.close();
  await engine.stop();
  writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`);
}

type Made = { template: Template; ordersPerDay: number; copies: number; layers: number; start: number; now: number };

async function make() {
  const started = performance.now();
  await migrate(history, migrationsDir);
  const { template, ...made } = options.resume ? (JSON.parse(readFileSync(planFile, 'utf8')) as Made) : await play();
  const playedMs = performance.now() - started;
  // Asked to stop, it ends when the copies under way are in history, and can be resumed.
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stopping = true;
    });
  }
  const done = new Set(options.resume ? (JSON.parse(readFileSync(doneFile, 'utf8')) as number[]) : []);
  const say30 = progress('stamped out');
  const stamps = { ...made, threads: Number(options.threads), streams: Number(options.streams) };
  const events = await stampOut(history, template, stamps, {
    done,
    onDone(copy, facts) {
      done.add(copy);
      writeFileSync(doneFile, JSON.stringify([...done]));
      say30(facts);
    },
    stopping: () => stopping,
  });
  if (stopping) throw new Error('stopped; go on with --resume');
  await runStatement(history, 'DROP TABLE IF EXISTS template');
  const tookMs = performance.now() - started;
  say(`${events} events in ${Math.round(tookMs / 1000)} s`);
  return { events, ...made, playedMs, tookMs };
}

/** A week of the company, and how often it is repeated so that as many events come about and the last ones are of today. */
async function play(): Promise<Made> {
  const [events, days, layers] = [options.events, options['template-days'], options.layers].map(Number) as [
    number,
    number,
    number,
  ];
  const ordersPerDay = Math.max(100, (events / Number(options.days) / layers - EVENTS_PER_DAY) / EVENTS_PER_ORDER);
  say(`playing ${days} days of ${Math.round(ordersPerDay)} orders a day`);
  const plan = {
    seed: Number(options.seed),
    from: PLAYED_FROM,
    ordersPerDay,
    days,
    tailDays: Number(options['tail-days']),
  };
  const template = await writeTemplate(history, plan, progress('played'));
  const now = Date.now();
  const weeks = Math.max(1, Math.round((events - template.opening) / template.body / layers));
  const lastMonday = MONDAY + Math.floor((now - MONDAY) / (7 * DAY_MS)) * 7 * DAY_MS;
  const start = lastMonday - weeks * days * DAY_MS;
  say(`${template.body} facts in ${days} days, ${weeks} x ${layers} times from ${new Date(start).toISOString()}`);
  const made = { template, ordersPerDay, copies: weeks * layers, layers, start, now };
  writeFileSync(planFile, JSON.stringify(made));
  return made;
}

async function settle(): Promise<number> {
  const started = performance.now();
  await runStatement(history, 'SYSTEM STOP MERGES');
  for (const table of SUMS) {
    await runStatement(history, `SYSTEM START MERGES ${engine.database}.${table}`);
    await runStatement(history, `OPTIMIZE TABLE ${table} FINAL`);
  }
  say(`sums merged after ${Math.round((performance.now() - started) / 1000)} s`);
  return performance.now() - started;
}

/** How long questions take. */
async function ask() {
  await migrate(history, migrationsDir);
  const settledMs = await settle();
  const [last] = await queryRows<{ at: number }>(
    history,
    "SELECT toUnixTimestamp64Milli(max(at)) AS at FROM order_steps WHERE step = 'order-accepted'",
  );
  const ops = connect(opsDatabaseOf(engine.database));
  try {
    const measured = await measure({ history, ops, now: Number(last!.at), runs: Number(options.runs), say });
    const groups = [...Map.groupBy(measured, ({ group, kind }) => `${group}, ${kind}`)].map(([group, own]) => {
      const missed = own.filter(({ p95Ms, aimMs, fault }) => fault !== '' || p95Ms >= aimMs);
      const times = own.flatMap(({ timesMs }) => timesMs);
      const raw = own.flatMap(({ rawMs }) => rawMs ?? []);
      return {
        group,
        questions: own.length,
        aimMs: own[0]!.aimMs,
        p50Ms: rank(times, 0.5),
        p95Ms: rank(times, 0.95),
        rawP50Ms: raw.length === 0 ? null : rank(raw, 0.5),
        rawP95Ms: raw.length === 0 ? null : rank(raw, 0.95),
        compared: own.filter(({ same }) => same !== null).length,
        differ: own.filter(({ same }) => same === false).length,
        missed: missed.length,
        slowest: missed
          .slice(0, 4)
          .map(({ question }) => question)
          .join(' '),
      };
    });
    console.table(groups);
    return { settledMs, groups, questions: measured };
  } finally {
    await ops.close();
  }
}

function progress(what: string): (facts: number) => void {
  const started = performance.now();
  let said = started;
  return (facts) => {
    if (performance.now() - said < SAY_EVERY_MS) return;
    said = performance.now();
    say(`${what} ${facts} facts, ${Math.round(facts / ((said - started) / 1000))} a second`);
  };
}

function sizes(client: HistoryClient) {
  return queryRows(
    client,
    `SELECT table, toUInt32(count()) AS parts, toUInt64(sum(part.rows)) AS rows, round(sum(bytes_on_disk) / 1e6, 1) AS megabytes,
       round(sum(bytes_on_disk) / sum(part.rows), 1) AS bytes_per_row
     FROM system.parts AS part WHERE active AND database = currentDatabase() AND part.rows > 0
     GROUP BY table ORDER BY megabytes DESC`,
  );
}

/** Stamps the template out over years: the engine repeats the rows of its facts with other ids, at other times. */
import { Readable } from 'node:stream';
import { type HistoryClient, insertLines, queryRows, runStatement } from '../../../analytics/clickhouse/client.ts';
import { factRow } from '../../../streams/processing/fact-row.ts';
import type { Fact } from '../../../streams/processing/process-batch.ts';
import { playTemplate, type TemplatePlan } from './play-template.ts';

const DAY_MS = 86_400_000;
const LINES_PER_INSERT = 20_000;
/** Of one INSERT … SELECT: one block and so one token, a part per table, and some 2 GB of memory. */
const FACTS_PER_STAMP = 250_000;
const LAYER_MS = 17 * 60_000;

export type Template = { opening: number; body: number; days: number; from: number };

/**
 * Keeps the facts of the template in a table of the columns of `facts`, in an order of its own: first the opening (master
 * data and first stock, told once), then what is repeated, each numbered from 1.
 */
export async function writeTemplate(
  client: HistoryClient,
  plan: TemplatePlan,
  onProgress: (facts: number) => void,
  played: Iterable<readonly Fact[]> = playTemplate(plan),
): Promise<Template> {
  await runStatement(client, 'DROP TABLE IF EXISTS template_raw');
  await runStatement(client, 'DROP TABLE IF EXISTS template');
  await runStatement(client, 'CREATE TABLE template_raw AS facts ENGINE = MergeTree ORDER BY seq');
  let lines: string[] = [];
  let written = 0;
  const write = async () => {
    if (lines.length === 0) return;
    const body = Readable.from([lines.join('\n')], { objectMode: false });
    written += lines.length;
    lines = [];
    await insertLines(client, 'template_raw', body, { token: `template ${written}` });
    onProgress(written);
  };
  for (const facts of played) {
    for (const fact of facts) lines.push(factRow(fact));
    if (lines.length >= LINES_PER_INSERT) await write();
  }
  await write();

  // Orders of the repeated days with all that befell them later; everything else of those days.
  const until = plan.from + plan.days * DAY_MS;
  const opens = `occurred_at = ${plan.from} AND type IN ('workspace.configured', 'source.defined', 'node.defined', 'channel.defined', 'item.defined', 'stock.adjusted')`;
  await runStatement(
    client,
    `CREATE TABLE template ENGINE = MergeTree ORDER BY (opens, n) AS
     SELECT *, row_number() OVER (PARTITION BY opens ORDER BY seq) AS n
     FROM (SELECT *, ${opens} AS opens, JSONExtractString(data, 'order') AS order_ref FROM template_raw) AS all
     WHERE opens OR if(order_ref = '', occurred_at < ${until}, order_ref IN (
       SELECT JSONExtractString(data, 'order') FROM template_raw WHERE type = 'order.placed' AND occurred_at < ${until}))`,
  );
  await runStatement(client, 'DROP TABLE template_raw');
  const [counts] = await queryRows<{ opening: number; body: number }>(
    client,
    'SELECT toUInt32(countIf(opens)) AS opening, toUInt32(countIf(NOT opens)) AS body FROM template',
  );
  return { ...counts!, days: plan.days, from: plan.from };
}

export type StampPlan = {
  copies: number;
  /** Copies that lie over each other, some minutes apart: a busier company than the one that was played. */
  layers: number;
  start: number;
  now: number;
  /** Of the engine, for one statement. */
  threads: number;
  /** Statements that run at once. */
  streams: number;
};
export type StampProgress = {
  /** Copies that are in history already; -1 is the opening. */
  done: ReadonlySet<number>;
  /** Called when a copy is in history for certain, with the facts that this run has made. */
  onDone(copy: number, facts: number): void;
  /** Ends after the copies that are under way. */
  stopping(): boolean;
};

/**
 * Copies follow each other from `start` on. What would lie after `now` is left out: only the tails of the last ones, which
 * are numbered anew, because the log has no holes.
 * @returns how many facts history holds when all is done
 */
export async function stampOut(
  client: HistoryClient,
  { opening, body, days, from: played }: Template,
  { copies, layers, start, now, threads, streams }: StampPlan,
  { done, onDone, stopping }: StampProgress,
): Promise<number> {
  const shiftOf = (copy: number) =>
    start - played + Math.floor(copy / layers) * days * DAY_MS + (copy % layers) * LAYER_MS;
  let made = 0;
  const stamp = async (copy: number, where: string, rows: number, first: number) => {
    for (let from = 0; from < rows; from += FACTS_PER_STAMP) {
      const part = `${where} AND n > ${from} AND n <= ${from + FACTS_PER_STAMP}`;
      const at = shiftOf(Math.max(0, copy));
      await runStatement(client, stampSql(part, { copy: Math.max(0, copy), shift: at, first, threads }));
    }
    made += rows;
    onDone(copy, made);
  };
  if (!done.has(-1)) await stamp(-1, 'opens', opening, 0);
  const whole = copies - layers;
  const waiting = Array.from({ length: whole }, (_, copy) => copy).filter((copy) => !done.has(copy));
  const work = async () => {
    for (let copy = waiting.shift(); copy !== undefined && !stopping(); copy = waiting.shift())
      await stamp(copy, 'NOT opens', body, opening + copy * body);
  };
  await Promise.all(Array.from({ length: streams }, work));
  let seq = opening + whole * body;
  for (let copy = whole; copy < copies && !stopping(); copy += 1) {
    const until = `NOT opens AND occurred_at + ${shiftOf(copy)} <= ${now}`;
    const [left] = await queryRows<{ rows: number }>(
      client,
      `SELECT toUInt32(count()) AS rows FROM template WHERE ${until}`,
    );
    const numbered = `(SELECT * EXCEPT n, row_number() OVER (ORDER BY template.n) AS n FROM template WHERE ${until})`;
    if (!done.has(copy)) {
      const stamped = { copy, shift: shiftOf(copy), first: seq, threads };
      await runStatement(client, stampSql('true', stamped, numbered));
      made += left!.rows;
      onDone(copy, made);
    }
    seq += left!.rows;
  }
  return seq;
}

type Stamp = { copy: number; shift: number; first: number; threads: number };

/**
 * Repeated, a statement adds only what is missing: one that was broken off in its middle is finished.
 * Ids of orders, events and instructions end with the number of the copy; items, nodes and customers stay who they are.
 */
function stampSql(where: string, { copy, shift, first, threads }: Stamp, table = 'template'): string {
  const named = (id: string) => (copy === 0 ? id : `if(${id} = '', '', concat(${id}, '.${copy}'))`);
  const later = (at: string) => `if(${at} > 0, ${at} + ${shift}, ${at})`;
  // In the text of an event: its order, and what was promised.
  const renamed = `replaceOne(data, concat('"order":"', order_ref, '"'), concat('"order":"', order_ref, '.${copy}"'))`;
  const promised = (text: string, field: string, column: string) =>
    `replaceOne(${text}, concat('"${field}":', toString(${column})), concat('"${field}":', toString(${column} + ${shift})))`;
  const placed = promised(promised('data', 'shipBy', 'orders[1].10'), 'deliverBy', 'orders[1].11');
  const data = `multiIf(order_ref = '', data,
      type = 'order.placed', ${copy === 0 ? placed : renamed.replace('replaceOne(data', `replaceOne(${placed}`)},
      ${copy === 0 ? 'data' : renamed})`;
  return `INSERT INTO facts (seq, id, source, type, subject, occurred_at, observed_at, received_at, corrects, data, refused,
      movements, steps, step_orders, exceptions, orders, decisions, instructions)
    SELECT n + ${first} AS seq, ${named('id')} AS id, source, type,
      if(order_ref != '', ${named('subject')}, subject) AS subject,
      occurred_at + ${shift} AS occurred_at, observed_at + ${shift} AS observed_at, received_at + ${shift} AS received_at,
      ${named('corrects')} AS corrects, ${data} AS data, refused,
      arrayMap(m -> (m.1, m.2, m.3, m.4, m.5, m.6, m.7, m.8, ${named('m.9')}, m.10), movements) AS movements,
      steps,
      arrayMap(o -> (${named('o.1')}, o.2, o.3, o.4, o.5, o.6 + ${shift}, ${later('o.7')}), step_orders) AS step_orders,
      arrayMap(e -> (e.1, e.2, e.3, e.4, e.5 + ${shift}, e.6 + ${shift}, e.7, e.8, e.9, ${later('e.10')}, e.11, e.12, e.13,
        ${named('e.14')}, e.15, e.16), exceptions) AS exceptions,
      arrayMap(o -> (${named('o.1')}, o.2, o.3, o.4, o.5, o.6, o.7, o.8, o.9 + ${shift}, ${later('o.10')}, ${later('o.11')},
        ${later('o.12')}, o.13, o.14, o.15, o.16, o.17), orders) AS orders,
      arrayMap(d -> (d.1, d.2, ${named('d.3')}, d.4, d.5, d.6, d.7, d.8), decisions) AS decisions,
      arrayMap(i -> (${named('i.1')}, i.2, i.3, i.4, i.5), instructions) AS instructions
    FROM ${table} AS t
    WHERE ${where.replaceAll(/\bn\b/g, 't.n')}
    SETTINGS insert_deduplicate = 1, insert_deduplication_token = 'stamp ${copy} ${first} ${table.length} ${where.replaceAll("'", '')}',
      deduplicate_blocks_in_dependent_materialized_views = 1, max_threads = ${threads}, max_insert_threads = 1, min_insert_block_size_rows = ${FACTS_PER_STAMP},
      min_insert_block_size_bytes = 0, max_execution_time = 0, parallel_view_processing = 0`;
}

/**
 * Three months of a real shop, replayed into a real Tideline: what it says equals what its own file says, read by a
 * query that knows nothing of Tideline.
 */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHistoryClient, queryRows, runStatement } from '../../analytics/clickhouse/client.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { stateKinds } from '../../streams/processing/keys.ts';
import { type Answer, tideline } from '../support/command-line.ts';
import { isLong } from '../support/how-much.ts';
import { ask } from '../support/notebook/ask.ts';
import { type Figure, questions } from '../support/notebook/questions.ts';
import { renderNotebook } from '../support/notebook/render.ts';
import {
  describeServer,
  makeDataDir,
  openView,
  readReach,
  type ServerProcess,
  until,
} from '../support/running-tideline.ts';

const file = fileURLToPath(
  new URL('../../../shared/data/online-retail/dev_2010-12_to_2011-02.csv.gz', import.meta.url),
);
const present = existsSync(file);
if (!present) console.log('skipped: ../shared/data/online-retail is not here');

const sqlOf = (name: string) => readFileSync(new URL(`../support/${name}.sql`, import.meta.url), 'utf8');
const columns = 'InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country'.split(' ');
const FROM = Date.UTC(2010, 11, 1);
const TO = Date.UTC(2011, 2, 1);
const STEP_MS_MAX = 240_000;

type View = Awaited<ReturnType<typeof openView>>;

describe.skipIf(!present)('a real shop, replayed', () => {
  const folder = makeDataDir();
  const took: Record<string, string> = {};
  let server: ServerProcess;
  let view: View;
  let readKey = '';
  let fromFile: Figure[];
  let replayed: Answer;

  const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    took[step] = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
    return result;
  };
  const place = ['--data-dir', folder.path];
  const replay = () => tideline(['replay', file, '--mapping', 'online-retail', '--url', server.url, ...place]);
  const read = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${readKey}` } });
    expect(answer.status, path).toBe(200);
    return (await answer.json()) as T;
  };

  /** Nothing waits in the queue, in the log or in the outbox, and no deadline is being passed any more. */
  async function settled(): Promise<void> {
    let before = -1;
    await until('everything sent is in history', STEP_MS_MAX, async () => {
      const { redis, keys, history } = view;
      const queue = (kind: string) => `${keys.queuePrefix}:${keys.deliveriesQueue}:${kind}`;
      const [waiting, active, delayed, text, [last]] = await Promise.all([
        redis.lLen(queue('wait')),
        redis.lLen(queue('active')),
        redis.zCard(queue('delayed')),
        redis.get(keys.checkpoint),
        queryRows<{ seq: number }>(history, 'SELECT max(seq) AS seq FROM events'),
      ]);
      const checkpoint = checkpointOf(text);
      const newest = (await redis.xRevRange(keys.log, '+', '-', { COUNT: 1 }))?.[0]?.id ?? checkpoint.position;
      const quiet = waiting + active + delayed === 0 && newest === checkpoint.position && last!.seq === checkpoint.seq;
      const same = quiet && before === checkpoint.seq;
      before = quiet ? checkpoint.seq : -1;
      // Two looks a little more than a second apart: deadlines are looked for every second.
      if (quiet && !same) await new Promise((resolve) => setTimeout(resolve, 1_200));
      return same;
    });
  }

  beforeAll(async () => {
    server = await describeServer({ dataDir: folder.path });
    await timed('start', () => server.start());
    view = await openView(readReach(folder.path).reached);
    readKey = await view.readKey();
    replayed = await timed('replay: sent', replay);
    await timed('replay: all in history after that', settled);
    fromFile = await timed('the file by SQL', readFile);
  }, 2 * STEP_MS_MAX);

  afterAll(async () => {
    console.log(`Online Retail: ${JSON.stringify(took)}`);
    await view?.close();
    await server?.end('SIGTERM');
    folder.remove();
  });

  async function readFile(): Promise<Figure[]> {
    const { reached } = readReach(folder.path);
    await runStatement(view.history, 'CREATE DATABASE the_file ENGINE = Atomic');
    const client = createHistoryClient({ ...reached.history, database: 'the_file' });
    try {
      const texts = columns.map((column) => `${column} String`).join(', ');
      // A table of the Log engine gives its rows back in the order they came in.
      await runStatement(client, `CREATE TABLE lines_as_sent (${texts}) ENGINE = Log`);
      await client.insert({
        table: 'lines_as_sent',
        format: 'CSVWithNames',
        values: createReadStream(file).pipe(createGunzip()),
      });
      const numbered = 'SELECT rowNumberInAllBlocks() AS n, * FROM lines_as_sent SETTINGS max_threads = 1';
      await runStatement(client, `CREATE TABLE rows ENGINE = MergeTree ORDER BY n AS ${numbered}`);
      return await queryRows<Figure>(client, sqlOf('online-retail-file'));
    } finally {
      await client.close();
    }
  }

  test('every row is accepted', () => {
    expect(replayed.err.split('\n').slice(-3).join('\n') + replayed.out.slice(0, 200)).toContain('15513 accepted');
    expect(replayed.code).toBe(0);
  });

  test('history says per day, country and SKU what the file says', async () => {
    const fromHistory = await timed('history by SQL', () =>
      queryRows<Figure>(view.history, sqlOf('online-retail-history')),
    );
    for (const by of [['day', 'country'], ['day'], ['country'], ['sku'], []] as const) {
      expect(sumBy(fromHistory, by), by.join()).toEqual(sumBy(fromFile, by));
    }
    const totals = sumBy(fromFile, []);
    console.log(`Online Retail: ${JSON.stringify(totals)}`);
    expect(Object.keys(totals)).toHaveLength(10);
  });

  test('the API says per day, and per day and country, what the file says', async () => {
    const asked = { orders: 'orders', 'order-lines': 'order lines', units: 'units sold', revenue: 'revenue' };
    const started = performance.now();
    for (const [kpi, measure] of Object.entries({ ...asked, 'cancelled-lines-customer': 'cancelled lines' })) {
      const figures = fromFile.filter((figure) => figure.measure === measure);
      const { series, total } = await read<Series>(`/v1/kpis/${kpi}?grain=day&from=${FROM}&to=${TO}`);
      expect(pointsOf(series), kpi).toEqual(sumBy(figures, ['day']));
      expect(total).toBe(sumBy(figures, [])[measure]);
      const split = await read<Series>(`/v1/kpis/${kpi}?grain=day&by=country&from=${FROM}&to=${TO}`);
      expect(pointsOf(split.series), `${kpi} by country`).toEqual(sumBy(figures, ['day', 'country']));

      function pointsOf(all: Series['series']): Record<string, number> {
        const points = all.flatMap(({ key, points }) =>
          points.map(([start, value]): [string, number] => [
            [measure, new Date(start).toISOString().slice(0, 10), key].filter(Boolean).join(' '),
            value ?? 0,
          ]),
        );
        return Object.fromEntries(points.filter(([, value]) => value !== 0));
      }
    }
    took['ten KPI series by HTTP'] = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
  });

  test('the stock of every SKU is its opening and everything that moved since', async () => {
    const opening = await queryRows<{ sku: string; units: number }>(
      view.history,
      "SELECT sku, sum(quantity) AS units FROM movements WHERE from_place = 'supplier' GROUP BY sku",
    );
    const expected = new Map(opening.map(({ sku, units }) => [sku, units]));
    const sign: Record<string, number> = {
      'units sold': -1,
      'cancelled units': 1,
      'returned units': 1,
      'written off': -1,
      found: 1,
    };
    for (const { sku, measure, value } of fromFile) {
      expected.set(sku, (expected.get(sku) ?? 0) + (sign[measure] ?? 0) * value);
    }
    const stock = await timed('stock of all SKUs by HTTP', () => readStock());
    expect(stock.size).toBeGreaterThan(3_000);
    expect(Object.fromEntries(stock)).toEqual(Object.fromEntries([...expected].filter(([sku]) => stock.has(sku))));
    expect([...expected].filter(([sku, units]) => !stock.has(sku) && units !== 0)).toEqual([]);
  });

  async function readStock(): Promise<Map<string, number>> {
    const stock = new Map<string, number>();
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: { sku: string; onHand: number }[]; next: string | null } = await read(
        `/v1/stock?limit=500&cursor=${encodeURIComponent(cursor)}`,
      );
      for (const { sku, onHand } of page.items) stock.set(sku, (stock.get(sku) ?? 0) + onHand);
      cursor = page.next;
    }
    return stock;
  }

  test('no unit appears or vanishes: over all places every SKU sums to zero', async () => {
    const unbalanced = 'SELECT sku, sum(change) AS units FROM stock_changes GROUP BY sku HAVING units != 0';
    expect(await queryRows(view.history, unbalanced)).toEqual([]);
    const { redis, keys } = view;
    const inside = await readStock();
    const ledgers = Object.values(await redis.hGetAll(keys.state('ledger'))).map((text) => JSON.parse(text as string));
    expect(ledgers.length).toBeGreaterThan(3_000);
    for (const { sku, supplier, customer, loss, unknown } of ledgers) {
      expect(supplier + customer + loss + unknown + (inside.get(sku) ?? 0), sku).toBe(0);
    }
  });

  test('docs/online-retail.md: ten questions, answered as the file itself would', {
    timeout: STEP_MS_MAX,
  }, async () => {
    const asker = { url: server.url, key: readKey, timeZone: 'Europe/London' };
    const answers: Parameters<typeof renderNotebook>[0] = [];
    await timed('ten questions', async () => {
      for (const question of questions) answers.push({ question, ...(await ask(asker, question)) });
    });
    for (const { question, table } of answers) {
      expect(table.rows.length, question.title).toBeGreaterThan(0);
      if (question.file === null) continue;
      const compared = question.compared?.(table) ?? table.rows;
      expect(compared, question.title).toEqual(question.file(fromFile));
    }
    const remedy = 'it is out of date: run npm test -- --project system tests/system/online-retail.test.ts -u';
    await expect(renderNotebook(answers), remedy).toMatchFileSnapshot('../../docs/online-retail.md');
  });

  test(
    'history, replayed, gives every live state byte for byte',
    async () => {
      const { code, out, err } = await timed('rebuild --verify', () => tideline(['rebuild', '--verify', ...place]));
      expect(out + err).toContain(' 0 differ');
      expect(code).toBe(0);
    },
    STEP_MS_MAX,
  );

  test.runIf(isLong)(
    'a second replay changes nothing, and says so',
    async () => {
      const before = await everything(view);
      const again = await timed('second replay: sent', replay);
      await timed('second replay: settled after that', settled);
      expect(again.code).toBe(0);
      expect(await everything(view)).toEqual(before);
      await until('the API counts the duplicates', 10_000, async () => {
        const { items } = await read<{ items: { source: string; duplicates: number }[] }>('/v1/sources');
        return items.find(({ source }) => source === 'online-retail')?.duplicates === 15_513;
      });
    },
    STEP_MS_MAX,
  );
});

type Series = { series: { key: string; points: [number, number | null][] }[]; total: number | null };

/** Sums per measure and the given columns; keys as words, sums of zero left out. */
function sumBy(figures: Figure[], by: readonly ('day' | 'country' | 'sku')[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const figure of figures) {
    // Orders are counted where they begin, which has a day and a country but no SKU.
    if (figure.measure === 'orders' && by.includes('sku')) continue;
    const key = [figure.measure, ...by.map((column) => figure[column]).filter(Boolean)].join(' ');
    sums.set(key, (sums.get(key) ?? 0) + Number(figure.value));
  }
  return Object.fromEntries([...sums].filter(([, value]) => value !== 0));
}

/** All live states, and how much history holds. */
async function everything({ redis, keys, history }: View): Promise<object> {
  const states = await Promise.all(stateKinds.map((kind) => redis.hGetAll(keys.state(kind))));
  const tables = ['events', 'movements', 'order_steps', 'exception_changes', 'event_identities'];
  const counts = await queryRows(history, `SELECT ${tables.map((t) => `(SELECT count() FROM ${t}) AS ${t}`).join()}`);
  return { counts, states: Object.fromEntries(stateKinds.map((kind, index) => [kind, { ...states[index] }])) };
}

/**
 * `npm run measure-exports`: files of a tenth of a million rows and of ten times as many, by a real engine, and what each
 * took of the memory of the process that writes them. Constant means: ten times the rows, no more memory.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createHistoryClient } from '../../analytics/clickhouse/client.ts';
import { startEngine } from '../../analytics/clickhouse/embedded/start-engine.ts';
import { askWhole } from '../../analytics/clickhouse/whole-answer.ts';
import { wireOf, writeFile } from '../../server/exports/write-file.ts';
import { exportFormats } from '../../server/http/contract/exports.ts';

const MIB = 1024 ** 2;
const BYTES_MAX = 8 * 1024 ** 3;
/** More than this above the smaller file is no constant memory. */
const GROWTH_MIB_MAX = 96;

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const rowsMax = Number(values.rows);
const folder = await mkdtemp(join(tmpdir(), 'tideline-exports-'));
const engine = await startEngine({ dataDir: join(folder, 'engine'), logger: { info() {}, warn() {}, error() {} } });
const client = createHistoryClient(engine);
const silentAbout = {
  id: 'measure',
  name: 'measure',
  file: 'measure',
  format: 'csv' as const,
  parameters: {},
  askedBy: 'measure',
  askedAt: 0,
  endedAt: 0,
  dataAsOf: null,
  eventsBehind: 0,
};

/** Lines of orders: texts, a time, numbers, money, what is not known. */
const linesOf = (rows: number) => `
  SELECT number AS seq, concat('ORD-', toString(intDiv(number, 3))) AS order_id, concat('SKU-', toString(cityHash64(number) % 5000)) AS sku,
    ['web', 'marketplace', 'retail'][number % 3 + 1] AS channel, concat('node-', toString(number % 7)) AS node,
    toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + number * 2 AS placed_at, toInt64(number % 9) - 2 AS quantity,
    toInt64(cityHash64(number) % 100000) AS amount, 'EUR' AS currency, if(number % 5 = 0, NULL, number / 7) AS hours
  FROM numbers(${rows})`;

async function measure(format: (typeof exportFormats)[number], rows: number) {
  globalThis.gc?.();
  const path = join(folder, `${format}-${rows}`);
  const before = process.memoryUsage.rss();
  let peak = before;
  const watching = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const started = performance.now();
  const sql = linesOf(rows);
  const { columns, pieces } = await askWhole(client, { sql, format: wireOf(format) });
  const written = await writeFile({
    path,
    format,
    columns,
    pieces,
    bytesMax: BYTES_MAX,
    about: (count) => ({ ...silentAbout, sql, rows: count, columns: [...columns] }),
  });
  clearInterval(watching);
  await rm(path);
  if (written.rows !== rows) throw new Error(`${format}: ${written.rows} rows instead of ${rows}`);
  return { seconds: (performance.now() - started) / 1_000, bytes: written.bytes, peak, above: peak - before };
}

try {
  console.log('format    rows        seconds   file MiB   peak RSS MiB   above start MiB');
  let failed = false;
  for (const format of exportFormats) {
    const taken: number[] = [];
    for (const rows of [rowsMax / 10, rowsMax]) {
      const { seconds, bytes, peak, above } = await measure(format, rows);
      taken.push(above);
      const cells = [
        rows.toLocaleString('en').padEnd(10),
        seconds.toFixed(1).padStart(7),
        Math.round(bytes / MIB)
          .toString()
          .padStart(10),
        Math.round(peak / MIB)
          .toString()
          .padStart(14),
        Math.round(above / MIB)
          .toString()
          .padStart(17),
      ];
      console.log(`${format.padEnd(9)} ${cells.join(' ')}`);
    }
    const growth = (taken[1]! - taken[0]!) / MIB;
    if (growth > GROWTH_MIB_MAX) {
      console.log(`${format}: ten times the rows took ${Math.round(growth)} MiB more`);
      failed = true;
    }
  }
  process.exitCode = failed ? 1 : 0;
} finally {
  await client.close();
  await engine.stop();
  await rm(folder, { recursive: true, force: true });
}

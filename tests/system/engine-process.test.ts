import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createHistoryClient, queryRows, runStatement } from '../../analytics/clickhouse/client.ts';
import { startEngine } from '../../analytics/clickhouse/embedded/start-engine.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tideline-engine-process-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const silent = { info() {}, warn() {}, error() {} };

/** A process that has ended but that nobody has waited for yet is not alive. */
async function alive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State:\tX');
  return !/^State:\t[XZ]/m.test(status);
}

describe('the engine process', () => {
  it('refuses a data directory that another engine uses, and says so', async () => {
    const dataDir = join(folder, 'locked');
    const first = await startEngine({ dataDir, logger: silent });
    await expect(startEngine({ dataDir, logger: silent })).rejects.toThrow(/another engine uses it/);
    await first.stop();
    const second = await startEngine({ dataDir, logger: silent });
    await second.stop();
  });

  it('comes back with the same address and credentials when it dies', async () => {
    const readyFile = join(folder, 'engine.json');
    const engine = await startEngine({ dataDir: join(folder, 'dying'), logger: silent, readyFile });
    const client = createHistoryClient({ ...engine, url: engine.url });
    const exits: unknown[] = [];
    engine.onExit((exit) => exits.push(exit));
    for (let death = 1; death <= 2; death += 1) {
      const { pid } = engine;
      process.kill(pid, 'SIGKILL');
      await vi.waitFor(() => queryRows(client, 'SELECT 1').then(() => expect(engine.pid).not.toBe(pid)), {
        timeout: 20_000,
        interval: 50,
      });
    }
    expect(exits).toEqual(Array(2).fill({ code: null, signal: 'SIGKILL', willRestart: true }));
    const written = JSON.parse(await readFile(readyFile, 'utf8'));
    expect(written).toMatchObject({ url: engine.url, password: engine.password, pid: engine.pid });
    expect((await stat(readyFile)).mode & 0o777).toBe(0o600);
    await client.close();
    await engine.stop();
    expect(exits.at(-1)).toEqual({ code: 0, signal: null, willRestart: false });
  });

  it('ends within 5 s of being asked, even while a query runs', async () => {
    const engine = await startEngine({ dataDir: join(folder, 'stopping'), logger: silent });
    const client = createHistoryClient({ ...engine, url: engine.url });
    const query = queryRows(client, 'SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))');
    const ended = expect(query).rejects.toMatchObject({ code: '394' });
    const { pid } = engine;
    const other = createHistoryClient({ ...engine, url: engine.url });
    await vi.waitFor(async () => {
      const rows = await queryRows(
        other,
        `SELECT 1 FROM system.processes WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%system%'`,
      );
      expect(rows).toHaveLength(1);
    });
    const startedAt = performance.now();
    await engine.stop();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await ended;
    expect(await alive(pid)).toBe(false);
    await Promise.all([client.close(), other.close()]);
  });

  it('does not outlive a parent that was killed', async () => {
    const module = new URL('../../analytics/clickhouse/embedded/start-engine.ts', import.meta.url).href;
    const script = `
      const { startEngine } = await import(${JSON.stringify(module)});
      const logger = { info() {}, warn() {}, error() {} };
      const engine = await startEngine({ dataDir: ${JSON.stringify(join(folder, 'orphan'))}, logger });
      console.log(engine.pid);`;
    const parent = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: parent.stdout }), 'line');
    const pid = Number(line);
    expect(await alive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(async () => expect(await alive(pid)).toBe(false), { timeout: 2_000, interval: 20 });
  });

  it('opens again after a full disk left an empty mutation file behind', async () => {
    const dataDir = join(folder, 'mutation');
    const before = await startEngine({ dataDir, logger: silent });
    const client = createHistoryClient({ ...before, url: before.url });
    await runStatement(client, 'CREATE TABLE t (x UInt8) ENGINE = MergeTree ORDER BY x');
    await runStatement(client, 'INSERT INTO t VALUES (1)');
    const [table] = await queryRows<{ path: string }>(
      client,
      `SELECT data_paths[1] AS path FROM system.tables WHERE name = 't'`,
    );
    await client.close();
    await before.stop();
    await writeFile(resolve(dataDir, table!.path, 'mutation_2.txt'), '');
    const after = await startEngine({ dataDir, logger: silent });
    const again = createHistoryClient({ ...after, url: after.url });
    expect(await queryRows(again, 'SELECT x FROM t')).toEqual([{ x: 1 }]);
    await again.close();
    await after.stop();
  });

  it('keeps its secrets out of the process list', async () => {
    const engine = await startEngine({ dataDir: join(folder, 'secret'), logger: silent });
    const shown = await Promise.all(
      ['cmdline', 'environ'].map((name) => readFile(`/proc/${engine.pid}/${name}`, 'utf8')),
    );
    expect(shown.join('')).not.toContain(engine.password);
    await engine.stop();
  });
});

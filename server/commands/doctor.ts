/** `tideline doctor`: looks at everything Tideline stands on and says what to do about what is wrong. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { queryRows } from '../../analytics/clickhouse/client.ts';
import { readMigrations } from '../../analytics/clickhouse/migrate.ts';
import { loadQuery } from '../../analytics/sql/load.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { addPlaceOptions, type Config } from '../config.ts';
import { openRuntime, type Runtime } from '../runtime.ts';
import { migrationsDir } from '../start/prepare-history.ts';
import { findServices } from '../start/reach.ts';

const NODE_MAJOR_MIN = 24;
const FREE_BYTES_MIN = 2 * 1024 ** 3;
const WAITING_MAX = 50_000;

type Finding = { what: string; ok: boolean; detail: string; remedy?: string };

export function doctorCommand(): Command {
  return addPlaceOptions(new Command('doctor'))
    .description('Check the machine, the stores and the flow of events. Exit code 1 when something is wrong.')
    .action(async (flags: Config) => {
      const findings = [checkNode(), checkDisk(flags.dataDir), ...(await checkServices(flags))];
      for (const { what, ok, detail, remedy } of findings) {
        console.log(`${ok ? 'ok     ' : 'PROBLEM'}  ${what.padEnd(18)} ${detail}`);
        if (!ok && remedy !== undefined) console.log(`${' '.repeat(28)}-> ${remedy}`);
      }
      if (findings.some((finding) => !finding.ok)) process.exitCode = 1;
    });
}

function checkNode(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  const ok = major >= NODE_MAJOR_MIN;
  return {
    what: 'Node.js',
    ok,
    detail: process.versions.node,
    remedy: 'Start through npm, which uses the pinned Node 24.',
  };
}

function checkDisk(dataDir: string): Finding {
  let place = dataDir;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${dataDir}`;
  return {
    what: 'disk',
    ok: free > FREE_BYTES_MIN,
    detail,
    remedy: 'Free space, or move the data folder (--data-dir).',
  };
}

async function checkServices(flags: Config): Promise<Finding[]> {
  let runtime: Runtime;
  try {
    runtime = await openRuntime(findServices(flags), flags.workspace, { warn: () => undefined });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [{ what: 'Redis', ok: false, detail, remedy: 'Start Tideline: npm start.' }];
  }
  try {
    return [...(await checkRedis(runtime)), ...(await checkHistory(runtime))];
  } finally {
    await runtime.close();
  }
}

async function checkRedis({ redis, keys }: Runtime): Promise<Finding[]> {
  const [info, waiting, outbox, deadLetters, policy] = await Promise.all([
    redis.info(),
    redis.xLen(keys.log),
    redis.xLen(keys.facts),
    redis.zCard(keys.deadLetterIndex),
    redis.configGet('appendfsync'),
  ]);
  const field = (name: string) => new RegExp(`${name}:(.*)\r`).exec(info)?.[1] ?? '';
  const durable = field('aof_enabled') === '1' && field('aof_last_write_status') === 'ok';
  const fsync = (policy as Record<string, string>)['appendfsync'] ?? '?';
  return [
    { what: 'Redis', ok: true, detail: `${field('redis_version')}, ${field('used_memory_human')} used` },
    {
      what: 'durability',
      ok: durable && fsync === 'always',
      detail: durable ? `append-only file, fsync ${fsync}` : 'the append-only file is off or fails',
      remedy: 'Set appendonly yes and appendfsync always: otherwise a crash can lose acknowledged events.',
    },
    {
      what: 'log',
      ok: waiting < WAITING_MAX,
      detail: `${waiting} entries`,
      remedy: 'Is a process with the role "process" running?',
    },
    {
      what: 'outbox',
      ok: outbox < WAITING_MAX,
      detail: `${outbox} commits wait for history`,
      remedy: 'Is a process with the role "history" running?',
    },
    {
      what: 'dead letters',
      ok: deadLetters === 0,
      detail: `${deadLetters}`,
      remedy: 'Read their reasons on the Sources page and replay them after the fix.',
    },
  ];
}

async function checkHistory({ redis, history, keys }: Runtime): Promise<Finding[]> {
  try {
    const [applied, files, sequences, checkpoint] = await Promise.all([
      queryRows<{ number: number }>(history, loadQuery('doctor/migrations')),
      readMigrations(migrationsDir),
      queryRows<{ facts: string; first: string; last: string }>(history, loadQuery('doctor/sequences')),
      redis.get(keys.checkpoint),
    ]);
    const { facts, first, last } = sequences[0]!;
    const gaps = Number(facts) === 0 ? 0 : Number(last) - Number(first) + 1 - Number(facts);
    const behind = checkpointOf(checkpoint).seq - Number(last);
    return [
      { what: 'ClickHouse', ok: true, detail: `${facts} events in history, ${behind} behind the live state` },
      {
        what: 'migrations',
        ok: applied.length === files.length,
        detail: `${applied.length} of ${files.length} applied`,
        remedy: 'Start Tideline once: migrations run at every start.',
      },
      {
        what: 'sequence',
        ok: gaps === 0,
        detail: gaps === 0 ? 'no gaps' : `${gaps} events missing or doubled`,
        remedy: 'Run "rebuild --verify" and keep its output.',
      },
    ];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [
      {
        what: 'ClickHouse',
        ok: false,
        detail,
        remedy: "Look into tideline.log in the data folder for the engine's last words.",
      },
    ];
  }
}

/** How many attacks get through one layer, each tried for real in a process that is thrown away. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { writeAnalystConfiguration } from '../../../analytics/clickhouse/embedded/analyst-configuration.ts';
import { viewsOwnerElement } from '../../../analytics/clickhouse/embedded/configuration.ts';
import { corpusStatements } from './corpus.ts';

export type Layer = 'readonly' | 'rights';
const program = fileURLToPath(new URL('./attack-process.ts', import.meta.url));
const SECONDS_MAX = 2;
const MEMORY_BYTES_MAX = 400_000_000;
/** A text that takes longer has passed every limit that asks politely. */
const PATIENCE_MS = 15_000;

/** It was at work and was kept from its end by a limit, the network, or a file that was not there. */
const TAKEN_UP = new Set([
  '76',
  '107',
  '159',
  '160',
  '173',
  '198',
  '209',
  '210',
  '241',
  '279',
  '307',
  '396',
  '499',
  '1000',
  '1001',
  '1002',
]);

/** The texts that were answered, taken up, or ended the engine, with what came of them. */
export async function attacksThrough(layer: Layer, texts: readonly string[]): Promise<Map<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'tideline-attacks-'));
  try {
    const data = join(folder, 'data');
    await fill(data, await openConfiguration(join(folder, 'owner')));
    const configuration = await (layer === 'rights'
      ? rightsOf(join(folder, 'rights'))
      : readonlyOf(join(folder, 'readonly')));
    const through = new Map<string, string>();
    for (let at = 0; at < texts.length; ) {
      for (const outcome of await runFrom(data, configuration, texts.slice(at))) {
        if (outcome === 'answered' || outcome === 'gone' || TAKEN_UP.has(outcome)) through.set(texts[at]!, outcome);
        at += 1;
      }
    }
    return through;
  } finally {
    await rm(folder, { recursive: true, force: true });
    // What some of them write when nothing keeps them from it.
    await rm('/tmp/tideline-attack', { force: true });
  }
}

function start(data: string, configuration: string): ChildProcess {
  return spawn(globalThis.process.execPath, ['--no-warnings', program, data, configuration], {
    env: {},
    cwd: tmpdir(),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

/** @returns the outcomes of the first texts: of all, or up to the one at which the process was gone */
async function runFrom(data: string, configuration: string, texts: readonly string[]): Promise<string[]> {
  const child = start(data, configuration);
  child.stdin!.on('error', () => undefined);
  const outcomes: string[] = [];
  let patience: NodeJS.Timeout | undefined;
  const next = () => {
    clearTimeout(patience);
    const text = texts[outcomes.length];
    if (text === undefined) return child.stdin!.end();
    patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.stdin!.write(`${Buffer.from(text).toString('base64')}\n`);
  };
  next();
  for await (const line of createInterface({ input: child.stdout! })) {
    outcomes.push(line);
    next();
  }
  clearTimeout(patience);
  return outcomes.length < texts.length ? [...outcomes, 'gone'] : outcomes;
}

async function fill(data: string, configuration: string): Promise<void> {
  const outcomes = await runFrom(data, configuration, corpusStatements(500));
  const failed = outcomes.find((outcome) => outcome !== 'answered');
  if (failed !== undefined) throw new Error(`the data of the attacks cannot be made: ${failed}`);
}

const limits = `<max_execution_time>${SECONDS_MAX}</max_execution_time><max_memory_usage>${MEMORY_BYTES_MAX}</max_memory_usage>
  <http_connection_timeout>1</http_connection_timeout><http_receive_timeout>1</http_receive_timeout><http_max_tries>1</http_max_tries>`;

const openConfiguration = (folder: string) => configurationOf(folder, '');
const readonlyOf = (folder: string) => configurationOf(folder, `<readonly>1</readonly>${limits}`);

async function configurationOf(folder: string, profile: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const users = join(folder, 'users.xml');
  await writeFile(
    users,
    `<clickhouse><profiles><default>${profile}</default></profiles><users><default><password></password>
     <networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
     ${viewsOwnerElement('*')}</users><quotas><default/></quotas></clickhouse>`,
  );
  const path = join(folder, 'config.xml');
  await writeFile(
    path,
    `<clickhouse><logger><level>none</level></logger><users_config>${users}</users_config></clickhouse>`,
  );
  return path;
}

const rightsOf = (folder: string) =>
  writeAnalystConfiguration(folder, {
    database: 'raw',
    opsDatabase: 'ops',
    serverMemoryBytesMax: 2 * MEMORY_BYTES_MAX,
    queryMemoryBytesMax: MEMORY_BYTES_MAX,
    queryThreadsMax: 1,
    querySecondsMax: SECONDS_MAX,
    settings: { http_connection_timeout: 1, http_receive_timeout: 1, http_max_tries: 1 },
  });

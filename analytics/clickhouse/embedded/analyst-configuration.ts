/**
 * The configuration of an engine that runs what analysts write. The guard has read every question; this is what stands
 * beneath it: no table but the views, no table functions, no dictionaries, nothing that writes or changes settings.
 * Scalar `file()` and `INTO OUTFILE` are not stopped by rights: the guard refuses them and the process has nothing to read.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { viewsOwnerElement } from './configuration.ts';

export type AnalystEngine = {
  /** The database of the tables, which the views read, and that of the views. */
  database: string;
  opsDatabase: string;
  serverMemoryBytesMax: number;
  queryMemoryBytesMax: number;
  queryThreadsMax: number;
  querySecondsMax: number;
  /** More elements of the profile, such as limits of the answer. */
  settings?: Readonly<Record<string, string | number>>;
};

/** @returns the path for `--config-file`; every session of that process has the rights of an analyst */
export async function writeAnalystConfiguration(folder: string, engine: AnalystEngine): Promise<string> {
  for (const name of [engine.database, engine.opsDatabase]) {
    if (!/^[A-Za-z0-9_]+$/.test(name)) throw new Error(`"${name}" is not a database name`);
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const usersPath = join(folder, 'users.xml');
  await writeFile(usersPath, users(engine), { mode: 0o600 });
  const path = join(folder, 'config.xml');
  await writeFile(path, config(engine, usersPath), { mode: 0o600 });
  return path;
}

function config({ serverMemoryBytesMax }: AnalystEngine, usersPath: string): string {
  return `<clickhouse>
  <logger><level>none</level></logger>
  <timezone>UTC</timezone>
  <users_config>${escaped(usersPath)}</users_config>
  <max_server_memory_usage>${serverMemoryBytesMax}</max_server_memory_usage>
  <mark_cache_size>33554432</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <background_pool_size>1</background_pool_size>
  <background_schedule_pool_size>2</background_schedule_pool_size>
  <background_common_pool_size>1</background_common_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
</clickhouse>
`;
}

function users(engine: AnalystEngine): string {
  const settings = Object.entries({ ...profileOf(engine), ...engine.settings });
  return `<clickhouse>
  <profiles>
    <default/>
    <analyst>
${settings.map(([name, value]) => `      <${name}>${escaped(String(value))}</${name}>`).join('\n')}
    </analyst>
  </profiles>
  <users>
    <default>
      <password></password>
      <!-- A process without a network has no address of its own: "this machine only" would shut everybody out. -->
      <networks><ip>::/0</ip></networks>
      <profile>analyst</profile>
      <quota>default</quota>
      <grants><query>GRANT SELECT ON ${engine.opsDatabase}.*</query></grants>
    </default>
    ${viewsOwnerElement(engine.database)}
  </users>
  <quotas><default/></quotas>
</clickhouse>
`;
}

/** The same on a server: what an analyst's question runs with, whoever asks it. */
export const analystSettings = {
  readonly: 1,
  implicit_select: 0,
  allow_introspection_functions: 0,
  allow_ddl: 0,
} as const;

const profileOf = (engine: AnalystEngine): Record<string, string | number> => ({
  max_memory_usage: engine.queryMemoryBytesMax,
  max_threads: engine.queryThreadsMax,
  max_execution_time: engine.querySecondsMax,
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_denormals: 1,
  output_format_json_quote_decimals: 1,
  date_time_output_format: 'iso',
  ...analystSettings,
});

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

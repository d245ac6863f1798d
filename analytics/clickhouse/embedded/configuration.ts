/** The engine's own configuration file: quiet, small, and the same limits for every session. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type EngineLimits = {
  serverMemoryBytesMax: number;
  queryMemoryBytesMax: number;
  queryThreadsMax: number;
  querySecondsMax: number;
};

/**
 * Writes the configuration beside the data and returns its path. Settings are in a profile and not on the command line:
 * there, chdb applies them to the first session only.
 */
export async function writeConfiguration(dataDir: string, limits: EngineLimits): Promise<string> {
  const folder = join(dataDir, 'configuration');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const usersPath = join(folder, 'users.xml');
  await writeFile(usersPath, users(limits), { mode: 0o600 });
  const path = join(folder, 'config.xml');
  await writeFile(path, config(limits, usersPath), { mode: 0o600 });
  return path;
}

/**
 * Whose rights the views for analysts read with. Nobody can be this user: sessions of the embedded engine are always
 * `default`, who in the engine of an analyst may read the views and nothing else.
 */
export const VIEWS_OWNER = 'tideline_views';

/** @param database what it may read */
export const viewsOwnerElement = (database: string): string => `<${VIEWS_OWNER}>
    <no_password/>
    <networks><ip>127.0.0.1</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
    <grants><query>GRANT SELECT ON ${database}.*</query></grants>
  </${VIEWS_OWNER}>`;

function config(limits: EngineLimits, usersPath: string): string {
  return `<clickhouse>
  <logger><level>none</level></logger>
  <timezone>UTC</timezone>
  <users_config>${usersPath.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</users_config>
  <max_server_memory_usage>${limits.serverMemoryBytesMax}</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
</clickhouse>
`;
}

function users(limits: EngineLimits): string {
  return `<clickhouse>
  <profiles><default>
    <async_insert>0</async_insert>
    <implicit_select>0</implicit_select>
    <allow_introspection_functions>0</allow_introspection_functions>
    <max_memory_usage>${limits.queryMemoryBytesMax}</max_memory_usage>
    <max_threads>${limits.queryThreadsMax}</max_threads>
    <max_execution_time>${limits.querySecondsMax}</max_execution_time>
    <deduplicate_blocks_in_dependent_materialized_views>1</deduplicate_blocks_in_dependent_materialized_views>
  </default></profiles>
  <users><default>
    <password></password>
    <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
  </default>
  ${viewsOwnerElement('*')}</users>
  <quotas><default/></quotas>
</clickhouse>
`;
}

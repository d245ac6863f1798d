/** The configuration of a lab's engine: one user who may read the views and change nothing. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { viewsOwnerElement } from '../../clickhouse/embedded/configuration.ts';

export type LabLimits = {
  memoryBytesMax: number;
  threadsMax: number;
  secondsMax: number;
};

/** @returns the path of the file a session is opened with */
export async function writeLabConfiguration(
  folder: string,
  { historyDatabase, opsDatabase, limits }: { historyDatabase: string; opsDatabase: string; limits: LabLimits },
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const usersPath = join(folder, 'users.xml');
  await writeFile(usersPath, users(historyDatabase, opsDatabase, limits), { mode: 0o600 });
  const path = join(folder, 'config.xml');
  await writeFile(path, config(usersPath, limits), { mode: 0o600 });
  return path;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Caches are small and merges do not happen: what is merged here would be gone with the lab. */
function config(usersPath: string, { memoryBytesMax }: LabLimits): string {
  return `<clickhouse>
  <logger><level>none</level></logger>
  <timezone>UTC</timezone>
  <users_config>${escaped(usersPath)}</users_config>
  <max_server_memory_usage>${memoryBytesMax}</max_server_memory_usage>
  <mark_cache_size>33554432</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <background_pool_size>1</background_pool_size>
  <background_schedule_pool_size>1</background_schedule_pool_size>
  <background_common_pool_size>1</background_common_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <merge_tree>
    <max_bytes_to_merge_at_max_space_in_pool>1</max_bytes_to_merge_at_max_space_in_pool>
    <max_bytes_to_merge_at_min_space_in_pool>1</max_bytes_to_merge_at_min_space_in_pool>
    <old_parts_lifetime>86400</old_parts_lifetime>
  </merge_tree>
</clickhouse>
`;
}

function users(historyDatabase: string, opsDatabase: string, limits: LabLimits): string {
  return `<clickhouse>
  <profiles>
    <default>
      <readonly>1</readonly>
      <allow_ddl>0</allow_ddl>
      <allow_introspection_functions>0</allow_introspection_functions>
      <max_memory_usage>${Math.floor(limits.memoryBytesMax * 0.9)}</max_memory_usage>
      <max_threads>${limits.threadsMax}</max_threads>
      <max_execution_time>${limits.secondsMax}</max_execution_time>
      <timeout_before_checking_execution_speed>0</timeout_before_checking_execution_speed>
      <output_format_json_quote_64bit_integers>1</output_format_json_quote_64bit_integers>
      <output_format_json_quote_denormals>1</output_format_json_quote_denormals>
      <output_format_json_quote_decimals>1</output_format_json_quote_decimals>
      <date_time_output_format>iso</date_time_output_format>
    </default>
  </profiles>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants><query>GRANT SELECT ON ${opsDatabase}.*</query></grants>
    </default>
    ${viewsOwnerElement(historyDatabase)}
  </users>
  <quotas><default/></quotas>
</clickhouse>
`;
}

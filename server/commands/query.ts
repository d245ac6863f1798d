/** `tideline query "<sql>"`: asks the history on this machine, reading only. */
import { Command, Option } from 'commander';
import { addPlaceOptions, type Config } from '../config.ts';
import { openRuntime } from '../runtime.ts';
import { findServices } from '../start/reach.ts';

const formats = {
  table: 'PrettyCompactMonoBlock',
  csv: 'CSVWithNames',
  json: 'JSONEachRow',
  tsv: 'TabSeparatedWithNames',
} as const;

const quiet = { warn: () => undefined };

export function queryCommand(): Command {
  return addPlaceOptions(new Command('query'))
    .description('Ask the history with SQL. It only reads; the owner of this machine may see everything.')
    .argument('<sql>', 'one SELECT, such as "SELECT count() FROM events"')
    .addOption(new Option('--format <format>', 'how to print').choices(Object.keys(formats)).default('table'))
    .action(async (sql: string, flags: Config & { format: keyof typeof formats }) => {
      const runtime = await openRuntime(findServices(flags), flags.workspace, quiet);
      try {
        const answer = await runtime.history.query({
          query: sql.trim().replace(/;$/, ''),
          format: formats[flags.format] as 'JSONEachRow',
          clickhouse_settings: { readonly: '2' },
        });
        process.stdout.write(await answer.text());
      } catch (error) {
        console.error(`The query failed: ${error instanceof Error ? error.message : error}`);
        process.exitCode = 1;
      } finally {
        await runtime.close();
      }
    });
}

/** `tideline settings export|import`: policies and master data as one YAML file. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parse, stringify } from 'yaml';
import { createAccess } from '../access/index.ts';
import { addPlaceOptions, type Config } from '../config.ts';
import type { SettingsChange } from '../http/contract/settings.ts';
import { openRuntime, type Runtime } from '../runtime.ts';
import { BadSettings, importDocument } from '../settings/change.ts';
import { readDocument } from '../settings/current.ts';
import { findServices } from '../start/reach.ts';

const quiet = { warn: () => undefined };
const FIELDS_SHOWN_MAX = 8;

export function settingsCommand(): Command {
  const command = new Command('settings').description('Policies and master data as one YAML file.');
  addPlaceOptions(command.command('export'))
    .description('Print all settings as YAML; importing them again changes nothing.')
    .option('--items', 'items as well, which may be many')
    .action(async (flags: Config & { items?: boolean }) => {
      await withRuntime(flags, async (runtime) => {
        process.stdout.write(stringify(await readDocument(runtime, flags.items === true)));
      });
    });
  addPlaceOptions(command.command('import'))
    .description('Take settings from a YAML file. All of it is checked before anything is changed.')
    .argument('<file>', 'the file, or - for standard input')
    .option('--dry-run', 'only tell what would change')
    .action(async (file: string, flags: Config & { dryRun?: boolean }) => {
      await withRuntime(flags, (runtime) => importFile(runtime, file, flags.dryRun === true));
    });
  return command;
}

async function withRuntime(flags: Config, work: (runtime: Runtime) => Promise<void>): Promise<void> {
  const runtime = await openRuntime(findServices(flags), flags.workspace, quiet);
  try {
    await work(runtime);
  } finally {
    await runtime.close();
  }
}

async function importFile(runtime: Runtime, file: string, dryRun: boolean): Promise<void> {
  try {
    const given: unknown = parse(readFileSync(file === '-' ? 0 : file, 'utf8'), { maxAliasCount: 0 });
    const by = 'command line';
    if (!dryRun) {
      const access = createAccess({ redis: runtime.redis, workspace: runtime.keys.workspace });
      await access.audit.record(by, 'settings.imported', {});
    }
    const { changes, unchanged } = await importDocument({ store: runtime, now: Date.now(), by }, given, dryRun);
    for (const change of changes) console.log(describeChange(change));
    console.log(`${changes.length} ${dryRun ? 'would change' : 'changed'}, ${unchanged} are so already.`);
  } catch (error) {
    const { message } = error as Error;
    console.error(error instanceof BadSettings ? `The settings are not right: ${message}` : message);
    process.exitCode = 1;
  }
}

function describeChange({ part, id, change, fields }: SettingsChange): string {
  const shown = fields.slice(0, FIELDS_SHOWN_MAX).map(({ path, before, after }) => {
    return `    ${path}: ${change === 'added' ? '' : `${JSON.stringify(before)} -> `}${JSON.stringify(after)}`;
  });
  const more = fields.length > shown.length ? [`    and ${fields.length - shown.length} more`] : [];
  return [`  ${part} ${id} (${change})`, ...shown, ...more].join('\n');
}

/** `tideline query`: asks the history on this machine, or of a server with a key, in SQL or by measures. It only reads. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { addPlaceOptions } from '../config.ts';
import { comparison, period, questionGrains } from '../http/contract/questions.ts';
import { askHere } from './query/ask-here.ts';
import { askServer } from './query/ask-server.ts';
import type { QueryFlags } from './query/flags.ts';
import { type QueryFormat, queryFormats } from './query/formats.ts';
import { metricQuestionOf } from './query/measures.ts';

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

export function queryCommand(): Command {
  return addPlaceOptions(new Command('query'))
    .description("Ask the history, in SQL over the analysts' views or by measures. It only reads.")
    .argument('[sql]', 'one SELECT, such as "SELECT channel, count() FROM orders GROUP BY channel"')
    .addOption(
      new Option(
        '--format <format>',
        'how the answer is written (default: table, or what the name of --output says)',
      ).choices(Object.keys(queryFormats)),
    )
    .option('--output <file>', 'write into this file, with a manifest beside it; whole or not at all')
    .option('--param <name=value>', 'a value for {name:Type} in the text; may be repeated', readParameter, {})
    .option(
      '--raw',
      'read the tables themselves instead of the views; the owner of this machine may see everything',
      false,
    )
    .option('--url <address>', 'ask the server at this address instead, with a read key')
    .addOption(new Option('--key <key>', 'a read key for --url').env('TIDELINE_KEY'))
    .option('--measure <ids>', 'instead of SQL: KPIs, separated by commas, such as revenue,units', list)
    .option('--by <dimensions>', 'split by these, separated by commas, such as channel', list)
    .addOption(new Option('--grain <grain>', 'one row per this').choices([...questionGrains]).default('none'))
    .option('--where <dimension=value>', 'only this; dimension!=value leaves it out; may be repeated', collect, [])
    .option('--last <period>', 'back from now: 24h, 28d, 8w, 12M, 4q or 2y', readPeriod, '28d')
    .addOption(new Option('--compare <with>', 'beside it').choices(comparison.options[0].options))
    .option('--show-sql', 'print the SQL of the measures instead of running it', false)
    .addHelpText(
      'after',
      `
Examples:
  npm run tideline -- query "SELECT channel, count() AS orders FROM orders GROUP BY channel"
  npm run tideline -- query "SELECT * FROM stock WHERE sku = {sku:String}" --param sku=LAMP --output lamp.xlsx
  npm run tideline -- query --measure revenue,units --by channel --last 28d --format csv`,
    )
    .action(async (sql: string | undefined, flags: QueryFlags) => {
      try {
        await ask(sql, flags);
      } catch (error) {
        console.error(`The query failed: ${wordsOf(error)}`);
        process.exitCode = 1;
      }
    });
}

async function ask(sql: string | undefined, flags: QueryFlags): Promise<void> {
  const isByMeasures = flags.measure !== undefined;
  if ((sql === undefined || sql.trim() === '') && !isByMeasures) {
    throw new Error('Nothing was asked. Give one SELECT in quotes, or --measure with KPIs.');
  }
  if (sql !== undefined && isByMeasures) throw new Error('Ask either in SQL or by --measure, not both.');
  const format = formatOf(flags);
  if (flags.output !== undefined && existsSync(flags.output)) {
    throw new Error(`${flags.output} is there already. Choose another name for --output.`);
  }
  if (!queryFormats[format].isText && flags.output === undefined) {
    throw new Error(`${format} is not for a screen. Name a file: --output answer.${format}`);
  }
  const question = isByMeasures ? metricQuestionOf(flags) : null;
  const asked = { sql: (sql ?? '').trim().replace(/;\s*$/, ''), question, format };
  const output = flags.output === undefined ? undefined : resolve(flags.output);
  if (flags.url !== undefined) await askServer(asked, flags, output);
  else await askHere(asked, flags, output);
}

/** What --format says, else the name of the file, else a table. */
function formatOf({ format, output }: QueryFlags): QueryFormat {
  const named = output?.split('.').at(-1)?.toLowerCase() ?? '';
  return format ?? (named in queryFormats ? (named as QueryFormat) : 'table');
}

function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  // One message, however long the engine's list of what it expected is.
  return words.replaceAll(/\s+/g, ' ').trim().slice(0, 600);
}

function readParameter(text: string, known: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('must be like name=value.');
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) };
}

const collect = (text: string, known: string[]): string[] => [...known, text];

function readPeriod(text: string): string {
  if (!period.safeParse({ last: text }).success)
    throw new InvalidArgumentError('must be like 24h, 28d, 8w, 12M, 4q or 2y.');
  return text;
}

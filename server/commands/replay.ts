/** `replay <file.csv[.gz]> --mapping <file>`: pours the history of a shop into a workspace. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { describeReport } from '../replay/describe-report.ts';
import { showProgress } from '../replay/progress.ts';
import { describeMappingProblem, readMapping } from '../replay/read-mapping.ts';
import { runReplay } from '../replay/run-replay.ts';
import { createSender } from '../replay/send-events.ts';

export const REPLAY_EXIT = { complete: 0, someRejected: 1, failed: 2, interrupted: 130 } as const;

export type ReplayOptions = {
  mapping: string;
  url: string;
  key?: string;
  speed: number;
  dryRun?: boolean;
  report?: string;
};
export type ReplayContext = {
  out: NodeJS.WriteStream;
  /** For progress and problems. */
  err: NodeJS.WriteStream;
  /** Fires on Ctrl-C. */
  signal: AbortSignal;
  /** The key that a server on this machine leaves for commands on this machine; null when there is none. */
  localKey: () => Promise<string | null>;
};

/** Defines the command; `run` gets the exit code. */
export function replayCommand(run: (file: string, options: ReplayOptions) => Promise<void>): Command {
  return new Command('replay')
    .description('Replay a CSV export as events. A second replay of the same file changes nothing.')
    .argument('<file>', 'CSV file, plain or gzipped')
    .requiredOption('--mapping <file>', 'mapping file, or the name of one that is shipped: online-retail')
    .option('--url <url>', 'address of the server', 'http://localhost:7070')
    .option('--key <key>', 'ingest key; without it the one of the server on this machine is used')
    .option(
      '--speed <factor>',
      'business seconds per second: 1 is real time, or max',
      readSpeed,
      Number.POSITIVE_INFINITY,
    )
    .option('--dry-run', 'map and report, send nothing')
    .option('--report <file>', 'write the report as JSON')
    .addHelpText('after', '\nExit codes: 0 all accepted, 1 some rows or events rejected, 2 failed, 130 interrupted.')
    .action(run);
}

/** @returns the exit code; problems are told on `err`, never thrown */
export async function replay(file: string, options: ReplayOptions, context: ReplayContext): Promise<number> {
  const { out, err, signal } = context;
  const fail = (message: string) => {
    err.write(`${message}\n`);
    return REPLAY_EXIT.failed;
  };
  const mappingFile = existsSync(options.mapping)
    ? options.mapping
    : new URL(`../replay/mappings/${encodeURIComponent(options.mapping)}.yaml`, import.meta.url);
  const text = await readFile(mappingFile, 'utf8').catch(() => null);
  if (text === null)
    return fail(`There is no mapping "${options.mapping}": give a file, or the name of a shipped one (online-retail).`);
  const read = readMapping(text);
  if ('problems' in read) {
    return fail(read.problems.map((problem) => describeMappingProblem(options.mapping, problem)).join('\n'));
  }
  const key = options.dryRun ? null : (options.key ?? (await context.localKey()));
  if (key === null && !options.dryRun) {
    return fail(
      'No key: start Tideline on this machine first, or make a key with "keys create" and give it with --key.',
    );
  }
  const { progress, stop } = showProgress(err);
  try {
    const send = key === null ? null : createSender({ url: options.url, key, signal });
    const result = await runReplay({ file, mapping: read.mapping, speed: options.speed, send, signal, progress });
    stop();
    out.write(describeReport(result, options.dryRun === true));
    if (options.report !== undefined) await writeFile(options.report, `${JSON.stringify(result, null, 2)}\n`);
    if (result.interrupted) return REPLAY_EXIT.interrupted;
    const { rejectedRows, rejectedEvents } = result.report;
    return rejectedRows + rejectedEvents > 0 ? REPLAY_EXIT.someRejected : REPLAY_EXIT.complete;
  } catch (error) {
    stop();
    return fail(`Replay of ${file} failed: ${(error as Error).message}`);
  }
}

function readSpeed(written: string): number {
  if (written === 'max') return Number.POSITIVE_INFINITY;
  const speed = Number(written);
  if (!(speed > 0)) throw new InvalidArgumentError('must be a number above 0, or max');
  return speed;
}

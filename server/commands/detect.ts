/** `tideline detect`: judges anybody's series, one JSON line out for each in. It needs nothing else running. */
import { createReadStream, createWriteStream, existsSync, renameSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type SeriesKind, seriesKinds } from '../../analytics/anomalies/detector/detection.ts';
import { StartError } from '../start/start-error.ts';
import { LineJudge, SERIES_MAX } from './detect/judge-lines.ts';
import { linesOf } from './detect/lines-of.ts';
import type { TimeUnit } from './detect/read-point.ts';

type DetectFlags = {
  kind?: SeriesKind;
  timeZone: string;
  unit: TimeUnit;
  echo: boolean;
  state?: string;
  seriesMax: number;
};

export function detectCommand(): Command {
  return new Command('detect')
    .description(
      'Judge series: JSON lines {"series","t","v"} in, a line with score, alert, band and what out for each.',
    )
    .argument('[file]', 'JSON lines; standard input without one')
    .addOption(new Option('--kind <kind>', 'what series are whose lines do not say').choices([...seriesKinds]))
    .option('--time-zone <zone>', 'whose days and weeks to learn, such as Europe/Berlin', readZone, 'UTC')
    .addOption(new Option('--unit <unit>', 'of times that are numbers').choices(['auto', 's', 'ms']).default('auto'))
    .option('--echo', 'name series and t in every answer', false)
    .option('--state <file>', 'go on from what this file knows, and leave there what was learned')
    .option('--series-max <number>', 'most series at once; about 50 KB each', readCount, SERIES_MAX)
    .addHelpText(
      'after',
      `
Examples:
  npm run --silent tideline -- detect < points.jsonl > judged.jsonl
  echo '{"series":"orders","t":"2026-03-02T10:00:00Z","v":12,"kind":"count"}' | npm run --silent tideline -- detect`,
    )
    .action(detect);
}

async function detect(file: string | undefined, flags: DetectFlags): Promise<void> {
  const judge = new LineJudge(flags);
  if (flags.state !== undefined && existsSync(flags.state)) await readState(judge, flags.state);
  const print = printer();
  try {
    for await (const lines of linesOf(file === undefined ? process.stdin : createReadStream(file))) {
      const isRead = await print(`${lines.map((line) => judge.answer(line)).join('\n')}\n`);
      if (!isRead) break;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new StartError(`Cannot read ${file ?? 'standard input'}: ${(error as Error).message}`);
  }
  if (flags.state !== undefined) await writeState(judge, flags.state);
}

/** Prints no faster than it is read; false once nobody reads any more, as behind `head`. */
function printer(): (text: string) => Promise<boolean> {
  let isRead = true;
  let goOn = () => {};
  process.stdout.on('drain', () => goOn());
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isRead = false;
    goOn();
  });
  return async (text) => {
    if (!process.stdout.write(text) && isRead) await new Promise<void>((resolve) => (goOn = resolve));
    return isRead;
  };
}

async function readState(judge: LineJudge, path: string): Promise<void> {
  try {
    for await (const lines of linesOf(createReadStream(path))) {
      for (const line of lines) judge.restore(JSON.parse(line));
    }
  } catch (error) {
    throw new StartError(`${path} does not hold what detect has learned: ${(error as Error).message}`);
  }
}

/** Beside it first, so that the old one stays whole until the new one is. */
async function writeState(judge: LineJudge, path: string): Promise<void> {
  async function* lines() {
    for (const series of judge.save()) yield `${JSON.stringify(series)}\n`;
  }
  const beside = `${path}.writing`;
  await pipeline(lines, createWriteStream(beside));
  renameSync(beside, path);
}

function readZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('No such time zone.');
  }
}

function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('Give a whole number of 1 or more.');
  return count;
}

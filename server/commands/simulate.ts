/** `tideline simulate`: the simulated company sends its business to a server, as any source would. */
import { readFileSync } from 'node:fs';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';
import { faultLevels } from '../simulated-company/ground-truth.ts';
import { runSimulation, type SimulationHooks, type SimulationOptions } from '../simulated-company/run-simulation.ts';

const EXIT_FAILED = 1;
const PROGRESS_LINE_EVERY_MS = 2_000;
const HOUR_MS = 3_600_000;

type Flags = Omit<SimulationOptions, 'key' | 'durationMs' | 'truthFile' | 'pacedHours'> & {
  key?: string;
  keyFile?: string;
  duration?: number;
  truth?: string;
  pacedHours?: number;
};

/** Options are checked here; a wrong one ends with a message and exit code 1 before anything is sent. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Send the business of Harbor & Pine, a simulated company, to a Tideline server.')
    .option('--url <address>', 'the server', address, 'http://localhost:7070')
    .option('--key <key>', 'an ingest key made by `tideline keys create "*"`')
    .option('--key-file <file>', 'read the key from a file, so that it does not show in the list of processes')
    .option('--seed <number>', 'the same seed and start give the same events', wholeNumber(0, 2 ** 31 - 1), 7)
    .option('--backfill-days <days>', 'days of business sent at once before life begins', number(0, 400), 8)
    .option(
      '--speed <factor>',
      'how fast simulated time runs until it has caught up with the clock',
      number(0.1, 100_000),
      60,
    )
    .option(
      '--paced-hours <hours>',
      'hours of the past to play at --speed (default: what --duration can play)',
      number(0, 24 * 400),
    )
    .option('--orders-per-day <number>', 'orders on an average day', number(10, 2_000_000), 6_000)
    .addOption(new Option('--faults <level>', 'how much goes wrong').choices([...faultLevels]).default('normal'))
    .option('--duration <time>', 'stop after this long, such as 90s, 10m or 2h', duration)
    .option('--truth <file>', 'write what really happened as JSON lines')
    .option('--state-file <file>', 'remember the position there, and go on with the same company at the next start')
    .action(run);
}

async function run(flags: Flags, command: Command): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const progress = showProgress();
  const logger = { info: progress.say, warn: (message: string) => progress.say(`warning: ${message}`) };
  try {
    const { key, keyFile, duration: durationMs, truth: truthFile, ...rest } = flags;
    const pacedHours = flags.pacedHours ?? ((durationMs ?? 0) * Math.max(0, flags.speed - 1)) / HOUR_MS;
    const options = { ...rest, key: keyOf(key, keyFile), durationMs, truthFile, pacedHours };
    const report = await runSimulation(options, { signal: stop.signal, logger, onProgress: progress.update });
    progress.stop();
    const { sent, rejected, retries, until } = report;
    console.log(`sent ${sent} events up to ${new Date(until).toISOString()}; ${rejected} rejected, ${retries} retries`);
    if (rejected > 0) process.exitCode = EXIT_FAILED;
  } catch (error) {
    progress.stop();
    command.error(`simulate: ${error instanceof Error ? error.message : String(error)}`, { exitCode: EXIT_FAILED });
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** A bar on a terminal, a line every two seconds elsewhere, nothing once the past is sent. */
function showProgress() {
  const bar = process.stderr.isTTY
    ? new SingleBar({
        format: 'sending the past {bar} {percentage}% | {day} | {sent} events',
        hideCursor: true,
        etaBuffer: 50,
      })
    : null;
  let drawn = false;
  let lineAt = 0;
  const stop = () => {
    if (drawn) bar?.stop();
    drawn = false;
  };
  const update: SimulationHooks['onProgress'] = ({ from, at, until, sent, live }) => {
    if (live) return stop();
    const day = new Date(at).toISOString().slice(0, 16);
    if (bar !== null) {
      if (!drawn) bar.start(until - from, 0, { day, sent });
      drawn = true;
      return bar.update(Math.min(at, until) - from, { day, sent });
    }
    if (Date.now() - lineAt < PROGRESS_LINE_EVERY_MS) return;
    lineAt = Date.now();
    const percent = Math.min(100, Math.floor((100 * (at - from)) / Math.max(1, until - from)));
    console.error(`sending the past: ${percent} %, ${day}, ${sent} events`);
  };
  const say = (message: string) => {
    stop();
    console.error(message);
  };
  return { update, stop, say };
}

function keyOf(key: string | undefined, file: string | undefined): string {
  if (key !== undefined) return key;
  if (file === undefined)
    throw new Error('a key is needed: --key or --key-file (make one with `tideline keys create "*"`)');
  const text = readFileSync(file, 'utf8').trim();
  if (text === '') throw new Error(`${file} is empty; it should hold an ingest key`);
  return text;
}

function address(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('It must be an address such as http://localhost:7070.');
  }
  return url.origin;
}

function number(low: number, high: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= low && value <= high)) {
      throw new InvalidArgumentError(`It must be a number from ${low} to ${high}.`);
    }
    return value;
  };
}

function wholeNumber(low: number, high: number) {
  return (text: string): number => {
    const value = number(low, high)(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
    return value;
  };
}

function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('It must be a time such as 90s, 10m or 2h.');
  return Number(match[1]) * { s: 1_000, m: 60_000, h: HOUR_MS }[match[2] as 's' | 'm' | 'h'];
}

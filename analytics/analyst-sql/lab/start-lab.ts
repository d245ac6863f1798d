/** One lab, from its start to its end, as the process that asks it sees it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { EngineError, QUERY_WAS_CANCELLED } from '../../clickhouse/embedded/engine-error.ts';
import { createFrameReader, type Frame, type LabCommand, type LabProgress } from './messages.ts';
import { type Isolation, type LabPlace, labCommand, programPath, putBack } from './sandbox.ts';

export type Lab = {
  /** Of the group of processes it is. */
  readonly pid: number;
  readonly isAlive: boolean;
  /** What this machine could not give it. */
  readonly lacks: readonly string[];
  /**
   * One question at a time. Aborting kills it within KILLED_MS_MAX, the lab with it if need be.
   * @param format of the engine; null: JSON rows of a statement that is no SELECT
   * @throws EngineError
   */
  ask(question: { sql: string; format: string | null }, how: AskOptions): Promise<void>;
  stop(): Promise<void>;
};
export type AskOptions = {
  signal: AbortSignal;
  /** The next piece is read when it resolves. */
  onPiece: (piece: Buffer) => Promise<void> | void;
  onProgress?: (progress: LabProgress) => void;
};

/** Those who take in events go first: on a busy machine it comes up slowly. */
const READY_MS_MAX = 60_000;
/** From being told to end a question to the end of the process. */
export const KILLED_MS_MAX = 1_000;
/** Node's own threads, and those of chdb: it answers one question and is looked at meanwhile. */
const UV_THREADS = 6;
const LAST_WORDS_MAX = 2_000;
const LAST_LINES_MAX = 8;
const STDERR_MAX = 16_000;

/** @throws with the lab's last words when it does not come up */
export async function startLab(place: LabPlace, isolation: Isolation, node = process.execPath): Promise<Lab> {
  mkdirSync(place.room, { recursive: true, mode: 0o700 });
  if (isolation === 'bare') execFileSync(programPath('mkfifo') ?? 'mkfifo', ['-m', '600', join(place.room, 'answers')]);
  const { line, lacks } = labCommand(place, isolation, node);
  const child = spawn(line[0]!, line.slice(1), {
    env: { UV_THREADPOOL_SIZE: String(UV_THREADS), TZ: 'UTC' },
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    // A session of its own: a signal for us must not end it in the middle, and we end all of it at once.
    detached: true,
  });
  child.on('error', () => undefined);
  if (child.pid !== undefined) putBack(child.pid, place.niceness);
  child.stdin!.on('error', () => undefined);
  let lastWords = '';
  child.stderr!.on('data', (text) => {
    lastWords = `${lastWords}${text}`.slice(-STDERR_MAX);
  });
  const frames = framesOf(child);
  const exited = once(child, 'exit').catch(() => undefined);
  const endGroup = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It is gone.
    }
  };
  const isAlive = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const tell = (command: LabCommand) => child.stdin!.write(`${JSON.stringify(command)}\n`);
  const tooLate = setTimeout(endGroup, READY_MS_MAX);
  const first = await frames.next().catch(() => ({ done: true as const, value: undefined }));
  clearTimeout(tooLate);
  if (first.done || first.value.type !== 'ready') {
    if (child.pid !== undefined) endGroup();
    throw new Error(`the lab did not start: ${lastWordsOf(lastWords)}`);
  }

  let questions = 0;
  return {
    pid: child.pid!,
    lacks,
    get isAlive() {
      return isAlive();
    },
    async ask({ sql, format }, { signal, onPiece, onProgress }) {
      if (signal.aborted) throw cancelled();
      const id = ++questions;
      let forced: NodeJS.Timeout | undefined;
      const kill = () => {
        tell({ kill: id });
        forced = setTimeout(endGroup, KILLED_MS_MAX);
      };
      signal.addEventListener('abort', kill);
      tell({ ask: { id, sql, format } });
      try {
        for (;;) {
          const { done, value: frame } = await frames.next();
          if (done) throw signal.aborted ? cancelled() : died(lastWords);
          if (frame.type === 'data' && !signal.aborted) await Promise.race([onPiece(frame.bytes), aborted(signal)]);
          else if (frame.type === 'progress') onProgress?.(frame.progress);
          else if (frame.type === 'end' && frame.end.id === id) {
            if (frame.end.error === null) return;
            const { code, type, message } = frame.end.error;
            throw new EngineError(code, type, message);
          }
        }
      } finally {
        clearTimeout(forced);
        signal.removeEventListener('abort', kill);
      }
    },
    async stop() {
      if (isAlive()) endGroup();
      await exited;
      rmSync(place.room, { recursive: true, force: true });
    },
  };
}

/** Frames of descriptor 3, read only as they are asked for: so a reader that pauses makes the engine pause. */
async function* framesOf(child: ChildProcess): AsyncGenerator<Frame, undefined> {
  const read = createFrameReader();
  try {
    for await (const piece of child.stdio[3] as Readable) yield* read(piece as Buffer);
  } catch {
    // A lab that was killed, or that speaks another language, has said its last word.
    child.kill('SIGKILL');
  }
  return undefined;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

const cancelled = () => new EngineError(QUERY_WAS_CANCELLED, 'QUERY_WAS_CANCELLED', 'Query was cancelled.');
export const LAB_DIED = 1_900;
const died = (words: string) =>
  new EngineError(LAB_DIED, 'LAB_DIED', `The engine ended while it answered. ${lastWordsOf(words)}`.trim());

// chdb complains at every start that it cannot measure control groups, with a trace of its stack.
const lastWordsOf = (words: string): string => {
  const lines = words
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^\d+\. |^at |Cannot use cgroups reader|^\(version|^Node\.js/.test(line));
  return lines.slice(-LAST_LINES_MAX).join(' ').slice(-LAST_WORDS_MAX);
};

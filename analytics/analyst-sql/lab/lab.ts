/**
 * The process of a lab: an engine of its own on a snapshot, for one question of an analyst at a time. It can be killed
 * at any moment, and it should have nothing that is worth breaking out for.
 *
 * `node lab.ts --path <snapshot> --config <config.xml> --database <name> --pipe <fifo>`; commands come by stdin, answers
 * leave by descriptor 3, and it ends when stdin ends.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Session } from 'chdb';
import { asEngineError } from '../../clickhouse/embedded/engine-error.ts';
import { loadQuery } from '../../sql/load.ts';
import { type LabCommand, type LabProgress, type LabQuestion, writeFrame, writeJsonFrame } from './messages.ts';

const PROGRESS_EVERY_MS = 200;
const KILL_EVERY_MS = 50;
const NAMES = { path: { type: 'string' }, config: { type: 'string' }, database: { type: 'string' } } as const;

const { values: options } = parseArgs({ options: { ...NAMES, pipe: { type: 'string' } } });
const { path = '', config = '', database = 'default', pipe = '' } = options;
const open = () => new Session(path, { connectionArgs: [`--config-file=${config}`] });
const answers = new Socket({ fd: 3, readable: false, writable: true });
answers.on('error', () => process.exit(0));

// Never given a question: it looks at those that run and kills them.
const control = open();
let asked: LabQuestion | undefined;
let killing: NodeJS.Timeout | undefined;
let last: LabProgress;
// Those who wait until the answers are taken.
const waiting = new Set<() => void>();
// Opened ahead: a session that failed would show its rows in front of the next answer, so each serves one question.
let spare = openReader();
await spare;

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line) as LabCommand;
    if ('kill' in command) kill(command.kill);
    else void answer(command.ask);
  })
  .on('close', () => process.exit(0));
answers.write(writeFrame('ready', Buffer.alloc(0)));

async function openReader(): Promise<Session> {
  const session = open();
  await session.queryAsync(`USE \`${database}\``);
  return session;
}

async function answer(question: LabQuestion): Promise<void> {
  asked = question;
  last = { rowsRead: 0, bytesRead: 0, rowsToRead: 0, memoryBytes: 0, residentBytes: 0 };
  const watching = setInterval(tellProgress, PROGRESS_EVERY_MS);
  let error = null;
  const session = await spare;
  try {
    const { rowsRead, bytesRead } = await (question.format === null
      ? tell(session, question)
      : pass(session, question));
    last = { ...last, rowsRead: Math.max(rowsRead, last.rowsRead), bytesRead: Math.max(bytesRead, last.bytesRead) };
  } catch (thrown) {
    const { code, type, message } = asEngineError(thrown);
    error = { code, type, message };
  }
  clearInterval(watching);
  clearInterval(killing);
  killing = undefined;
  asked = undefined;
  answers.write(writeJsonFrame('progress', last));
  answers.write(writeJsonFrame('end', { id: question.id, error }));
  session.close();
  // Who has used up the memory opens no session any more; the answer to that question has left already.
  spare = openReader();
  spare.catch(() => answers.end(() => process.exit(1)));
}

type Read = { rowsRead: number; bytesRead: number };

async function tell(session: Session, { id, sql }: LabQuestion): Promise<Read> {
  const result = await session.queryAsync(`${mark(id)} ${sql}`, { format: 'JSONEachRow' });
  await send(result.bytes());
  return result;
}

/**
 * The engine writes the answer into a pipe: so every format has one header and one end, nothing is gathered in memory,
 * and an engine whose reader pauses pauses too. Our own end for writing keeps the pipe open until the engine is done.
 */
async function pass(session: Session, { id, sql, format }: LabQuestion): Promise<Read> {
  const reading = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const keptOpen = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  const source = new Socket({ fd: reading, readable: true, writable: false });
  const passed = (async () => {
    for await (const piece of source as AsyncIterable<Buffer>) await send(piece);
  })();
  try {
    return await session.queryAsync(`${mark(id)} ${sql} INTO OUTFILE '${pipe}' APPEND FORMAT ${format}`);
  } finally {
    closeSync(keptOpen);
    await passed;
  }
}

async function send(piece: Uint8Array): Promise<void> {
  // What is left of an answer that nobody wants any more is read and dropped, so that the engine can end.
  if (piece.length === 0 || killing !== undefined) return;
  if (answers.write(writeFrame('data', piece))) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      answers.off('drain', go);
      waiting.delete(go);
      resolve();
    };
    answers.on('drain', go);
    waiting.add(go);
  });
}

function mark(id: number): string {
  return `/*lab ${id}*/`;
}

// Repeated: the first KILL can come before the engine has entered the question in its list.
function kill(id: number): void {
  if (asked?.id !== id || killing !== undefined) return;
  const once = () => control.query(`KILL QUERY WHERE startsWith(query, '${mark(id)}') ASYNC FORMAT Null`);
  killing = setInterval(once, KILL_EVERY_MS);
  for (const go of [...waiting]) go();
  once();
}

function tellProgress(): void {
  const text = String(control.query(loadQuery('analyst/lab-progress').replace('{mark}', mark(asked!.id)))).trim();
  if (text === '') return;
  const found = Object.entries(JSON.parse(text) as object).map(([name, value]) => [name, Number(value)]);
  last = { ...last, ...Object.fromEntries(found), residentBytes: residentBytes() };
  answers.write(writeJsonFrame('progress', last));
}

/** 0 where there is no /proc: there the kernel bounds the memory. */
function residentBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return 0;
  }
}

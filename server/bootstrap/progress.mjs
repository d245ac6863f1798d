// What a person sees while something is being installed, and how a command is run meanwhile.
import { spawn } from 'node:child_process';

/** A problem the person at the keyboard can solve; its message says how. */
export class RemedyError extends Error {}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;
const heartbeatMs = 10_000;
const outputCharactersMax = 64 * 1024;

export function say(text) {
  process.stderr.write(`tideline: ${text}\n`);
}

/** Shows `title` with the seconds passed until `work` is done: a spinner on a terminal, else a line now and then. */
export async function withProgress(title, work) {
  const startedAt = performance.now();
  const line = () => `${title} … ${Math.round((performance.now() - startedAt) / 1000)} s`;
  const onTerminal = process.stderr.isTTY === true;
  let frame = 0;
  say(`${title} …`);
  const timer = onTerminal
    ? setInterval(() => process.stderr.write(`\r\x1b[2K${frames[frame++ % frames.length]} ${line()}`), frameMs)
    : setInterval(() => say(line()), heartbeatMs);
  const end = (word) => {
    clearInterval(timer);
    if (onTerminal) process.stderr.write('\r\x1b[2K');
    say(`${title}: ${word} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  };
  try {
    const result = await work();
    end('done');
    return result;
  } catch (error) {
    end('failed');
    throw error;
  }
}

/**
 * Runs a command to its end; resolves with its exit code (127 when it does not exist) and the end of what it wrote.
 * Its standard input is closed, so nothing can wait for an answer that nobody gives; `interactive` hands it the
 * terminal instead.
 */
export function run(command, args, { cwd, env, interactive = false } = {}) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: interactive ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const keep = (bytes) => {
      output = (output + bytes).slice(-outputCharactersMax);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 1, output: signal ? `${output}\n${signal}` : output }),
    );
  });
}

/** The last lines of an output, for an error message. */
export function tail(output, lines = 15) {
  return output.trimEnd().split('\n').slice(-lines).join('\n');
}

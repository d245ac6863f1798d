// Runs a program in our place: same terminal, same exit code, every signal handed on once.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { say } from './progress.mjs';

const leashUrl = new URL('./leash.mjs', import.meta.url).href;
const endMsMax = 20_000;

/** Runs `node` with `args`; resolves with the code to exit with (128 + n after signal n). */
export function runInOurPlace(node, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(node, ['--disable-warning=ExperimentalWarning', `--import=${leashUrl}`, ...args], {
      stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
      env: { ...process.env, ...env },
      detached: true,
    });
    let asked = false;
    const handOn = (signal) => {
      // npm and the terminal both send Ctrl-C to us; the program must see one.
      if (asked) return;
      asked = true;
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
      setTimeout(() => {
        say(`it did not end within ${endMsMax / 1000} s and was killed`);
        child.kill('SIGKILL');
      }, endMsMax).unref();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, handOn);
    child.once('error', (error) => {
      say(`cannot run ${node}: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

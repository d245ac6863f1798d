// Preloaded into the program that bootstrap runs. The program lives in a session of its own, so that a Ctrl-C reaches
// it once and not also from the terminal; file descriptor 3 closing tells it that bootstrap was killed meanwhile.
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

// Worker threads are given this file too; the leash is the main thread's.
if (isMainThread) {
  // Children of the program start without it: they have no descriptor 3.
  const own = process.execArgv.findIndex((argument) => argument.endsWith('leash.mjs'));
  if (own >= 0) process.execArgv.splice(own, 1);

  const leash = new Socket({ fd: 3, readable: true, writable: false });
  leash.on('error', () => undefined);
  leash.once('close', () => process.kill(process.pid, 'SIGTERM'));
  leash.resume();
  leash.unref();
}

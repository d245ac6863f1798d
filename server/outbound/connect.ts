/** A bare connection to what the guard approved, for what does not speak HTTP. */
import { connect, type Socket } from 'node:net';
import { wordsOfFailure } from './failures.ts';
import { approvedLookup, type Guard, mustLeadTo, NotSendable } from './guard.ts';

const TAKES_MS_MAX = 10_000;

/** @throws NotSendable */
export async function connectTo(
  guard: Guard,
  asked: { host: string; port: number; inTheClear: boolean },
  stopping: AbortSignal,
  takesMsMax = TAKES_MS_MAX,
): Promise<Socket> {
  const late = AbortSignal.timeout(takesMsMax);
  const signal = AbortSignal.any([stopping, late]);
  const { host, port } = asked;
  try {
    const approved = await guard.approve(asked, signal);
    const socket = connect({ host: approved.host, port, lookup: approvedLookup(approved), autoSelectFamily: true });
    mustLeadTo(approved, socket);
    await connected(socket, signal);
    return socket;
  } catch (error) {
    if (error instanceof NotSendable) throw error;
    if (stopping.aborted) throw new NotSendable('It was stopped.');
    if (late.aborted) throw new NotSendable(`${host} does not answer within ${Math.ceil(takesMsMax / 1_000)} s.`);
    throw new NotSendable(wordsOfFailure(host, error));
  }
}

async function connected(socket: Socket, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  socket.once('connect', resolve);
  socket.once('error', reject);
  if (signal.aborted) stop();
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    socket.off('error', reject);
  }
}

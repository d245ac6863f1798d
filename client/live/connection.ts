/** The one socket of this browser: its state, the server's clock, and the topics that share it. */
import { io, type Socket } from 'socket.io-client';
import { type ShallowRef, shallowRef } from 'vue';
import type { ClientToServer, ServerToClient } from '../../server/live/contract.ts';

export type LiveSocket = Socket<ServerToClient, ClientToServer>;
export type ConnectionState = 'connecting' | 'live' | 'lost';

/** Where the gateway listens. */
const SOCKET_PATH = '/live';
const CLOCK_EVERY_MS = 10_000;
const CLOCK_ANSWER_MS = 5_000;
const CLOCK_SAMPLES_MAX = 8;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 5_000;
const TICK_MS = 1_000;

export type Connection = {
  socket: LiveSocket;
  state: ShallowRef<ConnectionState>;
  /** The last moment anything was heard from the server, in the server's clock; null before the first time. */
  heardAt: ShallowRef<number | null>;
  /** The server's clock, advancing once a second: the one `now` that all pages share. */
  now: ShallowRef<number>;
  /** Milliseconds from receipt of the newest event to its painting here. */
  lagMs: ShallowRef<number | null>;
  /** The build the server hands out at present. */
  servedBuild: ShallowRef<string | null>;
  /** The server's clock at this instant. */
  serverNow(): number;
  start(): void;
  stop(): void;
  onSignedOut(listener: () => void): void;
  /** Called when the server refuses the connection, which retrying alone does not mend. */
  onRefused(listener: () => void): void;
};

/** `address` is empty in the browser (same origin). Nothing connects before `start`. */
export function createConnection(address = '', options: { extraHeaders?: Record<string, string> } = {}): Connection {
  const socket: LiveSocket = io(address, {
    ...options,
    path: SOCKET_PATH,
    autoConnect: false,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    withCredentials: true,
    reconnectionDelay: RETRY_FIRST_MS,
    reconnectionDelayMax: RETRY_MAX_MS,
    randomizationFactor: 0.5,
  });
  const state = shallowRef<ConnectionState>('connecting');
  const heardAt = shallowRef<number | null>(null);
  const now = shallowRef(Date.now());
  const lagMs = shallowRef<number | null>(null);
  const servedBuild = shallowRef<string | null>(null);
  const refused = new Set<() => void>();
  const samples: { roundTripMs: number; offsetMs: number }[] = [];
  let offsetMs = 0;
  let timers: ReturnType<typeof setInterval>[] = [];
  let retry: ReturnType<typeof setTimeout> | undefined;
  let refusals = 0;

  socket.on('connect', () => {
    refusals = 0;
    state.value = 'live';
    heard();
    measureClock();
  });
  socket.on('disconnect', (reason) => {
    lost();
    if (reason === 'io server disconnect') connectLater();
  });
  socket.on('connect_error', () => {
    lost();
    if (socket.active) return;
    for (const listener of refused) listener();
    connectLater();
  });
  socket.on('hello', (hello) => {
    heard();
    servedBuild.value = hello.build;
    if (samples.length === 0) offsetMs = hello.now - Date.now();
  });
  socket.on('change', heard);
  socket.io.on('ping', heard);

  return {
    socket,
    state,
    heardAt,
    now,
    lagMs,
    servedBuild,
    serverNow,
    start,
    stop,
    onSignedOut: (listener) => void socket.on('signedOut', listener),
    onRefused: (listener) => void refused.add(listener),
  };

  function start(): void {
    if (timers.length > 0) return;
    socket.connect();
    timers = [setInterval(() => (now.value = serverNow()), TICK_MS), setInterval(measureClock, CLOCK_EVERY_MS)];
  }

  function stop(): void {
    clearTimeout(retry);
    for (const timer of timers) clearInterval(timer);
    timers = [];
    socket.disconnect();
    state.value = 'connecting';
  }

  function serverNow(): number {
    return Date.now() + offsetMs;
  }

  function heard(): void {
    heardAt.value = serverNow();
    if (socket.connected) state.value = 'live';
  }

  function lost(): void {
    // Before the first success there is nothing to lose: the pages still show that they are loading.
    if (heardAt.value !== null || refusals > 0) state.value = 'lost';
  }

  /** Socket.IO itself does not retry after a refusal or a server-side disconnect. */
  function connectLater(): void {
    if (timers.length === 0) return;
    const ceiling = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** refusals++);
    clearTimeout(retry);
    retry = setTimeout(() => socket.connect(), ceiling * (0.5 + Math.random()));
  }

  /** The sample with the shortest round trip of the last few is the best; a missing answer means the line is dead. */
  function measureClock(): void {
    if (!socket.connected) return;
    socket.timeout(CLOCK_ANSWER_MS).emit('clock', Date.now(), (problem, answer) => {
      if (problem) {
        lost();
        return;
      }
      const roundTripMs = Date.now() - answer.sentAt;
      samples.push({ roundTripMs, offsetMs: answer.now - answer.sentAt - roundTripMs / 2 });
      if (samples.length > CLOCK_SAMPLES_MAX) samples.shift();
      const best = samples.reduce((a, b) => (b.roundTripMs < a.roundTripMs ? b : a));
      offsetMs = Math.round(best.offsetMs);
      heard();
    });
  }
}

/** The live gateway: keeps topics up to date and sends subscribers what changed, at most every 250 ms. */
import type { Server as HttpServer, IncomingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { Newest, Notice } from '../../streams/processing/commit.ts';
import {
  type Change,
  type ClientToServer,
  displayedMessage,
  type ServerToClient,
  type Snapshot,
  subscribeMessage,
} from './contract.ts';
import type { Mirror } from './mirror.ts';
import { createTopics } from './topics.ts';
import type { ViewOf } from './views/index.ts';
import type { Changed } from './views/view.ts';

const FLUSH_EVERY_MS = 250;
const HELLO_EVERY_MS = 30_000;
const SESSION_CHECK_EVERY_MS = 4_000;
const MESSAGE_BYTES_MAX = 16 * 1024;
const TOPICS_PER_SOCKET_MAX = 40;
/** Topics of single SKUs and orders kept at once, over all viewers. */
const TOPICS_MAX = 2_000;
/** A socket with this many unsent packets gets no more; it is cut when it stays so, and resyncs when it comes back. */
const UNSENT_PACKETS_MAX = 64;
const SLOW_FOR_MS_MAX = 15_000;

type Viewer = Socket<ClientToServer, ServerToClient, Record<string, never>, ViewerData>;
type ViewerData = { headers: IncomingHttpHeaders; topics: Set<string>; behind: Set<string>; slowSince: number };

/** A change of no epoch: whoever gets it subscribes again. */
const startAgain = (topic: string): Change => ({ topic, epoch: '', version: 0, set: {}, remove: [] });

export type GatewayDeps = {
  http: HttpServer;
  mirror: Mirror;
  viewOf: ViewOf;
  logger: Logger;
  build: () => string;
  /** Whether whoever opened this connection is (still) signed in, and may watch this topic if one is named. */
  mayWatch: (headers: IncomingHttpHeaders, topic: string | null) => Promise<boolean>;
  /** A viewer has painted a change. */
  onDisplayed: (times: { occurredAt: number; sentAt: number; displayedAt: number }) => void;
  onPushed: (newest: Newest, sentAt: number) => void;
  epoch: string;
};

export type Gateway = {
  note(notice: Notice | null): void;
  snapshot(topic: string): Promise<Snapshot | null>;
  viewers(): number;
  stop(): Promise<void>;
};

export function startGateway(deps: GatewayDeps): Gateway {
  const { mirror, viewOf, logger, epoch } = deps;
  const topics = createTopics(epoch);
  const lastLook = new Map<string, number>();
  let newest: Newest | undefined;
  let dirty = true;
  const slowViewers = new Set<Viewer>();
  let flushing: Promise<void> | undefined;

  const io = new Server<ClientToServer, ServerToClient, Record<string, never>, ViewerData>(deps.http, {
    path: '/live',
    serveClient: false,
    maxHttpBufferSize: MESSAGE_BYTES_MAX,
    transports: ['websocket', 'polling'],
    perMessageDeflate: false,
  });

  io.use((socket, next) => {
    deps.mayWatch(socket.handshake.headers, null).then(
      (allowed) => next(allowed ? undefined : new Error('signed-out')),
      () => next(new Error('try-again')),
    );
  });

  io.on('connection', (socket: Viewer) => {
    socket.data = { headers: socket.handshake.headers, topics: new Set(), behind: new Set(), slowSince: 0 };
    socket.emit('hello', { now: mirror.now(), build: deps.build(), epoch });
    socket.on('subscribe', (message, answer) => {
      if (typeof answer !== 'function') return;
      const parsed = subscribeMessage.safeParse(message);
      if (!parsed.success) return answer({ problem: 'this is not a topic' });
      if (socket.data.topics.size >= TOPICS_PER_SOCKET_MAX) return answer({ problem: 'too many topics' });
      subscribe(socket, parsed.data.topic).then(answer, () => answer({ problem: 'try again' }));
    });
    socket.on('unsubscribe', (message) => {
      const parsed = subscribeMessage.safeParse(message);
      if (!parsed.success) return;
      socket.data.topics.delete(parsed.data.topic);
      void socket.leave(parsed.data.topic);
    });
    socket.on('displayed', (message) => {
      const parsed = displayedMessage.safeParse(message);
      if (parsed.success) deps.onDisplayed(parsed.data);
    });
    socket.on('clock', (sentAt, answer) => {
      if (typeof answer === 'function') answer({ sentAt: Number(sentAt), now: mirror.now() });
    });
  });

  /** Joins first and reads after: a change in between has a version the snapshot already covers. */
  async function subscribe(socket: Viewer, topic: string): Promise<Snapshot | { problem: string }> {
    if (!(await deps.mayWatch(socket.data.headers, topic))) return { problem: 'your role may not watch this' };
    if (!topics.has(topic) && topics.size() >= TOPICS_MAX) return { problem: 'too many topics are being watched' };
    socket.data.topics.add(topic);
    await socket.join(topic);
    return (await snapshot(topic)) ?? { problem: 'there is no such topic' };
  }

  async function snapshot(topic: string): Promise<Snapshot | null> {
    const view = viewOf(topic);
    if (view === null) return null;
    if (!topics.has(topic)) {
      const entries = await view.entries(mirror, topic);
      if (!topics.has(topic)) topics.update(topic, entries);
      lastLook.set(topic, mirror.now());
    }
    return topics.snapshot(topic);
  }

  async function flush(): Promise<void> {
    const isDirty = dirty;
    dirty = false;
    const changed: Changed = isDirty ? await mirror.refresh() : new Map();
    const behind = newest;
    newest = undefined;
    const now = mirror.now();
    for (const topic of [...lastLook.keys()]) {
      const view = viewOf(topic)!;
      if (!isWatched(topic) && !view.everyMs) {
        topics.drop(topic);
        lastLook.delete(topic);
        continue;
      }
      const due = view.everyMs !== null && now - lastLook.get(topic)! >= view.everyMs;
      if (!due && !view.concerns(changed, topic)) continue;
      lastLook.set(topic, now);
      const difference = due ? null : view.difference?.(mirror, changed);
      const change = difference
        ? topics.patch(topic, difference)
        : topics.update(topic, await view.entries(mirror, topic));
      if (change !== null) send(change, behind);
    }
  }

  const isWatched = (topic: string): boolean => (io.sockets.adapter.rooms.get(topic)?.size ?? 0) > 0;

  function send(difference: Omit<Change, 'newest'>, behind: Newest | undefined): void {
    const sentAt = mirror.now();
    const change: Change = behind === undefined ? difference : { ...difference, newest: { ...behind, sentAt } };
    const room = io.sockets.adapter.rooms.get(change.topic);
    if (room === undefined) return;
    const slow = [...room].flatMap((id) => io.sockets.sockets.get(id) ?? []).filter(isSlow);
    for (const viewer of slow) {
      viewer.data.behind.add(change.topic);
      slowViewers.add(viewer);
    }
    io.to(change.topic)
      .except(slow.map((viewer) => viewer.id))
      .emit('change', change);
    if (behind !== undefined) deps.onPushed(behind, sentAt);
  }

  /** Slow readers get nothing more until they have read; one that stays slow is cut. */
  function isSlow(viewer: Viewer): boolean {
    const unsent = (viewer.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length;
    if (unsent < UNSENT_PACKETS_MAX) {
      viewer.data.slowSince = 0;
      return false;
    }
    const now = mirror.now();
    if (viewer.data.slowSince === 0) viewer.data.slowSince = now;
    if (now - viewer.data.slowSince > SLOW_FOR_MS_MAX) viewer.disconnect(true);
    return true;
  }

  /** What a slow viewer missed it gets whole, once it reads again. */
  function catchUp(): void {
    for (const viewer of slowViewers) {
      if (viewer.connected && isSlow(viewer)) continue;
      slowViewers.delete(viewer);
      if (viewer.connected) for (const topic of viewer.data.behind) viewer.emit('change', startAgain(topic));
      viewer.data.behind.clear();
    }
  }

  /** A timer with a trailing edge by its nature: whatever came since the last turn is in the next one. */
  const timer = setInterval(() => {
    flushing ??= flush()
      .then(catchUp)
      .catch((error: unknown) => {
        dirty = true;
        logger.warn({ reason: error instanceof Error ? error.message : String(error) }, 'live refresh failed');
      })
      .finally(() => {
        flushing = undefined;
      });
  }, FLUSH_EVERY_MS);
  const hello = setInterval(() => io.emit('hello', { now: mirror.now(), build: deps.build(), epoch }), HELLO_EVERY_MS);
  const sessions = setInterval(() => {
    for (const socket of io.sockets.sockets.values() as Iterable<Viewer>) {
      deps.mayWatch(socket.data.headers, null).then(
        (allowed) => {
          if (allowed) return;
          socket.emit('signedOut');
          socket.disconnect(true);
        },
        () => undefined,
      );
    }
  }, SESSION_CHECK_EVERY_MS);

  return {
    note(notice) {
      dirty = true;
      if (notice !== null) newest = notice.newest;
      mirror.note(notice);
    },
    snapshot,
    viewers: () => io.engine.clientsCount,
    async stop() {
      clearInterval(timer);
      clearInterval(hello);
      clearInterval(sessions);
      await flushing;
      io.disconnectSockets(true);
      await io.close();
    },
  };
}

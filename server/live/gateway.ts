/** The live gateway: keeps topics up to date and sends subscribers what changed, at most every 250 ms. */
import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server } from 'socket.io';
import type { Newest, Notice } from '../../streams/processing/commit.ts';
import { type Change, displayedMessage, type Snapshot, subscribeMessage } from './contract.ts';
import type { Mirror } from './mirror.ts';
import { type Permissions, startSessionCheck } from './session-check.ts';
import { watchSlowViewers } from './slow-viewers.ts';
import { createTopics } from './topics.ts';
import { type LiveServer, startAgain, type Viewer } from './viewer.ts';
import type { ViewOf } from './views/index.ts';
import type { Changed } from './views/view.ts';

const FLUSH_EVERY_MS = 250;
const HELLO_EVERY_MS = 30_000;
const MESSAGE_BYTES_MAX = 16 * 1024;
const TOPICS_PER_SOCKET_MAX = 40;
/** Topics kept at once, over all viewers. */
const TOPICS_MAX = 2_000;
/** Whoever comes back within this time finds the topic as it was, instead of having it worked out anew. */
const KEPT_UNWATCHED_MS = 10_000;

export type GatewayDeps = Permissions & {
  http: HttpServer;
  mirror: Mirror;
  viewOf: ViewOf;
  logger: Logger;
  build: () => string;
  /** A viewer has painted a change. */
  onDisplayed: (times: { occurredAt: number; sentAt: number; displayedAt: number }) => void;
  onPushed: (newest: Newest, sentAt: number) => void;
  /** After each turn: the processor time it took to work out what changed, and to hand it to the sockets. */
  onTurn: (took: { computeMs: number; sendMs: number }) => void;
  epoch: string;
};

export type Gateway = {
  note(notice: Notice | null): void;
  snapshot(topic: string): Promise<Snapshot | null>;
  viewers(): number;
  stop(): Promise<void>;
};

/** Of this thread: what others on the machine take does not count. What ran while we waited for Redis does. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

export function startGateway(deps: GatewayDeps): Gateway {
  const { mirror, viewOf, logger, epoch } = deps;
  const topics = createTopics(epoch);
  /** Of each topic that is kept: when it was worked out, and when it was last watched. */
  const kept = new Map<string, { lookedAt: number; watchedAt: number }>();
  const opening = new Map<string, Promise<void>>();
  const slow = watchSlowViewers(mirror.now);
  let newest: Newest | undefined;
  let dirty = true;
  let flushing: Promise<void> | undefined;
  let sendMs = 0;

  const io: LiveServer = new Server(deps.http, {
    path: '/live',
    serveClient: false,
    maxHttpBufferSize: MESSAGE_BYTES_MAX,
    transports: ['websocket', 'polling'],
    perMessageDeflate: false,
  });

  io.use((socket, next) => {
    const { headers } = socket.handshake;
    deps.whoIs(headers).then(
      (principal) => {
        if (principal === null) return next(new Error('signed-out'));
        socket.data = { headers, principal, topics: new Set(), behind: new Set(), slowSince: 0 };
        next();
      },
      () => next(new Error('try-again')),
    );
  });

  io.on('connection', (socket: Viewer) => {
    socket.emit('hello', { now: mirror.now(), build: deps.build(), epoch });
    socket.on('subscribe', (message, answer) => {
      if (typeof answer !== 'function') return;
      const parsed = subscribeMessage.safeParse(message);
      if (!parsed.success) return answer({ problem: 'this is not a topic' });
      const { topics: own } = socket.data;
      const { topic } = parsed.data;
      if (!own.has(topic) && own.size >= TOPICS_PER_SOCKET_MAX) return answer({ problem: 'too many topics' });
      // Counted before anything is waited for: of many that come at once, none slips through.
      own.add(topic);
      subscribe(socket, topic).then(answer, () => answer({ problem: 'try again' }));
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
    const isAllowed = await deps.mayWatch(socket.data.principal, topic);
    if (!isAllowed || (!topics.has(topic) && topics.size() >= TOPICS_MAX)) {
      socket.data.topics.delete(topic);
      return { problem: isAllowed ? 'too many topics are being watched' : 'your role may not watch this' };
    }
    await socket.join(topic);
    return (await snapshot(topic)) ?? { problem: 'there is no such topic' };
  }

  /** However many ask at once, it is worked out once. */
  async function snapshot(topic: string): Promise<Snapshot | null> {
    if (viewOf(topic) === null) return null;
    if (!topics.has(topic)) {
      if (!opening.has(topic)) opening.set(topic, open(topic));
      await opening.get(topic);
    }
    return topics.snapshot(topic);
  }

  async function open(topic: string): Promise<void> {
    try {
      const entries = await viewOf(topic)!.entries(mirror, topic);
      if (entries === null || topics.has(topic)) return;
      topics.update(topic, entries);
      kept.set(topic, { lookedAt: mirror.now(), watchedAt: mirror.now() });
    } finally {
      opening.delete(topic);
    }
  }

  async function flush(): Promise<void> {
    const startedAt = cpuMs();
    sendMs = 0;
    const isDirty = dirty;
    dirty = false;
    const changed: Changed = isDirty ? await mirror.refresh() : new Map();
    const behind = newest;
    newest = undefined;
    for (const [topic, times] of [...kept]) {
      const now = mirror.now();
      if (isWatched(topic)) times.watchedAt = now;
      else if (now - times.watchedAt > KEPT_UNWATCHED_MS) {
        forget(topic);
        continue;
      }
      const view = viewOf(topic)!;
      const due = view.everyMs !== null && now - times.lookedAt >= view.everyMs;
      if (!due && !view.concerns(changed, topic)) continue;
      times.lookedAt = now;
      const difference = due ? null : view.difference?.(mirror, changed);
      if (difference) {
        send(topics.patch(topic, difference), behind);
        continue;
      }
      const entries = await view.entries(mirror, topic);
      if (entries !== null) send(topics.update(topic, entries), behind);
      else endTopic(topic);
    }
    deps.onTurn({ computeMs: cpuMs() - startedAt - sendMs, sendMs });
  }

  const isWatched = (topic: string): boolean => (io.sockets.adapter.rooms.get(topic)?.size ?? 0) > 0;

  function forget(topic: string): void {
    topics.drop(topic);
    kept.delete(topic);
  }

  /** What it was about is gone: whoever watches subscribes again, and is told. */
  function endTopic(topic: string): void {
    forget(topic);
    io.to(topic).emit('change', startAgain(topic));
  }

  /** Written as JSON and framed once, whatever the number of viewers. */
  function send(difference: Omit<Change, 'newest'> | null, behind: Newest | undefined): void {
    if (difference === null) return;
    const startedAt = cpuMs();
    const sentAt = mirror.now();
    const change: Change = behind === undefined ? difference : { ...difference, newest: { ...behind, sentAt } };
    const room = io.sockets.adapter.rooms.get(change.topic);
    if (room === undefined) return;
    const viewers = [...room].flatMap((id) => io.sockets.sockets.get(id) ?? []);
    const aside = slow.setAside(viewers, change.topic);
    io.to(change.topic)
      .except(aside.map((viewer) => viewer.id))
      .emit('change', change);
    if (behind !== undefined) deps.onPushed(behind, sentAt);
    sendMs += cpuMs() - startedAt;
  }

  /** A timer with a trailing edge by its nature: whatever came since the last turn is in the next one. */
  const timer = setInterval(() => {
    flushing ??= flush()
      .then(slow.catchUp)
      .catch((error: unknown) => {
        dirty = true;
        logger.warn({ reason: error instanceof Error ? error.message : String(error) }, 'live refresh failed');
      })
      .finally(() => {
        flushing = undefined;
      });
  }, FLUSH_EVERY_MS);
  const hello = setInterval(() => io.emit('hello', { now: mirror.now(), build: deps.build(), epoch }), HELLO_EVERY_MS);
  const sessions = startSessionCheck(deps, () => io.sockets.sockets.values());

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
      sessions.stop();
      await flushing;
      io.disconnectSockets(true);
      await io.close();
    },
  };
}

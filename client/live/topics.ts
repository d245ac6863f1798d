/** Ref-counted subscriptions: each topic is subscribed once however many components show it. */
import { type ShallowRef, shallowRef } from 'vue';
import type { Change, Snapshot } from '../../server/live/contract.ts';
import { type Collection, createCollection } from './collection.ts';
import type { Connection } from './connection.ts';

const ANSWER_MS = 10_000;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 10_000;
const DISPLAYED_EVERY_MS = 1_000;

export type Topic<T = unknown> = Collection<T> & { problem: ShallowRef<string | null> };
export type Topics = {
  take<T>(name: string): Topic<T>;
  release(name: string): void;
};
type FetchSnapshot = (topic: string) => Promise<Snapshot>;
type Held = { topic: Topic; users: number; change(change: Change): void; subscribe(): void; close(): void };

/** `fetchSnapshot` lets the first paint come by HTTP while the socket is still connecting. */
export function createTopics(connection: Connection, fetchSnapshot: FetchSnapshot): Topics {
  const held = new Map<string, Held>();
  const { socket } = connection;

  socket.on('change', (change) => held.get(change.topic)?.change(change));
  socket.on('connect', () => {
    for (const entry of held.values()) entry.subscribe();
  });
  socket.on('disconnect', () => {
    for (const entry of held.values()) entry.topic.lose();
  });

  return { take, release };

  function take<T>(name: string): Topic<T> {
    let entry = held.get(name);
    if (entry === undefined) {
      entry = open(connection, fetchSnapshot, name);
      held.set(name, entry);
    }
    entry.users += 1;
    return entry.topic as Topic<T>;
  }

  function release(name: string): void {
    const entry = held.get(name);
    if (entry === undefined) return;
    entry.users -= 1;
    if (entry.users > 0) return;
    held.delete(name);
    entry.close();
  }
}

function open(connection: Connection, fetchSnapshot: FetchSnapshot, name: string): Held {
  const { socket } = connection;
  const problem = shallowRef<string | null>(null);
  const collection = createCollection<unknown>(subscribe);
  // Answers to an earlier question are worthless once we asked again.
  let question = 0;
  let failures = 0;
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let displayedAt = 0;

  subscribe();
  fetchSnapshot(name).then(
    (snapshot) => closed || collection.paint(snapshot),
    () => undefined, // The socket's answer says what is wrong.
  );
  return { topic: { ...collection, problem }, users: 0, change, subscribe, close };

  function subscribe(): void {
    clearTimeout(retry);
    if (closed || !socket.connected) return;
    question += 1;
    const asked = question;
    collection.lose();
    socket.timeout(ANSWER_MS).emit('subscribe', { topic: name }, (late, answer) => {
      if (asked !== question || closed) return;
      if (!late && !('problem' in answer)) {
        failures = 0;
        problem.value = null;
        collection.accept(answer);
        return;
      }
      problem.value = late ? 'The server did not answer.' : 'problem' in answer ? answer.problem : null;
      const delayMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** failures++) * (0.5 + Math.random());
      retry = setTimeout(subscribe, delayMs);
    });
  }

  function change(change: Change): void {
    if (!collection.apply(change) || change.newest === undefined || document.hidden) return;
    const { newest } = change;
    if (Date.now() - displayedAt < DISPLAYED_EVERY_MS) return;
    displayedAt = Date.now();
    afterPaint(() => {
      const shownAt = Math.round(connection.serverNow());
      connection.lagMs.value = Math.max(0, shownAt - newest.receivedAt);
      socket.emit('displayed', {
        topic: name,
        occurredAt: newest.occurredAt,
        sentAt: newest.sentAt,
        displayedAt: shownAt,
      });
    });
  }

  function close(): void {
    closed = true;
    clearTimeout(retry);
    if (socket.connected) socket.emit('unsubscribe', { topic: name });
  }
}

/** A frame callback runs before the paint; a task queued from it runs after. */
function afterPaint(callback: () => void): void {
  requestAnimationFrame(() => setTimeout(callback, 0));
}

// @vitest-environment node
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Connection, createConnection } from '../../client/live/connection.ts';
import { createTopics } from '../../client/live/topics.ts';
import type { Change, ClientToServer, ServerToClient } from '../../server/live/contract.ts';

type Gateway = {
  port: number;
  subscriptions: string[];
  displayed: unknown[];
  send(change: Omit<Change, 'epoch' | 'topic'>): void;
  stop(): Promise<void>;
};
const stops: (() => unknown)[] = [];

beforeAll(() => {
  // The live layer runs in a browser; the two things it needs of one, outside of one.
  vi.stubGlobal('document', { hidden: false });
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setTimeout(callback, 0));
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A real Socket.IO server that speaks the contract, with one topic of one entry. */
async function startGateway(epoch: string, value: number, port = 0): Promise<Gateway> {
  const http: HttpServer = createServer();
  const io = new Server<ClientToServer, ServerToClient>(http, { path: '/live' });
  const subscriptions: string[] = [];
  const displayed: unknown[] = [];
  let entries: Record<string, unknown> = { a: value };
  let version = 0;
  io.on('connection', (socket) => {
    socket.emit('hello', { now: Date.now() + 60_000, build: 'build-2', epoch });
    socket.on('clock', (sentAt, answer) => answer({ sentAt, now: Date.now() + 60_000 }));
    socket.on('subscribe', ({ topic }, answer) => {
      subscriptions.push(topic);
      socket.join(topic);
      answer({ topic, epoch, version, entries });
    });
    socket.on('unsubscribe', ({ topic }) => {
      subscriptions.splice(subscriptions.indexOf(topic), 1);
      socket.leave(topic);
    });
    socket.on('displayed', (message) => displayed.push(message));
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  return {
    port: (http.address() as AddressInfo).port,
    subscriptions,
    displayed,
    send(change) {
      version = change.version;
      entries = { ...entries, ...change.set };
      io.to('sources').emit('change', { topic: 'sources', epoch, ...change });
    },
    stop: () => new Promise<void>((resolve) => void io.close(() => resolve())),
  };
}

function connect(port: number): Connection {
  const connection = createConnection(`http://127.0.0.1:${port}`);
  stops.push(() => connection.stop());
  connection.start();
  return connection;
}
const never = () => new Promise<never>(() => undefined);

describe('the live connection', () => {
  it('after a server restart shows what the new server says, without a reload', async () => {
    const first = await startGateway('first', 1);
    const connection = connect(first.port);
    const topic = createTopics(connection, never).take<number>('sources');
    await vi.waitFor(() => expect(topic.entries.get('a')).toBe(1));
    first.send({ version: 1, set: { a: 2 }, remove: [] });
    await vi.waitFor(() => expect(topic.entries.get('a')).toBe(2));

    await first.stop();
    await vi.waitFor(() => expect(connection.state.value).toBe('lost'));
    expect(topic.entries.get('a')).toBe(2);
    const second = await startGateway('second', 50, first.port);
    stops.push(second.stop);
    await vi.waitFor(() => expect(topic.entries.get('a')).toBe(50), 15_000);
    expect(connection.state.value).toBe('live');
    second.send({ version: 1, set: { a: 51 }, remove: [] });
    await vi.waitFor(() => expect(topic.entries.get('a')).toBe(51));
  });

  it('subscribes a topic once for all who show it, and ends it with the last of them', async () => {
    const gateway = await startGateway('first', 1);
    stops.push(gateway.stop);
    const topics = createTopics(connect(gateway.port), never);
    const topic = topics.take<number>('sources');
    expect(topics.take('sources')).toBe(topic);
    await vi.waitFor(() => expect(gateway.subscriptions).toEqual(['sources']));
    topics.release('sources');
    gateway.send({ version: 1, set: { a: 7 }, remove: [] });
    await vi.waitFor(() => expect(topic.entries.get('a')).toBe(7));
    topics.release('sources');
    await vi.waitFor(() => expect(gateway.subscriptions).toEqual([]));
  });

  it('comes back to the truth by itself after a lost change', async () => {
    const gateway = await startGateway('first', 1);
    stops.push(gateway.stop);
    const topic = createTopics(connect(gateway.port), never).take<number>('sources');
    await vi.waitFor(() => expect(topic.status.value).toBe('current'));
    gateway.send({ version: 5, set: { a: 9 }, remove: [] });
    await vi.waitFor(() => expect(topic.entries.get('a')).toBe(9));
    expect(gateway.subscriptions).toHaveLength(2);
  });

  it('counts with the clock of the server, and reports when a change was painted', async () => {
    const gateway = await startGateway('first', 1);
    stops.push(gateway.stop);
    const connection = connect(gateway.port);
    const topic = createTopics(connection, never).take<number>('sources');
    await vi.waitFor(() => expect(topic.status.value).toBe('current'));
    expect(Math.abs(connection.serverNow() - (Date.now() + 60_000))).toBeLessThan(2_000);
    const at = Date.now() + 60_000;
    const newest = { occurredAt: at - 300, receivedAt: at - 200, committedAt: at - 100, sentAt: at };
    for (const version of [1, 2, 3]) gateway.send({ version, set: { a: version }, remove: [], newest });
    await vi.waitFor(() => expect(gateway.displayed).toHaveLength(1));
    expect(gateway.displayed[0]).toMatchObject({ topic: 'sources', occurredAt: at - 300, sentAt: at });
    await vi.waitFor(() => expect(topic.entries.get('a')).toBe(3));
    expect(gateway.displayed).toHaveLength(1);
    expect(connection.lagMs.value).toBeGreaterThanOrEqual(200);
  });

  it('knows which build the server hands out', async () => {
    const gateway = await startGateway('first', 1);
    stops.push(gateway.stop);
    const connection = connect(gateway.port);
    await vi.waitFor(() => expect(connection.servedBuild.value).toBe('build-2'));
  });
});

/**
 * A real Socket.IO server with very many exceptions that change all the time: the gateway's own topics and views, and
 * as much of the HTTP API as the page of exceptions asks for. No Redis and no engine: what is measured is the screen.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Server } from 'socket.io';
import type { Entries } from '../../server/live/contract.ts';
import type { Mirror } from '../../server/live/mirror.ts';
import { createTopics } from '../../server/live/topics.ts';
import { exceptionLinesView } from '../../server/live/views/exception-lines.ts';
import type { OpenException } from '../../streams/operations/exception-state.ts';

const FLUSH_EVERY_MS = 250;
const kinds = ['stockout-expected', 'oversold', 'ship-by-at-risk', 'pick-delayed', 'count-variance', 'channel-drift'];
const nodes = ['BOS-1', 'RNO-1', '3PL-DAL', 'STORE-PDX', 'RTM-2', 'WAW-3'];
const channels = ['web', 'amazon', 'b2b', 'marketplace'];
const severities = ['critical', 'high', 'medium', 'low'] as const;

/** @param dist the built client */
export async function startTriageServer(dist: string, count: number, changesPerSecond: number) {
  const random = fromSeed(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const exception = new Map<string, OpenException>();
  const mirror = { states: { exception } } as unknown as Mirror;
  let number = 0;

  const make = (): OpenException => {
    number += 1;
    const [kind, sku, node, now] = [pick(kinds), `HP-${10_000 + (number % 3_000)}`, pick(nodes), Date.now()];
    return {
      id: `EX-${number}`,
      kind,
      subject: `${sku}|${node}|${number}`,
      title: `${Math.ceil(random() * 90)} units short at ${node}`,
      detail: `${sku} · Herringbone Blanket, Rust: ${Math.ceil(random() * 40)} available, ${Math.ceil(random() * 20)} sold a day`,
      severity: severities[Math.min(3, Math.floor(random() * 8))] ?? 'low',
      since: now - random() * 86_400_000,
      updatedAt: now,
      deadline: Math.round(now + (random() - 0.2) * 12 * 3_600_000),
      moneyAtRisk: Math.round(random() ** 4 * 4_000_000),
      currency: 'USD',
      formula: 'units short x price of one: what cannot be sold until the next receipt comes in',
      inputs: { unitsShort: 12, unitPrice: 8_550, soldADay: 6.4, receiptInDays: 3 },
      advice: 'Move stock from another node, or have the purchase order come earlier.',
      sku,
      node,
      channel: pick(channels),
      suggests: [{ action: 'transfer', input: { sku, fromNode: 'BOS-1', toNode: node, quantity: 40 } }],
      condition: 'open',
      conditionDue: 0,
      clock: 'wms',
      openedAt: now,
      returns: 0,
      work: 'new',
      version: 0,
      owner: 'inventory planner',
      comments: [],
    };
  };
  const add = () => {
    const made = make();
    const name = `${made.kind}:${made.subject}`;
    exception.set(name, made);
    names.push(name);
    return name;
  };
  const names: string[] = [];
  for (let index = 0; index < count; index += 1) add();

  /** Mostly figures; one in ten changes its rank, one in fifty is over and another one comes. */
  const change = (): string[] => {
    const place = Math.floor(random() * names.length);
    const name = names[place]!;
    const known = exception.get(name)!;
    if (random() < 0.02) {
      exception.delete(name);
      names[place] = names.at(-1)!;
      names.pop();
      return [name, add()];
    }
    const moneyAtRisk = random() < 0.1 ? Math.round(random() ** 4 * 4_000_000) : known.moneyAtRisk;
    exception.set(name, {
      ...known,
      moneyAtRisk,
      updatedAt: Date.now(),
      detail: `${known.sku} · now ${Math.ceil(random() * 40)} available`,
    });
    return [name];
  };

  const app = express();
  const session = { user: { id: 'u1', email: 'mei@example.com', name: 'Mei Chen', role: 'planner' }, expiresAt: 9e12 };
  const abilities = ['see-wall', 'see-exceptions', 'see-sources', 'see-operations', 'act-on-exceptions', 'save-views'];
  const empty = { items: [], next: null };
  const views = new Map([
    ['exceptions', exceptionLinesView('calling')],
    ['exceptions-aside', exceptionLinesView('aside')],
  ]);
  const topics = createTopics('bench');
  for (const [topic, view] of views) topics.update(topic, view.entries(mirror, topic) as Entries);
  topics.update('workspace', { workspace: workspace() });
  topics.update('sources', {});

  app.get(
    '/v1/session',
    (_, answer) => void answer.json({ session: { ...session, abilities }, needsSetUp: false, workspace: 'main' }),
  );
  app.get('/v1/live/:topic', (request, answer) => void answer.json(topics.snapshot(request.params.topic)));
  app.get(
    '/v1/exceptions/:id',
    (_, answer) => void answer.status(404).json({ type: 'about:blank', title: 'Not found', status: 404 }),
  );
  app.get(
    ['/v1/people', '/v1/saved/exception-view', '/v1/actions', '/v1/actions/catalog'],
    (_, answer) => void answer.json(empty),
  );
  app.use(express.static(dist));
  app.get('/{*path}', (_, answer) => answer.sendFile('index.html', { root: dist }));
  const http = createServer(app);
  const io = new Server(http, { path: '/live', perMessageDeflate: false });
  io.on('connection', (socket) => {
    socket.emit('hello', { now: Date.now(), build: '', epoch: 'bench' });
    socket.on('subscribe', async ({ topic }: { topic: string }, answer) => {
      await socket.join(topic);
      answer(topics.snapshot(topic) ?? { problem: 'there is no such topic' });
    });
    socket.on('clock', (sentAt: number, answer) => answer({ sentAt, now: Date.now() }));
  });

  let computeMs = 0;
  let owed = 0;
  const flush = setInterval(() => {
    owed += (changesPerSecond * FLUSH_EVERY_MS) / 1_000;
    const changed = new Set<string>();
    for (; owed >= 1; owed -= 1) for (const name of change()) changed.add(name);
    const began = performance.now();
    for (const [topic, view] of views) {
      const difference = view.difference?.(mirror, new Map([['exception', changed]]));
      const sent = difference
        ? topics.patch(topic, difference)
        : topics.update(topic, view.entries(mirror, topic) as Entries);
      const at = Date.now();
      if (sent)
        io.to(topic).emit('change', {
          ...sent,
          newest: { occurredAt: at, receivedAt: at, committedAt: at, sentAt: at },
        });
    }
    computeMs += performance.now() - began;
  }, FLUSH_EVERY_MS);

  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    snapshotBytes: () => JSON.stringify(topics.snapshot('exceptions')).length,
    computeMs: () => computeMs,
    async stop() {
      clearInterval(flush);
      await io.close();
    },
  };
}

const workspace = () => ({
  workspace: 'main',
  name: 'Harbor & Pine',
  currency: 'USD',
  timeZone: 'America/New_York',
  simulated: false,
  mode: 'advise',
  businessNow: Date.now(),
  replaying: false,
  empty: false,
});

/** The same history every time (mulberry32). */
function fromSeed(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A shop that sends and keeps books: which events it sent, which of them were acknowledged, and what stock and orders
 * must be when each counts once. The books do not depend on the order in which events arrive.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { randomOf } from '../../server/simulated-company/random.ts';

type Line = { line: string; sku: string; quantity: number };
type Sent = { specversion: '1.0'; id: string; source: string; type: string; time: string; data: object };
type PlacedOrder = { order: string; node: string; lines: Line[] };

export type Ledger = {
  /** `source|id` of everything that was acknowledged. */
  acknowledged: Set<string>;
  sent: Set<string>;
  orders: Map<string, PlacedOrder & { dispatched: boolean }>;
  /** Units per `sku|node`. */
  received: Map<string, number>;
  dispatched: Map<string, number>;
  /** Requests whose answer never came or was a refusal: sent again with the same ids. */
  retried: number;
  /** Answers a sender cannot act upon: neither an acknowledgement nor a refusal that says when to come back. */
  oddAnswers: string[];
  /** Events that were sent again although they had been acknowledged. */
  repeated: number;
};

const SKUS = Array.from({ length: 40 }, (_, index) => `SKU-${index}`);
const NODES = ['north', 'south'];
const ORDERS_PER_BATCH = 25;
const OPENING_UNITS = 100_000;
const LANES = 3;
const REQUEST_MS_MAX = 5_000;
const RETRY_MS_MAX = 300;

export function createShop(options: { url: string; key: string; seed: number; eventsPerSecond: number }) {
  const random = randomOf(options.seed, 'shop');
  const ledger: Ledger = {
    acknowledged: new Set(),
    sent: new Set(),
    orders: new Map(),
    received: new Map(),
    dispatched: new Map(),
    retried: 0,
    oddAnswers: [],
    repeated: 0,
  };
  const waiting: PlacedOrder[] = [];
  const recent: Sent[][] = [];
  let count = 0;
  const cloudEvent = (source: string, type: string, data: object): Sent => {
    count += 1;
    return { specversion: '1.0', id: `${source}-${count}`, source, type, time: new Date().toISOString(), data };
  };

  function receive(sku: string, node: string, quantity: number): Sent {
    add(ledger.received, `${sku}|${node}`, quantity);
    return cloudEvent('warehouse', 'stock.received', { sku, node, quantity, from: 'supplier', into: 'sellable' });
  }

  function place(): Sent {
    const order = `order-${ledger.orders.size + 1}`;
    const node = random.pick(NODES);
    const lines = ['1', '2'].map((line) => ({ line, sku: random.pick(SKUS), quantity: random.int(1, 4) }));
    const placed = { order, node, lines };
    ledger.orders.set(order, { ...placed, dispatched: false });
    if (random.chance(0.7)) waiting.push(placed);
    return cloudEvent('shop', 'order.placed', {
      order,
      channel: 'web',
      currency: 'EUR',
      node,
      lines: lines.map((line) => ({ ...line, unitPrice: 1_999 })),
    });
  }

  function dispatch({ order, node, lines }: PlacedOrder): Sent {
    ledger.orders.get(order)!.dispatched = true;
    for (const { sku, quantity } of lines) add(ledger.dispatched, `${sku}|${node}`, quantity);
    const reported = lines.map(({ line, quantity }) => ({ line, quantity }));
    return cloudEvent('warehouse', 'fulfilment.dispatched', { order, node, shipment: `s-${order}`, lines: reported });
  }

  function nextBatch(): Sent[] {
    if (recent.length > 20 && random.chance(0.05)) {
      const again = random.pick(recent);
      ledger.repeated += again.length;
      return again;
    }
    const placed = Array.from({ length: ORDERS_PER_BATCH }, place);
    const receipts = Array.from({ length: random.int(0, 3) }, () =>
      receive(random.pick(SKUS), random.pick(NODES), random.int(1, 50)),
    );
    // Of the orders before: a dispatch may overtake its order, in another request or in another worker.
    const due = waiting.splice(0, waiting.length - ORDERS_PER_BATCH / 2);
    const batch = [...receipts, ...placed, ...due.map(dispatch)];
    recent.push(batch);
    if (recent.length > 50) recent.shift();
    return batch;
  }

  /** Sends until it is acknowledged; a sender that has got no answer cannot know, so it sends the same again. */
  async function deliver(batch: Sent[], giveUp: AbortSignal): Promise<void> {
    const body = JSON.stringify(batch);
    for (const { source, id } of batch) ledger.sent.add(`${source}|${id}`);
    for (;;) {
      if (await post(body).catch(() => false)) break;
      giveUp.throwIfAborted();
      ledger.retried += 1;
      await wait(random.between(RETRY_MS_MAX / 3, RETRY_MS_MAX));
    }
    for (const { source, id } of batch) ledger.acknowledged.add(`${source}|${id}`);
  }

  async function post(body: string): Promise<boolean> {
    const answer = await fetch(`${options.url}/v1/events`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${options.key}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
    });
    if (answer.status === 202) {
      const { rejected } = (await answer.json()) as { rejected: object[] };
      if (rejected.length > 0) throw new Error(`events were rejected: ${JSON.stringify(rejected[0])}`);
      return true;
    }
    const words = await answer.text();
    const isRefusal = [429, 503].includes(answer.status) && answer.headers.has('retry-after');
    if (!isRefusal) ledger.oddAnswers.push(`${answer.status} ${words}`);
    return false;
  }

  return {
    ledger,
    /** Sends at about the agreed pace until `isEnough`; every batch that was begun is acknowledged at the end. */
    async trade(isEnough: () => boolean, giveUp: AbortSignal): Promise<void> {
      const opening = SKUS.flatMap((sku) => NODES.map((node) => receive(sku, node, OPENING_UNITS)));
      await deliver(opening, giveUp);
      const startedAt = performance.now();
      const already = ledger.acknowledged.size;
      const lane = async () => {
        while (!isEnough()) {
          const batch = nextBatch();
          await deliver(batch, giveUp);
          const ahead = ledger.acknowledged.size - already;
          const behindMs = (ahead / options.eventsPerSecond) * 1_000 - (performance.now() - startedAt);
          // A pace, not a wait: the shop sells no faster than this.
          if (behindMs > 0) await wait(Math.min(behindMs, 1_000));
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
    },
  };
}

function add(sums: Map<string, number>, key: string, quantity: number): void {
  sums.set(key, (sums.get(key) ?? 0) + quantity);
}

/**
 * The simulated company with shelves that go wrong unseen, folded event by event, and its records compared with what
 * really lies there: where the confidence of records is calibrated and lists for counting are measured.
 */
import { AMAZON, nodes, WEB } from '../../server/simulated-company/company.ts';
import { countBin } from '../../server/simulated-company/counting.ts';
import { DAY, HOUR } from '../../server/simulated-company/local-time.ts';
import { randomOf } from '../../server/simulated-company/random.ts';
import { startCompany } from '../../server/simulated-company/simulate-company.ts';
import type { World } from '../../server/simulated-company/world.ts';
import { understandCloudEvent } from '../../streams/events/envelope.ts';
import type { Event } from '../../streams/events/index.ts';
import type { Calibration } from '../../streams/operations/accuracy/calibration-state.ts';
import { type Item, ids, type Node, type States, type Stock } from '../../streams/operations/states.ts';
import { type StateKind, stateKinds } from '../../streams/processing/keys.ts';
import { beginBatch, processBatch } from '../../streams/processing/process-batch.ts';

const BATCH = 500;
const ofGoods: ReadonlySet<Event['type']> = new Set<Event['type']>([
  'stock.received',
  'stock.condition-changed',
  'stock.transferred',
  'fulfilment.dispatched',
  'return.received',
]);

export type Wear = {
  /** Picks, put-aways and receipts that go wrong without anybody knowing, per thousand orders. */
  errorsPerThousandOrders: number;
  /** Shelves from which something is taken or misplaced a day, per thousand records. */
  lossesPerThousand: number;
  /** Records counted a day for no reason, per thousand. */
  countsPerThousand: number;
  /** Share of pick failures after which somebody counts. */
  countedAfterFailure: number;
  /** Share of the events about goods that are lost on their way to us and never told again. */
  lostShare: number;
};
export const usualWear: Wear = {
  errorsPerThousandOrders: 29,
  lossesPerThousand: 4.2,
  countsPerThousand: 15,
  countedAfterFailure: 0.5,
  lostShare: 0.004,
};

/** A record as it stands, and what really lies there. */
export type Observed = { stock: Stock; item: Item; node: Node; truth: number; now: number };

/**
 * Runs the company and shows its records to `look` at moments of each day from `fromDay` on.
 * @param look is shown all records as they stand, and what counts have taught so far
 */
export function runAccuracyCompany(
  options: { seed: number; days: number; fromDay: number; ordersPerDay: number; wear: Wear; looksPerDay?: number },
  look: (records: Observed[], day: number, calibration: Calibration | undefined) => void,
): void {
  const { seed, days, fromDay, ordersPerDay, wear, looksPerDay = 1 } = options;
  const from = Date.parse('2026-03-02T00:00:00Z');
  const { world, nextDelivery } = startCompany({ seed, from, ordersPerDay, faults: 'normal' });
  wearOut(world, seed, days, wear);
  const maps = mapsOf();
  const random = randomOf(seed, 'looks');
  const lost = randomOf(seed, 'lost');
  const looks = Array.from({ length: days * looksPerDay }, () => from + random.next() * days * DAY)
    .filter((at) => at >= from + fromDay * DAY)
    .sort((a, b) => a - b);
  let events: Event[] = [];
  let seq = 0;
  const fold = () => {
    const batch = beginBatch(maps.states as never, seq);
    processBatch(batch, events, 0, { measureStep: () => [], measureEvent: () => [] });
    seq = batch.seq;
    events = [];
  };
  while (looks.length > 0) {
    const { deliverAt, event } = nextDelivery();
    while (looks.length > 0 && deliverAt > looks[0]!) {
      fold();
      const now = looks.shift()!;
      look(observe(world, maps, now), Math.floor((now - from) / DAY), maps.all('calibration').get(ids.company));
    }
    const understood = understandCloudEvent(event, deliverAt);
    if ('problem' in understood) throw new Error(`${event.type}: ${understood.problem}`);
    if (ofGoods.has(understood.event.type) && lost.chance(wear.lostShare)) continue;
    events.push(understood.event);
    if (events.length >= BATCH) fold();
  }
}

function mapsOf() {
  const maps = new Map(stateKinds.map((kind) => [kind, new Map<string, unknown>()]));
  const states = Object.fromEntries(
    [...maps].map(([kind, map]) => [
      kind,
      {
        has: () => true,
        get: (id: string) => map.get(id),
        set: (id: string, state: unknown) => (state === undefined ? map.delete(id) : map.set(id, state)),
        forget: (id: string) => map.delete(id),
      },
    ]),
  );
  return { states, all: <K extends StateKind>(kind: K) => maps.get(kind) as Map<string, States[K]> };
}

function observe(world: World, maps: ReturnType<typeof mapsOf>, now: number): Observed[] {
  const items = maps.all('item');
  const indexOf = new Map(world.assortment.items.map((item, index) => [item.sku, index]));
  const nodeOf = new Map(nodes.map((node, index) => [node.id, index]));
  const found: Observed[] = [];
  for (const stock of maps.all('stock').values()) {
    const cell = world.stock.at(nodeOf.get(stock.node)!, indexOf.get(stock.sku)!);
    if (world.stock.carried[cell] === 0) continue;
    const truth = world.stock.shelf[cell]! + world.stock.staged[cell]! + world.stock.aside[cell]!;
    found.push({ stock, item: items.get(stock.sku)!, node: maps.all('node').get(stock.node)!, truth, now });
  }
  return found;
}

/** Shelves go wrong by handling, by theft and misplacing, and on receipt; few of them are counted. */
function wearOut(world: World, seed: number, days: number, wear: Wear): void {
  const random = randomOf(seed, 'wear');
  const { stock } = world;
  const cells = nodes.flatMap((_, node) =>
    world.assortment.items.flatMap((_, item) => (stock.carried[stock.at(node, item)] === 1 ? [{ node, item }] : [])),
  );
  const thousands = cells.length / 1_000;
  const plan = (perDay: number, run: () => void) => {
    for (let left = random.poisson(perDay * days); left > 0; left--)
      world.at(world.from + random.next() * days * DAY, run);
  };
  const handled = () => {
    const item = world.demand.sample(random.pick([WEB, AMAZON]), random);
    const node = random.pick([0, 0, 1, 1, 2, 3]);
    return { node, item };
  };
  const change = ({ node, item }: { node: number; item: number }, units: number) => {
    const cell = stock.at(node, item);
    if (stock.carried[cell] === 1) stock.shelf[cell] = Math.max(0, stock.shelf[cell]! + units);
  };
  const errors = (wear.errorsPerThousandOrders * world.options.ordersPerDay) / 1_000;
  plan(errors * 0.7, () => change(handled(), random.pick([-1, -1, 1]) * random.int(1, 3)));
  plan(wear.lossesPerThousand * thousands, () => {
    const cell = random.pick(cells);
    const there = stock.shelf[stock.at(cell.node, cell.item)]!;
    change(cell, -(random.chance(0.3) ? there : random.int(1, 6)));
  });
  plan(errors * 0.3, () => {
    const cell = handled();
    change(cell, random.pick([-1, 1]) * world.assortment.items[cell.item]!.packSize);
  });
  plan(wear.countsPerThousand * thousands, () => {
    const { node, item } = random.pick(cells);
    countBin(world, node, item, 'routine');
  });
  world.countBin = (node, item) => {
    if (random.chance(wear.countedAfterFailure))
      world.at(world.now() + random.next() * 6 * HOUR, () => countBin(world, node, item, 'pick-failure'));
  };
}

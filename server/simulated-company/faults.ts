/** The faults of real life, drawn day by day, each written into the ground truth. */
import { assertAvailable } from './assertions.ts';
import { AMAZON, channels, nodes, SILENT_AFTER_MINUTES, sourceIds, WEB } from './company.ts';
import { countBin } from './counting.ts';
import { faultFactor } from './ground-truth.ts';
import { DAY, HOUR, MINUTE } from './local-time.ts';
import { place } from './orders.ts';
import type { World } from './world.ts';

/** Expected times a day at the level `normal`; those that follow the volume are for 6,000 orders a day. */
const perDay = { nodeBehind: 0.5, silent: 0.8, oversell: 3, surge: 0.3, checkoutBroken: 0.25, drift: 3, leak: 2 };
const BIN_UNITS_MAX = 60;
const perDayByVolume = { shrinkage: 12, miscount: 3, damage: 12 };

/** Plans the faults of the day that begins now. */
export function planFaults(world: World): void {
  const factor = faultFactor(world.options.faults);
  if (factor === 0) return;
  const volume = world.options.ordersPerDay / 6_000;
  const random = world.random.faults;
  const plan = (mean: number, run: (world: World) => void) => {
    for (let left = random.poisson(mean * factor); left > 0; left--)
      world.at(world.now() + random.between(0, DAY), () => run(world));
  };
  world.outbox.forgetSilencesBefore(world.now());
  plan(perDay.nodeBehind, fallBehind);
  plan(perDay.silent, goSilent);
  plan(perDay.oversell, oversell);
  plan(perDay.surge, surge);
  plan(perDay.checkoutBroken, breakCheckout);
  plan(perDay.drift, driftApart);
  plan(perDay.leak, leak);
  plan(perDayByVolume.shrinkage * volume, shrink);
  plan(perDayByVolume.miscount * volume, miscount);
  plan(perDayByVolume.damage * volume, damage);
}

function fallBehind(world: World): void {
  const random = world.random.faults;
  const node = random.int(0, 2);
  const open = world.nodeTime[node]!.nextOpen(world.now(), { ...nodes[node]!, opensAt: 7, closesAt: 13 });
  const from = Math.round(open + random.between(0, 90) * MINUTE);
  const until = from + Math.round(random.between(4, 9) * HOUR);
  const cause = random.pick([
    'conveyor down',
    'crew short by half',
    'WMS upgrade',
    'power cut',
    'label printers offline',
  ]);
  const crew = world.crews[node]!;
  crew.slow = crew.slow.filter((one) => one.until > world.now());
  crew.slow.push({ from, until, factor: random.between(0.06, 0.25) });
  const details = { until, cause };
  world.truth({ kind: 'node-behind', at: from, detectableAt: from + HOUR, subject: nodes[node]!.id, details });
}

function goSilent(world: World): void {
  const random = world.random.faults;
  const source = random.pick(sourceIds);
  const at = world.now();
  if (world.outbox.isSilent(source, at)) return;
  const until = at + Math.round(random.between(50, 200) * MINUTE);
  world.outbox.silence(source, at, until);
  const detectableAt = at + SILENT_AFTER_MINUTES * MINUTE;
  world.truth({ kind: 'source-silent', at, detectableAt, subject: source, details: { until } });
}

/** Two channels sell the last units at once: more orders than stock within half an hour. */
function oversell(world: World): void {
  const random = world.random.faults;
  const channel = random.pick([WEB, WEB, AMAZON]);
  const [node] = channels[channel]!.nodes as [number];
  const item = scarceItem(world, node);
  if (item === undefined) return;
  const { sku, safetyStock } = world.assortment.items[item]!;
  const free = () => world.stock.sellable[world.stock.at(node, item)]! - safetyStock;
  const beyond = random.int(2, 9);
  assertAvailable(world, channels[channel]!.source, node, item, beyond);
  let known = false;
  const orders = Math.max(0, free()) + beyond;
  for (let i = 0; i < orders; i++) {
    world.at(world.now() + random.between(1, 32) * MINUTE, () => {
      const short = free() < 1;
      const order = place(world, channel, node, [{ item, quantity: 1 }]);
      if (!short || known) return;
      known = true;
      const details = { channel: channels[channel]!.id, order: order.id, units: beyond };
      const at = world.now();
      world.truth({ kind: 'oversell', at, detectableAt: at, subject: `${sku}|${nodes[node]!.id}`, details });
    });
  }
}

/** The best-selling SKU of the node that has few units left. */
function scarceItem(world: World, node: number): number | undefined {
  const { stock, assortment } = world;
  const few = (most: number) =>
    assortment.byRank.find((item) => {
      const free = stock.sellable[stock.at(node, item)]! - assortment.items[item]!.safetyStock;
      const cell = stock.at(node, item);
      return stock.carried[cell] === 1 && free >= 1 && free <= most && !world.waiting.has(cell);
    });
  return few(8) ?? few(20);
}

/** Somebody with many followers shows one product. */
function surge(world: World): void {
  const random = world.random.faults;
  const item = world.demand.sample(WEB, random);
  const until = world.now() + Math.round(random.between(25, 70) * MINUTE);
  const perHour = Math.max(8, world.demand.ordersInHour(WEB, world.channelTime[WEB]!, world.now()));
  const orders = random.poisson((perHour * random.between(1.5, 3) * (until - world.now())) / HOUR);
  const { sku } = world.assortment.items[item]!;
  const details = { channel: channels[WEB]!.id, until, extraOrdersWanted: orders };
  world.truth({ kind: 'order-surge', at: world.now(), detectableAt: world.now() + 5 * MINUTE, subject: sku, details });
  for (let i = 0; i < orders; i++) {
    world.at(random.between(world.now(), until), () => world.wantOrder(WEB, random.chance(0.6) ? item : undefined));
  }
}

function breakCheckout(world: World): void {
  const random = world.random.faults;
  const channel = random.pick([WEB, WEB, AMAZON]);
  const at = world.now();
  const until = at + Math.round(random.between(20, 75) * MINUTE);
  world.closedCheckouts = world.closedCheckouts.filter((one) => one.until > at);
  world.closedCheckouts.push({ channel, from: at, until });
  const subject = channels[channel]!.id;
  world.truth({ kind: 'checkout-broken', at, detectableAt: at + 10 * MINUTE, subject, details: { until } });
}

/** A channel keeps stating a number that is off, until somebody syncs it. */
function driftApart(world: World): void {
  const random = world.random.faults;
  const channel = random.pick([WEB, AMAZON]);
  const node = random.pick(channels[channel]!.nodes);
  const item = world.demand.sample(channel, random);
  if (world.stock.carried[world.stock.at(node, item)] === 0) return;
  const drift = random.pick([-1, 1]) * random.int(3, 25);
  const until = world.now() + Math.round(random.between(2, 8) * HOUR);
  const subject = `${world.assortment.items[item]!.sku}|${nodes[node]!.id}`;
  const { id, source } = channels[channel]!;
  world.truth({
    kind: 'channel-drift',
    at: world.now(),
    detectableAt: world.now(),
    subject,
    details: { channel: id, drift, until },
  });
  for (let at = world.now(); at < until; at += 20 * MINUTE)
    world.at(at, () => assertAvailable(world, source, node, item, drift));
  world.at(until, () => assertAvailable(world, source, node, item, 0));
}

/** A bin with stock in it, more often one of a fast mover. */
function binWithStock(world: World): { node: number; item: number; cell: number } | undefined {
  const random = world.random.faults;
  for (let tries = 0; tries < 20; tries++) {
    const node = random.pick([0, 0, 1, 1, 2, 3, 3]);
    const item = world.demand.sample(WEB, random);
    const cell = world.stock.at(node, item);
    if (world.stock.carried[cell] === 1 && world.stock.sellable[cell]! >= 3 && world.stock.gap(cell) === 0)
      return { node, item, cell };
  }
  return undefined;
}

/** Units vanish and nobody writes it down until the bin is counted. */
function shrink(world: World): void {
  const bin = binWithStock(world);
  if (bin === undefined) return;
  const random = world.random.faults;
  const there = world.stock.shelf[bin.cell]!;
  // A few units walk away, or the whole bin was put somewhere else.
  const units = Math.min(there, random.chance(0.25) ? random.int(8, BIN_UNITS_MAX) : random.int(1, 7));
  world.stock.shelf[bin.cell]! -= units;
  const found = world.nodeTime[bin.node]!.nextOpen(world.now() + random.between(4, 96) * HOUR, nodes[bin.node]!);
  const detectableAt = Math.round(found + random.between(0, 2) * HOUR);
  const subject = `${world.assortment.items[bin.item]!.sku}|${nodes[bin.node]!.id}`;
  world.truth({ kind: 'shrinkage', at: world.now(), detectableAt, subject, details: { units } });
  world.at(detectableAt, () => countBin(world, bin.node, bin.item, 'suspicion'));
}

/** Somebody counts wrong, and a recount puts it right a day or two later. */
function miscount(world: World): void {
  const bin = binWithStock(world);
  if (bin === undefined) return;
  const random = world.random.faults;
  const error = random.pick([-1, 1]) * random.int(1, 12);
  const at = world.nodeTime[bin.node]!.nextOpen(world.now(), nodes[bin.node]!);
  const recount = world.nodeTime[bin.node]!.nextOpen(at + random.between(16, 50) * HOUR, nodes[bin.node]!);
  const subject = `${world.assortment.items[bin.item]!.sku}|${nodes[bin.node]!.id}`;
  world.truth({ kind: 'miscount', at: Math.round(at), detectableAt: Math.round(recount), subject, details: { error } });
  world.at(at, () => countBin(world, bin.node, bin.item, 'routine', error));
  world.at(recount, () => countBin(world, bin.node, bin.item, 'recount'));
}

/** A script of the warehouse changes what is promised without telling for whom, and takes it back some hours later. */
function leak(world: World): void {
  const bin = binWithStock(world);
  if (bin === undefined) return;
  const random = world.random.faults;
  const units = random.pick([-1, 1]) * random.int(1, 4);
  const { source, id: node } = nodes[bin.node]!;
  const { sku } = world.assortment.items[bin.item]!;
  const at = world.now();
  const adjust = (quantity: number, reason: string) =>
    world.emit(source, 'stock.adjusted', world.now(), { sku, node, bucket: 'allocated', quantity, reason });
  adjust(units, 'nightly clean-up of picks');
  world.truth({ kind: 'reservation-leak', at, detectableAt: at, subject: `${sku}|${node}`, details: { units } });
  world.at(at + random.between(2, 12) * HOUR, () => adjust(-units, 'clean-up of picks taken back'));
}

function damage(world: World): void {
  const bin = binWithStock(world);
  if (bin === undefined) return;
  const random = world.random.faults;
  const quantity = random.int(1, Math.min(5, world.stock.sellable[bin.cell]!));
  const reason = random.pick([
    'dropped in the aisle',
    'crushed by forklift',
    'water under the roof',
    'torn packaging',
    'chipped',
  ]);
  const { source, id: node } = nodes[bin.node]!;
  const { sku } = world.assortment.items[bin.item]!;
  world.stock.takeAway(bin.cell, quantity);
  world.stock.aside[bin.cell]! += quantity;
  world.emit(source, 'stock.condition-changed', world.now(), {
    sku,
    node,
    quantity,
    from: 'sellable',
    to: 'damaged',
    reason,
  });
  const at = world.now();
  world.truth({
    kind: 'damage',
    at,
    detectableAt: at,
    subject: `${sku}|${node}`,
    details: { units: quantity, reason },
  });
  world.at(at + random.between(2, 6) * DAY, () => {
    world.stock.aside[bin.cell]! -= quantity;
    const data = { sku, node, quantity, from: 'damaged', to: 'loss', reason: 'written off' } as const;
    world.emit(source, 'stock.condition-changed', world.now(), data);
  });
}

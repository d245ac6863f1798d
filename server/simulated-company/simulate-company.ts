/** Harbor & Pine put together: a pure model that turns a seed into all the events of a company, in time order. */
import { startAssertions } from './assertions.ts';
import { channels, nodes } from './company.ts';
import { countBin, planRoutineCounts } from './counting.ts';
import { planFaults } from './faults.ts';
import { DAY, HOUR } from './local-time.ts';
import { openCompany } from './opening.ts';
import { planHour, receiveOrder } from './orders.ts';
import type { Delivery } from './outbox.ts';
import { reviewNode } from './replenishment.ts';
import { considerReturn, planEarlierReturns } from './returns.ts';
import { serveWaiting } from './waiting-lines.ts';
import { type CompanyOptions, createWorld, type World } from './world.ts';

/** Part of every saved position: another version sends other events under the same ids. */
export const MODEL_VERSION = 5;
const REVIEW_HOUR = 19;

/**
 * All deliveries of the company from `from` on, without end. The same options give the same bytes; a duplicate is the
 * same event delivered again. `deliverAt` (epoch ms) never falls from one delivery to the next.
 */
export function* simulateCompany(options: CompanyOptions): Generator<Delivery, never> {
  const { nextDelivery } = startCompany(options);
  for (;;) yield nextDelivery();
}

/** The same, with the books of the company open: tests compare them with what the events say. */
export function startCompany(options: CompanyOptions): { world: World; nextDelivery: () => Delivery } {
  const company = createWorld(options);
  const { world } = company;
  world.delivered = (order) => considerReturn(world, order);
  world.countBin = (node, item) => countBin(world, node, item, 'pick-failure');
  world.freed = (cell) => serveWaiting(world, cell);
  world.wantOrder = (channel, item) => receiveOrder(world, channel, item);
  world.demand.startDay(world.from);
  openCompany(world);
  startAssertions(world);
  world.at(world.from + 1, () => startDay(world));
  world.at(world.from + 1, () => startHour(world, world.from));
  return company;
}

function startDay(world: World): void {
  const dayStart = world.now();
  world.demand.startDay(dayStart);
  planFaults(world);
  planEarlierReturns(world, dayStart);
  planRoutineCounts(world, dayStart);
  for (const node of nodes.keys()) {
    const time = world.nodeTime[node]!;
    const evening = time.instantOf(time.partsOf(dayStart).day, REVIEW_HOUR * HOUR);
    world.at(evening > dayStart ? evening : evening + DAY, () => reviewNode(world, node));
  }
  world.at(dayStart + DAY, () => startDay(world));
}

function startHour(world: World, at: number): void {
  for (const channel of channels.keys()) planHour(world, channel, at);
  world.at(at + HOUR, () => startHour(world, at + HOUR));
}

/** Everything the parts of the simulated company share: its clock, its stock, its people and its way to speak. */
import { type Assortment, makeAssortment } from './assortment.ts';
import { channels, nodes } from './company.ts';
import { createDemand, type Demand } from './demand.ts';
import { type FaultLevel, faultFactor, type Truth } from './ground-truth.ts';
import { type LocalTime, localTimeOf } from './local-time.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { hashOf, type Random, randomOf } from './random.ts';
import { createStock, type Stock } from './stock.ts';
import { createTimetable } from './timetable.ts';

export type CompanyOptions = {
  seed: number;
  /** Epoch ms of the first event; rounded down to the hour, because demand is drawn by the hour. */
  from: number;
  /** Orders on an average day of the year. */
  ordersPerDay: number;
  faults: FaultLevel;
  /** Hears of everything that really happens, in the order in which it is decided. */
  onTruth?: (entry: Truth) => void;
};

export type Line = {
  line: string;
  item: number;
  quantity: number;
  unitPrice: number;
  /** False while the line waits for stock. */
  allocated: boolean;
  picked: number;
};
export type Order = {
  id: string;
  channel: number;
  node: number;
  placedAt: number;
  shipBy: number;
  lines: Line[];
  held: boolean;
  state: 'open' | 'picked' | 'gone' | 'cancelled';
};

/** The hands of one node: when they are free, and the hours in which something slows them down. */
export type Crew = {
  linesPerHour: number;
  freeAt: number;
  slow: { from: number; until: number; factor: number }[];
};

export type World = {
  options: CompanyOptions;
  from: number;
  now: () => number;
  /** Plans work at a time, not before now. */
  at: (time: number, run: () => void) => void;
  emit: Outbox['emit'];
  outbox: Outbox;
  truth: (entry: Truth) => void;
  assortment: Assortment;
  demand: Demand;
  stock: Stock;
  crews: Crew[];
  nodeTime: LocalTime[];
  channelTime: LocalTime[];
  /** Lines that were accepted beyond the stock, per stock cell, oldest first. */
  waiting: Map<number, { order: Order; line: Line }[]>;
  random: { business: Random; operations: Random; faults: Random; supply: Random };
  /** The next number of a named series, from 1. */
  count: (series: string) => number;
  /** What other parts do when something happened here; set where the company is put together. */
  delivered: (order: Order) => void;
  countBin: (node: number, item: number) => void;
  /** The sellable record of a cell has grown: whoever waits for it may have it. */
  freed: (cell: number) => void;
  wantOrder: (channel: number, item?: number) => void;
  /** Times in which a channel takes no orders, because its checkout is broken. */
  closedCheckouts: { channel: number; from: number; until: number }[];
};

export function createWorld(options: CompanyOptions) {
  const { seed, ordersPerDay, faults } = options;
  const from = Math.floor(options.from / 3_600_000) * 3_600_000;
  const factor = faultFactor(faults);
  const truth = options.onTruth ?? (() => {});
  const tag = hashOf(`${seed}/${from}/${ordersPerDay}/${faults}`)().toString(36).padStart(7, '0');
  const tasks = createTimetable<() => void>();
  const streams = { all: randomOf(seed, 'sending'), supply: randomOf(seed, 'supply') };
  const outbox = createOutbox(tag, streams, factor, truth);
  const assortment = makeAssortment(randomOf(seed, 'assortment'));
  const stock = createStock(assortment.items.length);
  const demand = createDemand(assortment, ordersPerDay, stock, randomOf(seed, 'promotions'), truth);
  const series = new Map<string, number>();
  let now = from;

  const world: World = {
    options,
    from,
    now: () => now,
    at: (time, run) => tasks.add(Math.max(now, Math.round(time)), run),
    emit: outbox.emit,
    outbox,
    truth,
    assortment,
    demand,
    stock,
    crews: nodes.map(() => ({ linesPerHour: 60, freeAt: from, slow: [] })),
    nodeTime: nodes.map((node) => localTimeOf(node.timeZone)),
    channelTime: channels.map((channel) => localTimeOf(channel.timeZone)),
    waiting: new Map(),
    random: {
      business: randomOf(seed, 'business'),
      operations: randomOf(seed, 'operations'),
      faults: randomOf(seed, 'faults'),
      supply: randomOf(seed, 'suppliers'),
    },
    count(name) {
      const next = (series.get(name) ?? 0) + 1;
      series.set(name, next);
      return next;
    },
    delivered: () => {},
    countBin: () => {},
    freed: () => {},
    wantOrder: () => {},
    closedCheckouts: [],
  };

  /** The next delivery in time order. Work before it is done first, because it may send something earlier. */
  function nextDelivery() {
    while (tasks.nextAt() < outbox.nextAt()) {
      const { at, item } = tasks.take();
      now = at;
      item();
    }
    return outbox.take();
  }
  return { world, nextDelivery };
}

/**
 * Random histories of a small company that make sense most of the time: producers that tell of orders, shipments, stock
 * and master data, with a little nonsense in between. Every kind of event is an entry of a table in random-events.ts.
 */
import type { Random } from '../../server/simulated-company/random.ts';
import type { EventType } from '../../streams/events/index.ts';
import { type Company, channels, nodes, skus } from './random-company.ts';
import type { Said } from './random-entries.ts';
import { entries } from './random-events.ts';

/** An event as its producer writes it, `after` ms after the one before. */
export type Written = {
  after: number;
  source: string;
  event: {
    specversion: '1.0';
    id: string;
    source: string;
    type: EventType;
    time: string;
    corrects?: string;
    data: unknown;
  };
};

export type HistoryShape = {
  events: number;
  /** Epoch ms at which it begins. */
  from: number;
  /** Mean milliseconds between two events. */
  paceMs: number;
  /** Share of events whose producer's clock or connection is off, so that their time is not that of their sending. */
  lateShare: number;
  /** Kinds of events left out, by their type. */
  without?: readonly EventType[];
};

/** Seeds differ in what happens in them: a kind that is left out lets others meet more often. */
const KINDS_LEFT_OUT_SHARE = 0.25;

export function randomHistory(random: Random, shape: HistoryShape): Written[] {
  const series = new Map<string, number>();
  const company: Company = {
    random,
    now: shape.from,
    orders: [],
    underWay: new Map(),
    said: [],
    next(name) {
      const number = (series.get(name) ?? 0) + 1;
      series.set(name, number);
      return number;
    },
  };
  const chosen = entries.filter(
    ({ type, always }) =>
      !(shape.without ?? []).includes(type) && (always === true || !random.chance(KINDS_LEFT_OUT_SHARE)),
  );
  const totals = new Float64Array(chosen.length);
  chosen.forEach((entry, index) => {
    totals[index] = (totals[index - 1] ?? 0) + entry.weight;
  });
  const history: Written[] = [];
  const write = (said: Said, after: number) => {
    company.now += after;
    const off = random.chance(shape.lateShare) ? lagOf(random) : 0;
    const id = `${said.source}-${company.next(`event of ${said.source}`)}`;
    const { source, type, data, corrects } = said;
    const time = new Date(company.now - off).toISOString();
    const named = corrects === undefined ? {} : { corrects };
    history.push({ after, source, event: { specversion: '1.0', id, source, type, time, ...named, data } });
    company.said.push({ source, id, type });
  };
  for (const said of opening(random)) write(said, 1);
  while (history.length < shape.events) {
    const said = chosen[random.weighted(totals)]!.say(company);
    if (said !== undefined) write(said, random.exponential(shape.paceMs));
  }
  return history;
}

/** Mostly minutes, at times hours or more than a day; now and then a clock that runs ahead. */
function lagOf(random: Random): number {
  if (random.chance(0.2)) return -random.int(1_000, 90 * 60_000);
  if (random.chance(0.15)) return random.int(20, 40) * 3_600_000;
  return random.int(1_000, random.chance(0.5) ? 600_000 : 5 * 3_600_000);
}

function opening(random: Random): Said[] {
  return [
    {
      source: 'erp',
      type: 'workspace.configured',
      data: {
        name: 'Test',
        currency: 'EUR',
        timeZone: random.pick(['Europe/Berlin', 'UTC', 'America/New_York']),
        mode: random.chance(0.85) ? 'decide' : 'advise',
      },
    },
    ...channels.map(
      (channel): Said => ({
        source: 'erp',
        type: 'channel.defined',
        data: { channel, name: channel, kind: 'web', nodes: random.chance(0.8) ? [...nodes] : ['north'], penalty: 500 },
      }),
    ),
    ...skus.map(
      (sku): Said => ({
        source: 'erp',
        type: 'item.defined',
        data: {
          sku,
          name: sku,
          unitCost: 300,
          unitPrice: 900,
          safetyStock: random.int(0, 2),
          abc: 'A',
          units: [{ unit: 'case', factor: 6 }],
        },
      }),
    ),
    ...skus.map(
      (sku): Said => ({
        source: 'wms',
        type: 'stock.received',
        data: { sku, node: random.pick(nodes), quantity: random.int(1, 40) },
      }),
    ),
  ];
}

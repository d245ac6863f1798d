/** What an entry of a random history is, and what entries share: an order to speak of, a node, things under way. */
import type { EventType } from '../../streams/events/index.ts';
import { type Company, type KnownLine, type KnownOrder, nodes, skus } from './random-company.ts';

export type Said = { source: string; type: EventType; data: unknown; corrects?: string };
export type Entry = {
  type: EventType;
  weight: number;
  /** Without it the others have nothing to speak of. */
  always?: boolean;
  /** Undefined when there is nothing to say at the moment. */
  say(company: Company): Said | undefined;
};

/** Share of children that name an order nobody has placed yet, or a line that it does not have. */
export const NONSENSE_SHARE = 0.04;
export const warehouseOf = (node: string) => (node === 'north' ? 'wms' : 'wms-south');

export function anOrder({ random, orders }: Company): KnownOrder | undefined {
  if (orders.length === 0) return undefined;
  // Mostly a young one: old ones have nothing left.
  const back = Math.min(orders.length - 1, Math.floor(random.exponential(4)));
  return orders[orders.length - 1 - back];
}

export function someLines({ random }: Company, order: KnownOrder, unitsOf: (line: KnownLine) => number) {
  const lines = order.lines.filter(() => random.chance(0.8));
  return lines
    .map((line) => ({ line: random.chance(NONSENSE_SHARE) ? 'x' : line.line, quantity: unitsOf(line) }))
    .filter(({ quantity }) => quantity > 0);
}

export const ofOrder =
  (
    type: EventType,
    source: (company: Company, order: KnownOrder) => string,
    say: (company: Company, order: KnownOrder) => object | undefined,
  ): Entry['say'] =>
  (company) => {
    const order = anOrder(company);
    if (order === undefined) return undefined;
    const data = say(company, order);
    if (data === undefined) return undefined;
    const named = company.random.chance(NONSENSE_SHARE) ? `o${company.random.int(1, 60)}` : order.order;
    return { source: source(company, order), type, data: { order: named, ...data } };
  };

export function addUnderWay(company: Company, kind: string, one: Record<string, unknown>): void {
  const known = company.underWay.get(kind) ?? [];
  known.push(one);
  company.underWay.set(kind, known);
}

/** Something that was begun; with the given chance it is done with afterwards. */
export function takeUnderWay(company: Company, kind: string, ends = 0): Record<string, unknown> | undefined {
  const known = company.underWay.get(kind) ?? [];
  if (known.length === 0) return undefined;
  const one = company.random.pick(known);
  if (company.random.chance(ends))
    company.underWay.set(
      kind,
      known.filter((other) => other !== one),
    );
  return one;
}

export const atNode = ({ random }: Company) => {
  const node = random.pick(nodes);
  return { node, source: warehouseOf(node), sku: random.pick(skus) };
};

export const stockEntry = (type: EventType, weight: number, data: (company: Company) => object): Entry => ({
  type,
  weight,
  say(company) {
    const { node, sku, source } = atNode(company);
    return { source, type, data: { sku, node, ...data(company) } };
  },
});

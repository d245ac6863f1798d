/** How a node can ship to one customer: which of its carriers and zones fit, and what that costs and takes. */
import type { Node } from '../operations/states.ts';

/** Minor units of the workspace's currency. */
export type ShippingTerms = { costPerShipment: number; costPerUnit: number; transitMs: number };
export type Destination = { country: string; carrier: string };

const DAY_MS = 86_400_000;
/** Terms worked out before, per node as it is defined now: orders of one country and carrier share them. */
const known = new WeakMap<Node, Map<string, ShippingTerms | null>>();

/**
 * @param units of the whole order: parcels larger than a carrier takes are not given to it
 * @returns null when the node cannot ship there
 */
export function shippingTerms(node: Node, { country, carrier }: Destination, units: number): ShippingTerms | null {
  const limited = node.carriers?.some(({ unitsMax }) => unitsMax !== undefined) === true;
  if (limited) return termsOf(node, country, carrier, units);
  let terms = known.get(node);
  if (terms === undefined) {
    terms = new Map();
    known.set(node, terms);
  }
  const key = `${country}|${carrier}`;
  const found = terms.get(key);
  if (found !== undefined) return found;
  const made = termsOf(node, country, carrier, units);
  terms.set(key, made);
  return made;
}

function termsOf(node: Node, country: string, wanted: string, units: number): ShippingTerms | null {
  const zone = node.zones?.find(({ countries }) => countries.includes(country));
  // Without a country nobody can say that it does not go there.
  if (node.zones !== undefined && node.zones.length > 0 && zone === undefined && country !== '') return null;
  const costs: (number | undefined)[] = [];
  if (node.carriers !== undefined && node.carriers.length > 0) {
    const fitting = node.carriers.filter(
      ({ carrier, countries, unitsMax }) =>
        (wanted === '' || carrier === wanted) &&
        (countries === undefined || country === '' || countries.includes(country)) &&
        (unitsMax === undefined || units <= unitsMax),
    );
    if (fitting.length === 0) return null;
    costs.push(cheapest(fitting.map(({ costPerShipment }) => costPerShipment)));
  }
  return {
    costPerShipment: costs[0] ?? zone?.costPerShipment ?? node.costPerShipment ?? 0,
    costPerUnit: node.costPerUnit ?? 0,
    transitMs: (zone?.transitDays ?? 0) * DAY_MS,
  };
}

function cheapest(costs: (number | undefined)[]): number | undefined {
  const told = costs.filter((cost) => cost !== undefined);
  return told.length === 0 ? undefined : Math.min(...told);
}

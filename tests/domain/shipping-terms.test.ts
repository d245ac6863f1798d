import { expect, test } from 'vitest';
import { nodeEvents } from '../../streams/events/nodes.ts';
import type { Node } from '../../streams/operations/states.ts';
import { shippingTerms } from '../../streams/policies/shipping-terms.ts';

const DAY_MS = 86_400_000;
const nodeOf = (more: object): Node => {
  const data = nodeEvents['node.defined'].parse({ node: 'north', name: 'North', kind: 'warehouse', ...more });
  return { ...data, definedAt: 0, version: 1 };
};
const to = (country: string, carrier = '') => ({ country, carrier });

test('the cheapest carrier that fits gives the price, else the zone, else the node', () => {
  const zones = [{ zone: 'near', countries: ['DE', 'FR'], costPerShipment: 500, transitDays: 2 }];
  const carriers = [
    { carrier: 'dear', costPerShipment: 900 },
    { carrier: 'cheap', costPerShipment: 300, countries: ['DE'] },
    { carrier: 'unpriced', countries: ['FR'] },
  ];
  const node = nodeOf({ zones, carriers, costPerShipment: 700, costPerUnit: 5 });
  const transitMs = 2 * DAY_MS;
  expect(shippingTerms(node, to('DE'), 1)).toEqual({ costPerShipment: 300, costPerUnit: 5, transitMs });
  expect(shippingTerms(node, to('DE', 'dear'), 1)!.costPerShipment).toBe(900);
  expect(shippingTerms(node, to('FR'), 1)!.costPerShipment).toBe(900);
  expect(shippingTerms(node, to('FR', 'unpriced'), 1)!.costPerShipment).toBe(500);
  expect(shippingTerms(nodeOf({ zones }), to('FR'), 1)!.costPerShipment).toBe(500);
  expect(shippingTerms(nodeOf({ costPerShipment: 700 }), to('FR'), 1)!.costPerShipment).toBe(700);
});

test('where no zone or no carrier fits, the node does not ship; without a country nobody can say so', () => {
  const zoned = nodeOf({ zones: [{ zone: 'near', countries: ['DE'] }] });
  expect(shippingTerms(zoned, to('US'), 1)).toBeNull();
  expect(shippingTerms(zoned, to(''), 1)).not.toBeNull();
  const carried = nodeOf({ carriers: [{ carrier: 'DHL', countries: ['DE'] }] });
  expect(shippingTerms(carried, to('US'), 1)).toBeNull();
  expect(shippingTerms(carried, to('DE', 'UPS'), 1)).toBeNull();
  expect(shippingTerms(carried, to('', 'DHL'), 1)).not.toBeNull();
  expect(shippingTerms(nodeOf({ carriers: [], zones: [] }), to('US'), 1)).not.toBeNull();
});

test('a carrier takes parcels up to its size and none beyond, whatever was asked before', () => {
  const carriers = [
    { carrier: 'small', unitsMax: 3, costPerShipment: 100 },
    { carrier: 'large', costPerShipment: 800 },
  ];
  const node = nodeOf({ carriers });
  const costs = [3, 4, 3].map((units) => shippingTerms(node, to('DE'), units)!.costPerShipment);
  expect(costs).toEqual([100, 800, 100]);
});

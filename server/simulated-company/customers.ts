/** Who orders, and under which number each channel knows the order. */
import { AMAZON, STORE, WEB, WHOLESALE } from './company.ts';
import type { World } from './world.ts';

const wholesaleCustomers = [
  'Fieldstone Mercantile',
  'The Gray Barn',
  'Larkspur & Co.',
  'Old Mill Home',
  'Harvest House',
  'Cobblestone Living',
  'Pine Street Provisions',
  'Wren & Thistle',
  'North Shore Interiors',
  'Hearth Supply',
  'Bluebird General Store',
  'Tern Cottage',
  'Summit Outfitters',
  'Marigold Home',
  'Stonewall Trading',
  'Ridgeline Hotels',
  'Captain Daniel Inn',
  'Loom & Ladder',
];

export function orderId(world: World, channel: number): string {
  const number = world.count(`order ${channel}`);
  if (channel === WEB) return `HP${500_000 + number}`;
  if (channel === AMAZON) {
    const digits = String(number * 7_919 + 3_000_000).padStart(7, '0');
    return `11${1 + (number % 4)}-${digits.slice(-7)}-${String(1_000_000 + number)}`;
  }
  return channel === WHOLESALE ? `EDI-${80_000 + number}` : `PDX-${200_000 + number}`;
}

export function customerOf(world: World, channel: number): { customer?: string; segment: string; priority?: number } {
  const random = world.random.business;
  if (channel === WHOLESALE) return { customer: random.pick(wholesaleCustomers), segment: 'trade', priority: 7 };
  if (channel === STORE) return { segment: 'walk-in' };
  const customer = `C-${random.int(10_000, 99_999)}`;
  if (channel === AMAZON) return { customer, segment: random.chance(0.7) ? 'prime' : 'standard' };
  const drawn = random.next();
  return drawn < 0.06
    ? { customer, segment: 'vip', priority: 8 }
    : { customer, segment: drawn < 0.5 ? 'returning' : 'new' };
}

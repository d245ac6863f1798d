/** Inbound: what is expected of a SKU, from suppliers and from other nodes, until it has arrived. */
import { type Draft, Refused } from '../draft.ts';
import { ids } from '../states.ts';
import type { Inbound, InboundEntry } from './inbound-state.ts';

/** Receipts expected of one SKU at a time. A company that needs more splits orders finer than anybody can plan with. */
export const INBOUND_PER_SKU_MAX = 500;

/**
 * States what is still to come under one reference at one node; said again, the newer statement replaces the older.
 * @param entry `quantity` is what has not arrived yet; zero takes the entry away
 * @throws Refused when more receipts are open for the SKU than can be kept
 */
export function expectInbound(draft: Draft, sku: string, entry: InboundEntry): void {
  const known = draft.get('inbound', sku)?.entries ?? [];
  const others = known.filter((other) => other.ref !== entry.ref || other.node !== entry.node);
  if (entry.quantity > 0 && others.length >= INBOUND_PER_SKU_MAX) {
    throw new Refused(`${INBOUND_PER_SKU_MAX} receipts of ${sku} are expected already`);
  }
  if (entry.quantity <= 0 && others.length === known.length) return;
  store(draft, sku, entry.node, entry.quantity > 0 ? [...others, entry].sort(bySoonest) : others);
}

/** Everything expected of a SKU, soonest first. */
export const inboundOf = (draft: Draft, sku: string): InboundEntry[] => draft.get('inbound', sku)?.entries ?? [];

function store(draft: Draft, sku: string, node: string, entries: InboundEntry[]): void {
  const inbound: Inbound = { sku, entries };
  draft.put('inbound', sku, inbound);
  // A changed receipt changes what is promised and when the node runs out.
  draft.touch('stock', ids.stock(sku, node));
  draft.touch('ledger', sku);
}

const bySoonest = (a: InboundEntry, b: InboundEntry): number =>
  a.expectedAt - b.expectedAt || (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0) || (a.node < b.node ? -1 : 1);

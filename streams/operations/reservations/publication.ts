/** Publication: after an event, channels whose ATP has changed enough are told, with a version that only grows. */
import type { EventOf } from '../../events/index.ts';
import { type KeptAtNode, nodeAtp } from '../../policies/available-to-promise.ts';
import { type PublicationRule, tellNow } from '../../policies/publication.ts';
import { type Draft, Refused } from '../draft.ts';
import { appendEntry } from '../paged-log.ts';
import { policyOf } from '../policy.ts';
import { type Channel, ids } from '../states.ts';
import { keptAt } from './availability.ts';
import type { Availability } from './availability-state.ts';

/** Looks at the SKUs whose stock or queue the event at hand has touched. Costs nothing where no channel is told anything. */
export function publish(draft: Draft, when: number): void {
  const { channels } = policyOf(draft, 'publication');
  if (channels.length === 0) return;
  for (const [sku, nodes] of touchedSkus(draft)) {
    for (const rule of channels) {
      const channel = draft.get('channel', rule.channel);
      const concerned = nodes === 'all' || (channel?.nodes.some((node) => nodes.has(node)) ?? false);
      if (channel !== undefined && concerned) tell(draft, rule, channel, sku, when);
    }
  }
}

function touchedSkus(draft: Draft): Map<string, Set<string> | 'all'> {
  const touched = new Map<string, Set<string> | 'all'>();
  for (const sku of draft.touched.get('ledger') ?? []) touched.set(sku, 'all');
  for (const id of draft.touched.get('stock') ?? []) {
    const [sku, node] = id.split('|') as [string, string];
    const nodes = touched.get(sku);
    if (nodes === undefined) touched.set(sku, new Set([node]));
    else if (nodes !== 'all') nodes.add(node);
  }
  return touched;
}

function tell(draft: Draft, rule: PublicationRule, channel: Channel, sku: string, when: number): void {
  const id = ids.availability(sku, channel.channel);
  const known = draft.get('availability', id);
  const atp = channelAtp(draft, channel, sku, when);
  const units = tellNow(known?.published ?? null, atp, rule);
  // A channel that was told nothing shows nothing; only who asks is told that there is none.
  const asked = draft.event?.type === 'availability.requested';
  if (units === null || (known === undefined && units === 0 && !asked)) return;
  const version = appendEntry(draft, 'availability', id, draft.event?.source ?? '', when);
  const told: Availability = { sku, channel: channel.channel, published: units, atp, version, at: when };
  draft.put('availability', id, told, known);
  draft.decision({
    policy: 'publication',
    at: when,
    order: '',
    line: '',
    sku,
    node: '',
    outcome: `${channel.channel}: ${known?.published ?? 'nothing'} -> ${units}`,
    inputs: { channel: channel.channel, told: known?.published ?? null, atp, version },
  });
}

/** ATP of a SKU for a channel: the sum of its waterfall, without making one. */
export function channelAtp(draft: Draft, channel: Channel, sku: string, at: number): number {
  const item = draft.get('item', sku);
  let atp = -channel.buffer - (draft.get('ledger', sku)?.waitingUnits ?? 0);
  for (const node of channel.nodes) {
    const stock = draft.get('stock', ids.stock(sku, node));
    if (stock === undefined) continue;
    atp += nodeAtp(stock, item);
    for (const { quantity } of keptAt(draft, customerOf(channel, at), stock, item)) atp -= quantity;
  }
  return atp;
}

/** Any customer of a channel: of no segment and no service that is entitled to more. */
export const customerOf = (channel: Channel, at: number) => ({
  channel: channel.channel,
  segment: '',
  service: '',
  marginShare: null,
  at,
});

/** What the nodes of a channel keep from its customers, for the waterfall. */
export const keptFromChannel = (draft: Draft, channel: Channel, sku: string, at: number): KeptAtNode[] =>
  channel.nodes.flatMap((node) => {
    const stock = draft.get('stock', ids.stock(sku, node));
    if (stock === undefined) return [];
    return [{ node, kept: keptAt(draft, customerOf(channel, at), stock, draft.get('item', sku)) }];
  });

/** Somebody wants to know where a channel stands: its SKUs are looked at again, and told where they have changed. */
export function availabilityRequested(draft: Draft, event: EventOf<'availability.requested'>): void {
  const { channel, skus } = event.data;
  const told = policyOf(draft, 'publication').channels.some((rule) => rule.channel === channel);
  if (!told) throw new Refused(`the publication policy tells channel ${channel} nothing`);
  for (const sku of skus) draft.touch('ledger', sku);
}

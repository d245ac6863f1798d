/** Master data: items, nodes, channels and the workspace. The newest definition wins, whatever the order of arrival. */
import type { EventOf } from '../events/index.ts';
import { nodeAtp } from '../policies/available-to-promise.ts';
import { type Draft, Refused } from './draft.ts';
import { nowKnown } from './sources/unknown-values.ts';
import { type Item, ids, type Workspace } from './states.ts';
import { standardCostChanged } from './stock/costing.ts';
import { hasMoved } from './stock/stock.ts';

export const unconfigured: Workspace = {
  name: 'New workspace',
  currency: 'EUR',
  timeZone: 'UTC',
  simulated: false,
  mode: 'decide',
  definedAt: 0,
  version: 0,
  watermark: 0,
};

/** Versions count the definitions that took effect. */
export const versionAfter = (known: { version: number } | undefined): number => (known?.version ?? 0) + 1;

export const workspaceOf = (draft: Draft): Workspace => draft.get('workspace', ids.workspace) ?? unconfigured;

export function workspaceConfigured(draft: Draft, event: EventOf<'workspace.configured'>): void {
  const known = workspaceOf(draft);
  if (event.occurredAt < known.definedAt) return;
  draft.put('workspace', ids.workspace, {
    ...known,
    ...event.data,
    definedAt: event.occurredAt,
    version: known.version + 1,
  });
}

/** A changed cost or safety stock re-values what is on hand and re-judges what can be promised, at every node. */
export function itemDefined(draft: Draft, event: EventOf<'item.defined'>): void {
  const { sku } = event.data;
  const before = draft.get('item', sku);
  if (before !== undefined && event.occurredAt < before.definedAt) return;
  const after: Item = {
    ...before,
    ...event.data,
    definedAt: event.occurredAt,
    version: versionAfter(before),
  };
  for (const node of draft.get('ledger', sku)?.nodes ?? []) {
    const stock = draft.get('stock', ids.stock(sku, node));
    const totals = draft.get('totals', node);
    if (stock === undefined || totals === undefined) continue;
    const [left, leftBefore] = [nodeAtp(stock, after), nodeAtp(stock, before)];
    if (hasMoved(stock) && left !== leftBefore) {
      const shortRecords = totals.shortRecords + Number(left <= 0) - Number(leftBefore <= 0);
      draft.put('totals', node, { ...totals, shortRecords, atp: totals.atp + left - leftBefore });
    }
    draft.touch('stock', ids.stock(sku, node));
  }
  draft.put('item', sku, after);
  standardCostChanged(draft, sku, before?.unitCost, after.unitCost, event.occurredAt);
  if (before === undefined) nowKnown(draft, 'item', sku);
}

export function nodeDefined(draft: Draft, event: EventOf<'node.defined'>): void {
  const known = draft.get('node', event.data.node);
  if (known !== undefined && event.occurredAt < known.definedAt) return;
  draft.put('node', event.data.node, { ...event.data, definedAt: event.occurredAt, version: versionAfter(known) });
  if (known === undefined) nowKnown(draft, 'node', event.data.node);
}

export function calendarPlanned(draft: Draft, event: EventOf<'calendar.planned'>): void {
  const known = draft.get('calendar', event.data.entry);
  if (known !== undefined && event.occurredAt < known.definedAt) return;
  if (event.data.to <= event.data.from) throw new Refused('it ends before it begins');
  const version = versionAfter(known);
  draft.put('calendar', event.data.entry, {
    ...event.data,
    definedAt: event.occurredAt,
    version,
    withdrawn: false,
  });
}

/** It is remembered that it was withdrawn: an older plan that comes late must not bring it back. */
export function calendarWithdrawn(draft: Draft, event: EventOf<'calendar.withdrawn'>): void {
  const known = draft.get('calendar', event.data.entry);
  if (known === undefined) throw new Refused(`nothing named ${event.data.entry} was planned`);
  if (event.occurredAt < known.definedAt) return;
  const version = versionAfter(known);
  draft.put('calendar', event.data.entry, { ...known, definedAt: event.occurredAt, version, withdrawn: true });
}

export function channelDefined(draft: Draft, event: EventOf<'channel.defined'>): void {
  const known = draft.get('channel', event.data.channel);
  if (known !== undefined && event.occurredAt < known.definedAt) return;
  draft.put('channel', event.data.channel, {
    ...event.data,
    definedAt: event.occurredAt,
    version: versionAfter(known),
  });
  if (known === undefined) nowKnown(draft, 'channel', event.data.channel);
}

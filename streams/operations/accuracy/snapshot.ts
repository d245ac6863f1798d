/**
 * Snapshots: believed as a whole or not at all. One that changes too much at once waits in quarantine for a person; when
 * it is approved it takes effect as of the moment it speaks of, whatever has moved since.
 */
import type { EventOf } from '../../events/index.ts';
import { doubtsAbout, type SnapshotFigures } from '../../policies/snapshot.ts';
import { type Draft, Refused } from '../draft.ts';
import { skusAt } from '../nodes/node-skus.ts';
import { policyOf } from '../policy.ts';
import { ids } from '../states.ts';
import { beyond } from './as-of.ts';
import { figureAsOf, state, treatmentOf } from './assertions.ts';
import { isDrift } from './drift.ts';
import type { Snapshot, SnapshotFeed } from './snapshot-state.ts';

/** Parts that have not come by then are taken to be lost, and a person is asked. */
export const PARTS_WITHIN_MS = 3_600_000;
export const PARTS_DEADLINE = 'snapshot-parts';
/** Beyond this, most of what a snapshot says could not be told from what moved since. */
export const APPROVED_WITHIN_MS = 48 * 3_600_000;

type SnapshotEvent = EventOf<'stock.snapshot'>;

const feedOf = (draft: Draft, { source, node, measure }: Snapshot): SnapshotFeed =>
  draft.get('snapshot-feed', ids.snapshotFeed(source, node, measure)) ?? {
    source,
    node,
    measure,
    lastSnapshot: '',
    lastAt: 0,
    lastRows: 0,
    waiting: '',
  };

const keepFeed = (draft: Draft, feed: SnapshotFeed): void =>
  draft.put('snapshot-feed', ids.snapshotFeed(feed.source, feed.node, feed.measure), feed);

/** @throws Refused when another one has the same id, or a part differs from the parts before it or lists a SKU twice */
export function snapshotStated(draft: Draft, event: SnapshotEvent): void {
  const known = draft.get('snapshot', event.data.snapshot);
  const snapshot = known === undefined ? begun(draft, event) : joined(known, event);
  const feed = feedOf(draft, snapshot);
  // One that is older than the last, or was sent again after it was settled, is in history and changes nothing.
  if (feed.lastSnapshot === snapshot.snapshot || snapshot.at < feed.lastAt) return;
  if (snapshot.treat === 'ignored') return;
  if (feed.waiting !== '' && feed.waiting !== snapshot.snapshot) {
    const waiting = draft.get('snapshot', feed.waiting)!;
    if (snapshot.at < waiting.at) return;
    settle(draft, waiting);
  }
  keepFeed(draft, { ...feed, waiting: snapshot.snapshot });
  if (snapshot.came.length < snapshot.parts) {
    if (known === undefined) {
      draft.setDeadline(snapshot.source, PARTS_DEADLINE, snapshot.snapshot, event.receivedAt + PARTS_WITHIN_MS);
    }
    keep(draft, snapshot);
    return;
  }
  if (snapshot.parts > 1) draft.clearDeadline(snapshot.source, PARTS_DEADLINE, snapshot.snapshot);
  judgeSnapshot(draft, snapshot);
}

function begun(draft: Draft, { source, data, observedAt, receivedAt }: SnapshotEvent): Snapshot {
  const { snapshot, node, measure, complete, part, parts, rows, policy } = data;
  return {
    snapshot,
    source,
    node,
    measure,
    complete,
    treat: policy ?? treatmentOf(policyOf(draft, 'assertion'), source, node, measure),
    at: observedAt,
    receivedAt,
    parts,
    came: [part],
    rows: distinct(snapshot, rows, []),
    status: 'gathering',
    doubts: [],
    figures: null,
    worth: 0,
    openExceptions: [],
  };
}

function joined(known: Snapshot, { source, data }: SnapshotEvent): Snapshot {
  const { snapshot, part, parts, node, measure, complete } = data;
  const same =
    known.source === source &&
    known.node === node &&
    known.measure === measure &&
    known.parts === parts &&
    known.complete === complete;
  if (!same)
    throw new Refused(`snapshot ${snapshot} is one of ${known.source} about ${known.measure} at ${known.node}`);
  if (known.came.includes(part)) throw new Refused(`part ${part} of snapshot ${snapshot} has come already`);
  const rows = distinct(snapshot, data.rows, known.rows);
  return { ...known, came: [...known.came, part].sort((a, b) => a - b), rows, status: 'gathering', doubts: [] };
}

function distinct(snapshot: string, rows: SnapshotEvent['data']['rows'], before: Snapshot['rows']): Snapshot['rows'] {
  const all = [...before, ...rows.map(({ sku, quantity }): [string, number] => [sku, quantity])];
  const seen = new Set<string>();
  for (const [sku] of all) {
    if (seen.has(sku)) throw new Refused(`snapshot ${snapshot} states ${sku} twice`);
    seen.add(sku);
  }
  return all.sort(([a], [b]) => (a < b ? -1 : 1));
}

function keep(draft: Draft, snapshot: Snapshot): void {
  draft.put('snapshot', snapshot.snapshot, snapshot);
  draft.touch('snapshot', snapshot.snapshot);
}

function judgeSnapshot(draft: Draft, stated: Snapshot): void {
  const snapshot = stated.complete ? withZeros(draft, stated) : stated;
  const { figures, worth } = figuresOf(draft, snapshot, stated.rows.length);
  const doubts = doubtsAbout(figures, policyOf(draft, 'snapshot'));
  if (doubts.length === 0) takeEffect(draft, snapshot, stated.rows.length);
  else keep(draft, { ...snapshot, status: 'quarantined', doubts, figures, worth });
}

function withZeros(draft: Draft, snapshot: Snapshot): Snapshot {
  const listed = new Set(snapshot.rows.map(([sku]) => sku));
  const missing = skusAt(draft, snapshot.node).filter((sku) => !listed.has(sku));
  const rows = [...snapshot.rows, ...missing.map((sku): [string, number] => [sku, 0])];
  return { ...snapshot, rows: rows.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

function figuresOf(draft: Draft, snapshot: Snapshot, rows: number): { figures: SnapshotFigures; worth: number } {
  const policy = policyOf(draft, 'assertion');
  const figures = { rows, lastRows: feedOf(draft, snapshot).lastRows, units: 0, ourUnits: 0, changed: 0, records: 0 };
  let worth = 0;
  let opening = true;
  for (const [sku, quantity] of snapshot.rows) {
    const stock = draft.get('stock', ids.stock(sku, snapshot.node));
    const range = stock === undefined ? noUnits : figureAsOf(draft, stock, snapshot.measure, snapshot.at);
    if (stock !== undefined && stock.recent.length > 0) opening = false;
    // A record that had nothing and has nothing is no evidence either way.
    if (quantity === 0 && range.low === 0 && range.high === 0) continue;
    const difference = beyond(quantity, range);
    figures.records += 1;
    figures.units += quantity;
    figures.ourUnits += quantity - difference;
    if (isDrift(difference, range.low, policy)) figures.changed += 1;
    worth += Math.abs(difference) * (draft.get('item', sku)?.unitCost ?? 0);
  }
  return { figures: { ...figures, opening }, worth };
}
const noUnits = { low: 0, high: 0 };

function takeEffect(draft: Draft, snapshot: Snapshot, rows: number): void {
  const policy = policyOf(draft, 'assertion');
  const { source, node, measure, treat, at } = snapshot;
  for (const [sku, quantity] of snapshot.rows) {
    // Nothing there and nothing known: a record is not made for that.
    if (quantity === 0 && draft.get('stock', ids.stock(sku, node)) === undefined) continue;
    state(draft, { source, sku, node, measure, quantity, at, treat }, policy);
  }
  keepFeed(draft, {
    ...feedOf(draft, snapshot),
    lastSnapshot: snapshot.snapshot,
    lastAt: at,
    lastRows: rows,
    waiting: '',
  });
  settle(draft, snapshot);
}

/** Closes what was open about it; the state itself goes once the exceptions have seen that. */
function settle(draft: Draft, snapshot: Snapshot): void {
  if (draft.get('snapshot', snapshot.snapshot) === undefined) return;
  keep(draft, { ...snapshot, rows: [], status: 'settled' });
}

/** Takes away a snapshot that is settled. Called after exceptions were judged. */
export function endSnapshot(draft: Draft, id: string): void {
  if (draft.get('snapshot', id)?.status === 'settled') draft.remove('snapshot', id);
}

export function partsDue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const snapshot = draft.get('snapshot', event.data.subject);
  if (snapshot === undefined || snapshot.status !== 'gathering') return;
  const doubts = [`${snapshot.came.length} of ${snapshot.parts} parts came within an hour`];
  keep(draft, { ...snapshot, status: 'quarantined', doubts });
}

/** @throws Refused when it does not wait in quarantine, when parts of it are missing, or when it speaks of too long ago */
export function snapshotApproved(draft: Draft, event: EventOf<'snapshot.approved'>): void {
  const snapshot = waitingFor(draft, event.data.snapshot);
  if (snapshot.came.length < snapshot.parts)
    throw new Refused(`snapshot ${snapshot.snapshot} has ${snapshot.came.length} of its ${snapshot.parts} parts`);
  const hours = (event.occurredAt - snapshot.at) / 3_600_000;
  if (hours * 3_600_000 > APPROVED_WITHIN_MS)
    throw new Refused(`snapshot ${snapshot.snapshot} speaks of ${Math.round(hours)} hours ago; 48 are the most`);
  takeEffect(draft, snapshot, snapshot.figures!.rows);
}

/** @throws Refused when it does not wait in quarantine */
export function snapshotRejected(draft: Draft, event: EventOf<'snapshot.rejected'>): void {
  const snapshot = waitingFor(draft, event.data.snapshot);
  keepFeed(draft, { ...feedOf(draft, snapshot), waiting: '' });
  settle(draft, snapshot);
}

function waitingFor(draft: Draft, id: string): Snapshot {
  const snapshot = draft.get('snapshot', id);
  if (snapshot === undefined || snapshot.status !== 'quarantined')
    throw new Refused(`no snapshot ${id} waits for a decision`);
  return snapshot;
}

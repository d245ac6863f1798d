/** The release of waves: orders that may begin are marked, and their node is told. */
import type { EventOf } from '../../events/index.ts';
import { workingDay } from '../../policies/node-calendar.ts';
import { type Draft, Refused } from '../draft.ts';
import { workspaceOf } from '../master-data.ts';
import { openUnits, settle } from '../orders/order-life.ts';
import { stepOf } from '../orders/order-step.ts';
import { policyOf } from '../policy.ts';
import { OWN_SOURCE } from '../sources/source.ts';
import type { Order, OrderLine } from '../states.ts';
import { instantOfLocal, localDayOf } from '../time-zone.ts';
import { inWork, loadOf } from './node-load.ts';

/** Reasons shown in a decision. */
const REASONS_MAX = 5;

/** Marks what may begin; refuses a wave of which nothing may. Another system's release is a fact: only holds are overruled. */
export function released(draft: Draft, event: EventOf<'wave.released'>): void {
  const { data, occurredAt } = event;
  const ours = event.source === OWN_SOURCE;
  const left: Record<string, number> = {};
  const marked: Order[] = [];
  for (const id of new Set(data.orders)) {
    const order = draft.get('order', id);
    const problem = order === undefined ? 'unknown' : whyNotRelease(draft, order, data.node, ours);
    if (problem === '') marked.push(release(draft, order!, data.node, data.wave, occurredAt));
    else left[problem] = (left[problem] ?? 0) + 1;
  }
  const reasons = Object.entries(left).sort(([a], [b]) => (a < b ? -1 : 1));
  if (marked.length === 0) {
    const words = reasons.slice(0, REASONS_MAX).map(([reason, count]) => `${count} ${reason}`);
    throw new Refused(`nothing of wave ${data.wave} can be released at ${data.node}: ${words.join(', ')}`);
  }
  const lines = marked.reduce((sum, order) => sum + linesAt(order, data.node).length, 0);
  const load = loadOf(draft, data.node);
  const { cutOff = 0 } = data;
  const wave = { wave: data.wave, at: occurredAt, cutOff, orders: marked.length, lines };
  draft.put('node-load', data.node, { ...load, lastWave: wave });
  draft.decision({
    policy: 'wave-release',
    at: occurredAt,
    order: '',
    line: '',
    sku: '',
    node: data.node,
    outcome: `${data.wave}: ${marked.length} orders, ${lines} lines`,
    inputs: { by: data.by ?? event.source, cutOff, asked: data.orders.length, inWork: inWork(load), left },
  });
  if (ours && workspaceOf(draft).mode === 'decide') tell(draft, event, marked);
}

/** Why an order cannot begin at a node, in a word or two; empty when it can. */
export function whyNotRelease(draft: Draft, order: Order, node: string, ours: boolean): string {
  if (!order.open) return 'closed';
  if (isReleased(order, node)) return 'released already';
  if (linesAt(order, node).length === 0) return 'not there';
  if (!ours) return '';
  if (order.holds.length > 0) return 'held';
  const waits = order.lines.some((line) => line.waiting > 0);
  return waits && !policyOf(draft, 'wave-release').partial ? 'waiting for stock' : '';
}

export const isReleased = (order: Order, node: string): boolean =>
  order.releases?.some(([known]) => known === node) === true;

/** Lines of an order that a node has to pick. */
export function linesAt(order: Order, node: string): { line: OrderLine; units: number }[] {
  return order.lines.flatMap((line) => {
    if (Math.max(line.picked, line.packed) >= line.quantity - line.cancelled || openUnits(line) === 0) return [];
    const held = line.allocated.find(([known]) => known === node)?.[1] ?? 0;
    if (held > 0) return [{ line, units: held }];
    return line.allocated.length === 0 && order.node === node ? [{ line, units: openUnits(line) }] : [];
  });
}

function release(draft: Draft, order: Order, node: string, wave: string, when: number): Order {
  const releases: Order['releases'] = [...(order.releases ?? []), [node, wave]];
  const changed: Order = { ...order, releases };
  if (order.releasedAt === 0) {
    changed.releasedAt = when;
    const leavesToday = endOfShippingDay(draft, node, when);
    if (leavesToday > 0) changed.leavesToday = leavesToday;
  }
  draft.transition(stepOf(changed, { step: 'order-released', at: when, quantity: 1, node }));
  settle(draft, order, changed, when);
  return changed;
}

/** The last moment of the node's local day when it ships on that day and its cut-off is still to come; 0 otherwise. */
function endOfShippingDay(draft: Draft, node: string, when: number): number {
  const known = draft.get('node', node);
  if (known === undefined) return 0;
  const day = localDayOf(known.timeZone, when);
  const work = workingDay(known, day);
  return work === null || when > work.cutOff ? 0 : instantOfLocal(known.timeZone, day + 1, 0) - 1;
}

/** An order whose work left a node has not been released there any more. */
export function withdrawRelease(draft: Draft, order: Order, node: string, when: number): void {
  if (!isReleased(order, node) || linesAt(order, node).length > 0) return;
  const releases = order.releases!.filter(([known]) => known !== node);
  if (releases.length > 0) return settle(draft, order, { ...order, releases }, when);
  const { leavesToday: _, ...others } = order;
  settle(draft, order, { ...others, releases, releasedAt: 0 }, when);
}

/** The instruction carries what the node needs to begin: it need not ask us for every order. */
function tell(draft: Draft, { data, occurredAt }: EventOf<'wave.released'>, orders: Order[]): void {
  const body = orders.map((order) => ({
    order: order.order,
    priority: order.priority,
    shipBy: order.shipBy,
    lines: linesAt(order, data.node).map(({ line, units }) => ({ line: line.line, sku: line.sku, quantity: units })),
  }));
  draft.instruct({
    id: `wave:${data.wave}`,
    kind: 'release-orders',
    to: data.node,
    at: occurredAt,
    body: { wave: data.wave, node: data.node, cutOff: data.cutOff ?? null, orders: body },
  });
}

/** When an order counts as due: its promise, else the moment it was placed. */
export const dueOf = (order: Order): number => (order.shipBy > 0 ? order.shipBy : order.placedAt);

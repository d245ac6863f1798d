/**
 * Whether a node keeps pace: while it works it is checked every quarter of an hour what is due by the end of the day and
 * what it can still do. A check is a deadline, so that orders, which come by the thousand, pay nothing for it.
 */
import type { EventOf } from '../../events/index.ts';
import { linesDue } from '../../policies/free-capacity.ts';
import { endOfWork, isOpen, nextOpening } from '../../policies/node-calendar.ts';
import { linesPossible, paceIsKnown } from '../../policies/node-capacity.ts';
import type { Draft } from '../draft.ts';
import { nodeDefined, workspaceOf } from '../master-data.ts';
import { LIVE_LAG_MAX_MS } from '../sources/source.ts';
import type { Node } from '../states.ts';
import { affectedBy, refreshImpairment } from './impairment-effect.ts';
import { flowAt, heardOf } from './node-flow.ts';
import { loadOf } from './node-load.ts';
import type { NodeLoad, Pace } from './node-load-state.ts';

export const PACE_EVERY_MS = 15 * 60_000;

/** Master data, and the first check of a node whose pace is known by now. */
export function defined(draft: Draft, event: EventOf<'node.defined'>): void {
  nodeDefined(draft, event);
  const node = draft.get('node', event.data.node)!;
  if (paceIsKnown(node)) watchPace(draft, node.node, event.source, event.occurredAt);
}

/** Begins with the checks of a node unless they go on already. */
export function watchPace(draft: Draft, node: string, clock: string, at: number): void {
  const load = loadOf(draft, node);
  if (load.clock !== '') return;
  const due = nextCheck(draft.get('node', node), at);
  if (due === null) return;
  draft.put('node-load', node, { ...load, clock });
  draft.setDeadline(clock, 'node-pace', node, due);
}

/** Deadline `node-pace`. */
export function checkPace(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const { subject, clock, due } = event.data;
  const load = loadOf(draft, subject);
  if (load.clock !== clock) return;
  const node = draft.get('node', subject);
  // A deadline may be passed twice, and late: a check never tells what is older than what is known.
  const at = Math.max(presentOf(draft, clock, due, event.receivedAt), load.pace?.at ?? 0);
  const goesOn = load.impaired !== null || (node !== undefined && paceIsKnown(node));
  const next = goesOn ? nextCheck(node, at) : null;
  const pace = node === undefined ? null : paceOf(draft, node, load, at);
  const flow = node === undefined || !paceIsKnown(node) ? load.flow : flowAt(node, load, at, heardOf(draft, load, at));
  const seen = flow === undefined ? {} : { flow };
  draft.put('node-load', subject, { ...load, ...seen, pace, clock: next === null ? '' : clock });
  draft.touch('node-load', subject);
  if (next !== null) draft.setDeadline(clock, 'node-pace', subject, next);
  if (load.impaired !== null) refreshImpairment(draft, load.impaired.impairment, at);
}

/** What is due by the end of the working day, today's or else the next one's, and what can be done until then. */
function paceOf(draft: Draft, node: Node, load: NodeLoad, at: number): Pace | null {
  const by = endOfWork(node, at);
  if (by === null || !paceIsKnown(node)) return null;
  const { lines: _, ...worth } = affectedBy(draft, node.node, by);
  return { at, by, lines: linesDue(load, by), possible: linesPossible(node, load.impaired, at, by), ...worth };
}

/** The next quarter of an hour at which somebody works there; null when nobody ever does. */
function nextCheck(node: Node | undefined, at: number): number | null {
  const next = (Math.floor(at / PACE_EVERY_MS) + 1) * PACE_EVERY_MS;
  if (node === undefined || isOpen(node, next)) return next;
  const opening = nextOpening(node, next);
  return opening === null ? null : Math.ceil(opening / PACE_EVERY_MS) * PACE_EVERY_MS;
}

/**
 * The time it is by the clock of a source: checks that fell behind, in a replay or after a stop, are not made up for one
 * by one.
 */
function presentOf(draft: Draft, clock: string, due: number, receivedAt: number): number {
  const source = draft.get('source', clock);
  const live =
    source === undefined || source.events === 0 || source.lastReceivedAt - source.lastOccurredAt <= LIVE_LAG_MAX_MS;
  const present = live ? receivedAt : Math.min(receivedAt, Math.max(source.watermark, workspaceOf(draft).watermark));
  return Math.max(due, present);
}

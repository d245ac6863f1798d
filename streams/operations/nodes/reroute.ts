/**
 * Reroutes: a proposal is kept until somebody decides on it; then its orders are moved page by page, each page by a
 * deadline of its own, so that no single event does more than is good for those behind it. Every order is checked again
 * at its turn: the world has gone on since the proposal.
 */
import type { EventOf } from '../../events/index.ts';
import type { RerouteMove } from '../../policies/reroute-situation.ts';
import { type Draft, Refused } from '../draft.ts';
import { workspaceOf } from '../master-data.ts';
import { rerouteOrder, whyNotReroute } from '../orders/order-reroute.ts';
import { ids } from '../states.ts';
import { refreshImpairment } from './impairment-effect.ts';
import type { Reroute } from './reroute-state.ts';
import { withdrawRelease } from './wave-release.ts';

export const REROUTE_PAGE_ORDERS = 20;
/** Proposals an impairment remembers, and failures shown per reroute. */
export const PROPOSALS_KEPT_MAX = 20;
const FAILURES_SHOWN_MAX = 20;

export function proposed(draft: Draft, event: EventOf<'reroute.proposed'>): void {
  const { data, occurredAt } = event;
  if (draft.get('reroute', data.reroute) !== undefined) throw new Refused(`reroute ${data.reroute} exists already`);
  if (new Set(data.moves.map(({ order }) => order)).size < data.moves.length)
    throw new Refused(`reroute ${data.reroute} names an order twice`);
  if (data.impairment !== undefined) propose(draft, data.impairment, data.node, data.reroute, occurredAt);
  const pages = Math.ceil(data.moves.length / REROUTE_PAGE_ORDERS);
  for (let page = 0; page < pages; page++) {
    const moves = data.moves.slice(page * REROUTE_PAGE_ORDERS, (page + 1) * REROUTE_PAGE_ORDERS);
    draft.put('reroute-moves', ids.rerouteMoves(data.reroute, page), { moves });
  }
  const { saved, kept = { orders: 0, lines: 0 }, extraShipments, extraCost } = data;
  const late = data.late ?? { orders: 0, lines: 0, amount: 0, reasons: {} };
  draft.put('reroute', data.reroute, {
    reroute: data.reroute,
    node: data.node,
    impairment: data.impairment ?? '',
    status: 'proposed',
    clock: event.source,
    orders: data.moves.length,
    pages,
    pagesDone: 0,
    done: 0,
    failed: 0,
    linesMoved: 0,
    failures: [],
    saved,
    late,
    kept,
    extraShipments,
    extraCost,
    proposedAt: occurredAt,
    proposedBy: data.by ?? event.source,
    decidedAt: 0,
    decidedBy: '',
    reason: '',
    finishedAt: 0,
  });
  draft.decision({
    policy: 'reroute',
    at: occurredAt,
    order: '',
    line: '',
    sku: '',
    node: data.node,
    outcome: `${data.reroute}: ${data.moves.length} orders move, ${late.orders} stay late`,
    inputs: { impairment: data.impairment ?? '', saved, late, kept, extraShipments, extraCost },
  });
}

/** Enters a proposal with its impairment; an older one that nobody has decided on is not offered any more. */
function propose(draft: Draft, id: string, node: string, reroute: string, when: number): void {
  const impairment = draft.get('impairment', id);
  if (impairment === undefined) throw new Refused(`there is no impairment ${id}`);
  if (impairment.node !== node) throw new Refused(`impairment ${id} is of node ${impairment.node}, not of ${node}`);
  if (impairment.endedAt > 0) throw new Refused(`impairment ${id} is over`);
  for (const older of impairment.proposals) endUndecided(draft, older, 'superseded', `replaced by ${reroute}`, when);
  const proposals = [...impairment.proposals, reroute].slice(-PROPOSALS_KEPT_MAX);
  draft.put('impairment', id, { ...impairment, proposals });
  draft.touch('impairment', id);
}

function endUndecided(draft: Draft, id: string, status: 'superseded' | 'expired', reason: string, when: number): void {
  const known = draft.get('reroute', id);
  if (known?.status === 'proposed') end(draft, known, { status, reason, finishedAt: when });
}

function end(draft: Draft, reroute: Reroute, changes: Partial<Reroute>): void {
  for (let page = 0; page < reroute.pages; page++) {
    const id = ids.rerouteMoves(reroute.reroute, page);
    if (draft.get('reroute-moves', id) === undefined) continue;
    draft.remove('reroute-moves', id);
    draft.clearDeadline(reroute.clock, 'reroute-page', id);
  }
  draft.put('reroute', reroute.reroute, { ...reroute, ...changes });
}

function undecided(draft: Draft, id: string): Reroute {
  const known = draft.get('reroute', id);
  if (known === undefined) throw new Refused(`there is no reroute ${id}`);
  if (known.status !== 'proposed') throw new Refused(`reroute ${id} is ${known.status} already`);
  return known;
}

/** The first page moves at once, the others follow one after another. */
export function approved(draft: Draft, event: EventOf<'reroute.approved'>): void {
  const { data, source, occurredAt } = event;
  const known = undecided(draft, data.reroute);
  if (workspaceOf(draft).mode === 'advise')
    throw new Refused('in advise mode orders are moved by the system that executes them, not by us');
  const approval = { status: 'approved', clock: source, decidedAt: occurredAt, decidedBy: data.by ?? source } as const;
  draft.put('reroute', known.reroute, { ...known, ...approval });
  for (let page = 1; page < known.pages; page++) {
    // One millisecond apart: deadlines of the same kind and time would be passed in the order of their names.
    draft.setDeadline(source, 'reroute-page', ids.rerouteMoves(known.reroute, page), occurredAt + page);
  }
  carryOut(draft, known.reroute, 0, occurredAt);
}

export function rejected(draft: Draft, event: EventOf<'reroute.rejected'>): void {
  const { reroute, by = event.source, reason = '' } = event.data;
  const decided = { decidedAt: event.occurredAt, decidedBy: by, finishedAt: event.occurredAt };
  const known = undecided(draft, reroute);
  end(draft, known, { status: 'rejected', reason, ...decided });
  if (known.impairment !== '') draft.touch('impairment', known.impairment);
}

/** Deadline `reroute-page`. */
export function pageDue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const cut = event.data.subject.lastIndexOf('|');
  carryOut(draft, event.data.subject.slice(0, cut), Number(event.data.subject.slice(cut + 1)), event.occurredAt);
}

function carryOut(draft: Draft, id: string, page: number, when: number): void {
  const pageId = ids.rerouteMoves(id, page);
  const moves = draft.get('reroute-moves', pageId)?.moves;
  const reroute = draft.get('reroute', id);
  if (moves === undefined || reroute?.status !== 'approved') return;
  draft.remove('reroute-moves', pageId);
  const failures: Reroute['failures'] = [];
  const moved: RerouteMove[] = [];
  for (const move of moves) {
    const reason = moveOrder(draft, reroute.node, move, when);
    if (reason === '') moved.push(move);
    else failures.push({ order: move.order, reason });
  }
  const linesMoved = moved.reduce((sum, { parts }) => sum + parts.reduce((all, { lines }) => all + lines.length, 0), 0);
  const pagesDone = reroute.pagesDone + 1;
  const finished = pagesDone === reroute.pages;
  draft.put('reroute', id, {
    ...reroute,
    pagesDone,
    done: reroute.done + moved.length,
    failed: reroute.failed + failures.length,
    linesMoved: reroute.linesMoved + linesMoved,
    failures: [...reroute.failures, ...failures].slice(0, FAILURES_SHOWN_MAX),
    status: finished ? 'done' : 'approved',
    finishedAt: finished ? when : 0,
  });
  if (moved.length > 0) tellNodes(draft, reroute, page, moved, when);
  noteMoved(draft, reroute.impairment, moved.length, linesMoved, when);
}

/** @returns why the order cannot move; empty when all of it did */
function moveOrder(draft: Draft, fromNode: string, { order: id, parts }: RerouteMove, when: number): string {
  const order = draft.get('order', id);
  if (order === undefined) return `order ${id} is unknown`;
  for (const part of parts) {
    const problem = whyNotReroute(draft, order, { ...part, fromNode });
    if (problem !== '') return problem;
  }
  for (const part of parts) rerouteOrder(draft, draft.get('order', id)!, { ...part, fromNode }, when);
  withdrawRelease(draft, draft.get('order', id)!, fromNode, when);
  return '';
}

/** The impaired node lets go, and each of the others is told what it has to ship now. */
function tellNodes(draft: Draft, { reroute, node }: Reroute, page: number, moves: RerouteMove[], when: number): void {
  const body = { reroute, fromNode: node };
  const id = `reroute:${reroute}:${page}`;
  const orders = moves.map(({ order }) => order);
  draft.instruct({ id: `${id}:${node}`, kind: 'let-go-orders', to: node, at: when, body: { ...body, orders } });
  const targets = new Set(moves.flatMap(({ parts }) => parts.map(({ toNode }) => toNode)));
  for (const to of [...targets].sort()) {
    const theirs = moves.flatMap(({ order, parts }) =>
      parts.filter(({ toNode }) => toNode === to).map(({ lines }) => ({ order, lines })),
    );
    draft.instruct({ id: `${id}:${to}`, kind: 'ship-orders', to, at: when, body: { ...body, orders: theirs } });
  }
}

function noteMoved(draft: Draft, impairment: string, orders: number, lines: number, when: number): void {
  const known = impairment === '' ? undefined : draft.get('impairment', impairment);
  if (known === undefined || known.endedAt > 0) return;
  const moved = { orders: known.moved.orders + orders, lines: known.moved.lines + lines };
  draft.put('impairment', impairment, { ...known, moved });
  refreshImpairment(draft, impairment, when);
}

/** The node has recovered: what was not moved by now stays, and what nobody has decided on is not offered any more. */
export function endReroutes(draft: Draft, proposals: readonly string[], when: number): void {
  for (const id of proposals) {
    endUndecided(draft, id, 'expired', 'the node has recovered', when);
    const known = draft.get('reroute', id);
    if (known?.status === 'approved')
      end(draft, known, { status: 'stopped', reason: 'the node has recovered', finishedAt: when });
  }
}

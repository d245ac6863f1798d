/**
 * Returns: goods come back unjudged. The disposition policy says by their reason what becomes of them, at once or after
 * somebody has looked; whoever judges them decides otherwise where he must.
 */
import type { EventOf } from '../../events/index.ts';
import type { Disposition } from '../../events/returns.ts';
import { dispositionFor } from '../../policies/disposition.ts';
import { type Draft, Refused } from '../draft.ts';
import type { Place } from '../effects.ts';
import { settle as settleOrder } from '../orders/order-life.ts';
import { lineStepOf } from '../orders/order-step.ts';
import { park } from '../parking.ts';
import { policyOf } from '../policy.ts';
import type { Order } from '../states.ts';
import { stepOfNoOrder } from '../step.ts';
import { splitByLot } from './lots.ts';
import { type Return, type ReturnedGoods, unjudged } from './return-state.ts';
import { tellJudged } from './return-steps.ts';
import { at, type MoveOrder, move, outside } from './stock.ts';

const HOUR_MS = 3_600_000;
/** Moments kept of a return that comes in parts. */
const RECEIPTS_MAX = 50;
/** What is judged is remembered this long, for reports that arrive late. */
export const RETURN_KEPT_MS = 30 * 24 * HOUR_MS;

type Received = EventOf<'return.received'>;
type ReceivedLine = Received['data']['lines'][number];

export function received(draft: Draft, event: Received): void {
  const { data } = event;
  const known = draft.get('return', data.return);
  if (known?.untold.includes(event.id) !== true) takeIn(draft, event);
  if (data.order === undefined) return;
  const order = draft.get('order', data.order);
  const state = draft.get('return', data.return)!;
  if (order !== undefined) {
    tellOrder(draft, event, order);
    const { channel, country } = order;
    const told = { ...state, channel, country, untold: state.untold.filter((id) => id !== event.id) };
    draft.put('return', data.return, told);
    tellJudged(draft, state, told);
  } else if (!state.untold.includes(event.id)) {
    // The goods are here, whatever they belong to: only what concerns the order waits for it.
    draft.put('return', data.return, { ...state, untold: [...state.untold, event.id] });
    park(draft, data.order, event);
  }
}

/** Books the goods and does with them what the policy does by itself. */
function takeIn(draft: Draft, event: Received): void {
  const { data, occurredAt } = event;
  const order = data.order === undefined ? undefined : draft.get('order', data.order);
  const known = returnFor(draft, data, event.source);
  let { lines } = known;
  for (const { sku, quantity, reason, line = '', lot } of data.lines) {
    const tracked = draft.get('item', sku)?.lotTracked === true;
    move(draft, {
      sku,
      from: outside('customer'),
      to: at(data.node, 'return-pending'),
      quantity,
      reason: `return: ${reason}`,
      at: occurredAt,
      order: order?.order ?? '',
      line,
      ...(tracked ? { lot } : {}),
    });
    lines = withGoods(lines, decided(draft, event, { sku, quantity, reason }));
    const { channel = '', country = data.country ?? '' } = order ?? {};
    const step = { step: 'return-received', at: occurredAt, order: data.order ?? '', line, sku, quantity } as const;
    draft.transition(stepOfNoOrder({ ...step, channel, country, node: data.node }));
  }
  const receipts = [...new Set([...(known.receipts ?? []), occurredAt])].sort((a, b) => a - b);
  const judgeWithin = policyOf(draft, 'disposition').judgeWithinHours * HOUR_MS;
  const due = known.due > 0 ? Math.min(known.due, occurredAt + judgeWithin) : occurredAt + judgeWithin;
  settle(
    draft,
    {
      ...known,
      order: data.order ?? known.order,
      receivedAt: Math.max(known.receivedAt, occurredAt),
      lines,
      due,
      receipts: receipts.slice(-RECEIPTS_MAX),
    },
    occurredAt,
  );
}

function decided(
  draft: Draft,
  { data, occurredAt }: Received,
  { sku, quantity, reason }: Pick<ReceivedLine, 'sku' | 'quantity' | 'reason'>,
): ReturnedGoods {
  const choice = dispositionFor(policyOf(draft, 'disposition'), reason, draft.get('item', sku)?.category);
  draft.decision({
    policy: 'disposition',
    at: occurredAt,
    order: data.order ?? '',
    line: '',
    sku,
    node: data.node,
    outcome: `${quantity} ${choice.to}${choice.inspect ? ' after inspection' : ''}`,
    inputs: {
      return: data.return,
      reason,
      rule: choice.rule,
      version: draft.get('policy', 'disposition')?.version ?? 0,
    },
  });
  return { sku, reason, quantity, to: choice.to, automatic: !choice.inspect, done: 0 };
}

/** Goods of one SKU, reason and verdict are one line; in the order of these, whatever came first. */
function withGoods(lines: ReturnedGoods[], goods: ReturnedGoods): ReturnedGoods[] {
  const key = ({ sku, reason, to, automatic }: ReturnedGoods) => `${sku}|${reason}|${to}|${automatic}`;
  const known = lines.find((line) => key(line) === key(goods));
  const merged = known === undefined ? goods : { ...known, quantity: known.quantity + goods.quantity };
  return [...lines.filter((line) => line !== known), merged].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function tellOrder(draft: Draft, { data, occurredAt }: Received, order: Order): void {
  const changed = order.lines.map((line) => {
    const units = data.lines.reduce((sum, entry) => (isFor(entry, line) ? sum + entry.quantity : sum), 0);
    if (units === 0) return line;
    const step = { step: 'line-returned', at: occurredAt, quantity: units, node: data.node } as const;
    draft.transition(lineStepOf(order, line, step));
    const faulty = data.lines.reduce(
      (sum, entry) => (isFor(entry, line) && isFaulty(draft, entry) ? sum + entry.quantity : sum),
      0,
    );
    const returnedFaulty = (line.returnedFaulty ?? 0) + faulty;
    return { ...line, returned: line.returned + units, ...(returnedFaulty > 0 ? { returnedFaulty } : {}) };
  });
  settleOrder(draft, order, { ...order, lines: changed }, occurredAt);
}

/** What the policy puts back on sale came back as good as it left. */
const isFaulty = (draft: Draft, { reason, sku }: ReceivedLine): boolean =>
  dispositionFor(policyOf(draft, 'disposition'), reason, draft.get('item', sku)?.category).to !== 'sellable';

const isFor = (entry: ReceivedLine, line: Order['lines'][number]): boolean =>
  entry.line !== undefined && entry.line === line.line;

/** Somebody has looked. What the policy had done of itself with these units before is taken back. */
export function judged(draft: Draft, event: EventOf<'return.judged'>): void {
  const { data, occurredAt } = event;
  let state = returnFor(draft, data, event.source);
  for (const { sku, quantity } of data.lines) {
    const before = state.judged.find((goods) => goods.sku === sku)?.quantity ?? 0;
    const others = state.judged.filter((goods) => goods.sku !== sku);
    const bySku = [...others, { sku, quantity: before + quantity }].sort((a, b) => (a.sku < b.sku ? -1 : 1));
    state = { ...state, judged: bySku };
  }
  const said = data.lines.map(({ sku, quantity, to }) => ({ sku, to, quantity, at: occurredAt }));
  state = { ...state, verdicts: [...(state.verdicts ?? []), ...said].sort(byTimeThenGoods) };
  state = settle(draft, state, occurredAt);
  for (const { sku, quantity, to, lot } of data.lines) {
    put(draft, { sku, quantity, to, lot, node: data.node, reason: `return ${data.return} judged`, at: occurredAt });
  }
}

/** The same in whatever order they came. */
const byTimeThenGoods = (a: Said, b: Said): number => a.at - b.at || (keyOf(a) < keyOf(b) ? -1 : 1);
type Said = NonNullable<Return['verdicts']>[number];
const keyOf = ({ sku, to, quantity }: Said): string => `${sku}|${to}|${quantity}`;

function returnFor(draft: Draft, { return: id, node }: { return: string; node: string }, source: string): Return {
  const known = draft.get('return', id);
  if (known !== undefined && known.node !== node)
    throw new Refused(`return ${id} is at ${known.node}, not at ${node}: transfer the goods first`);
  if (known !== undefined) return known;
  return {
    return: id,
    node,
    order: '',
    source,
    receivedAt: 0,
    due: 0,
    overdue: false,
    lines: [],
    judged: [],
    untold: [],
    openExceptions: [],
  };
}

/** Does what the policy does by itself with units nobody has judged, and watches over what waits. */
function settle(draft: Draft, changed: Return, when: number): Return {
  const known = draft.get('return', changed.return);
  let state = { ...changed, lines: disposed(draft, changed, when) };
  const waits = unjudged(state) > 0;
  if (!waits) state = { ...state, overdue: false };
  if (waits && state.due > 0) draft.setDeadline(state.source, 'return-judge', state.return, state.due);
  else if (known !== undefined) draft.clearDeadline(state.source, 'return-judge', state.return);
  if (!waits) draft.setDeadline(state.source, 'return-forget', state.return, when + RETURN_KEPT_MS);
  draft.put('return', state.return, state, known);
  draft.touch('return', state.return);
  tellJudged(draft, known, state);
  return state;
}

/** Automatic units of each SKU, as many as nobody has judged, in the order of the lines. */
function disposed(draft: Draft, state: Return, when: number): ReturnedGoods[] {
  const left = new Map<string, number>();
  for (const line of state.lines) left.set(line.sku, (left.get(line.sku) ?? 0) + line.quantity);
  for (const goods of state.judged) left.set(goods.sku, (left.get(goods.sku) ?? 0) - goods.quantity);
  return state.lines.map((line) => {
    if (!line.automatic) return line;
    const free = Math.max(0, left.get(line.sku) ?? 0);
    const done = Math.min(line.quantity, free);
    left.set(line.sku, free - done);
    if (done === line.done) return line;
    const { sku, to } = line;
    const reason = `return: ${line.reason}, by policy`;
    if (done > line.done) put(draft, { sku, quantity: done - line.done, to, node: state.node, reason, at: when });
    else
      takeOut(draft, { sku, quantity: line.done - done, to, node: state.node, reason: 'judged otherwise', at: when });
    const { doneAt = 0, ...before } = line;
    return done === 0
      ? { ...before, done }
      : { ...before, done, doneAt: done > line.done ? Math.max(doneAt, when) : doneAt };
  });
}

type Verdict = {
  sku: string;
  quantity: number;
  to: Disposition;
  node: string;
  reason: string;
  at: number;
  lot?: string | undefined;
};

const placeOf = ({ to, node }: Verdict): Place => (to === 'loss' ? outside('loss') : at(node, to));

function put(draft: Draft, verdict: Verdict): void {
  const { sku, quantity, node, reason, lot, at: when } = verdict;
  const movement: MoveOrder = {
    sku,
    from: at(node, 'return-pending'),
    to: placeOf(verdict),
    quantity,
    reason,
    at: when,
    lot,
  };
  for (const part of splitByLot(draft, movement)) move(draft, part);
}

function takeOut(draft: Draft, verdict: Verdict): void {
  const { sku, quantity, node, reason, at: when } = verdict;
  const to = at(node, 'return-pending');
  const movement: MoveOrder = { sku, from: placeOf(verdict), to, quantity, reason, at: when, reversal: true };
  for (const part of splitByLot(draft, movement)) move(draft, part);
}

export function returnOverdue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('return', event.data.subject);
  if (known === undefined || unjudged(known) <= 0) return;
  draft.put('return', known.return, { ...known, overdue: true }, known);
  draft.touch('return', known.return);
}

export function returnForgotten(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('return', event.data.subject);
  if (known !== undefined && unjudged(known) <= 0) draft.remove('return', known.return);
}

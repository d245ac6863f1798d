import type { Suggestion } from '../events/actions.ts';
import type { Draft } from '../operations/draft.ts';
import { workspaceOf } from '../operations/master-data.ts';
import { policyOf } from '../operations/policy.ts';
import { receiptsOf } from '../operations/reservations/promise.ts';
import { ids, type Ledger, type Order } from '../operations/states.ts';
import { nodeAtp, type WeightedReceipt } from '../policies/available-to-promise.ts';
import { defineRule, severityOf } from './rule.ts';

/** Waiting order lines that are looked at one by one for their promise; the others count with the average of these. */
const ORDERS_LOOKED_AT_MAX = 20;
/** Lines of one order that are named in a suggestion. */
const LINES_CANCELLED_MAX = 20;
const HOUR_MS = 3_600_000;
/** Without a promise, a customer should hear within a day. */
const ANSWER_WITHIN_MS = 24 * HOUR_MS;

export const oversold = defineRule({
  kind: 'oversold',
  question: 'Which items were sold beyond what exists, and whose orders are affected?',
  area: 'inventory',
  owner: 'inventory planner',
  playbook: [
    'See which promise comes first.',
    'Move stock from another node, or expedite the next receipt.',
    'Offer a substitute, or cancel before the promise and say why.',
  ],
  endsWhen: 'Every accepted unit is allocated, shipped or cancelled.',
  watches: 'ledger',
  test(ledger, draft) {
    const units = Math.max(0, ledger.waitingUnits - ledger.preorderUnits - freeIfOthersDecide(ledger, draft));
    if (units === 0) return null;
    const item = draft.get('item', ledger.sku);
    const looked = ledger.waiting.slice(0, ORDERS_LOOKED_AT_MAX).map((entry) => draft.get('order', entry.order));
    const lines = ledger.waiting.length;
    const deadlines = looked.map((order) => order?.shipBy ?? 0).filter((shipBy) => shipBy > 0);
    const penalties = looked.map((order) => draft.get('channel', order?.channel ?? '')?.penalty ?? 0);
    const penalty = looked.length === 0 ? 0 : Math.round(penalties.reduce((a, b) => a + b, 0) / looked.length);
    const unitMargin = Math.max(0, (item?.unitPrice ?? 0) - (item?.unitCost ?? 0));
    const covered = coveredInTime(ledger, looked, draft);
    const unitsOpen = Math.max(0, units - covered.units);
    const linesOpen = Math.max(0, lines - covered.lines);
    const moneyAtRisk = unitsOpen * unitMargin + linesOpen * penalty;
    const comes = covered.units === 0 ? '' : `; receipts bring ${Math.min(units, covered.units)} units in time`;
    const oldest = ledger.waiting[0]!;
    const channel = looked[0]?.channel;
    return {
      title: `${units} ${units === 1 ? 'unit' : 'units'} oversold`,
      detail: `${item?.name ?? ledger.sku}: ${lines} ${lines === 1 ? 'order line waits' : 'order lines wait'}${comes}`,
      severity: severityOf(moneyAtRisk, draft),
      deadline: deadlines.length === 0 ? oldest.since + ANSWER_WITHIN_MS : Math.min(...deadlines),
      moneyAtRisk,
      formula: 'units no receipt brings in time x unit margin + their order lines x cost of making good',
      inputs: { units, unitsOpen, unitMargin, lines, linesOpen, penaltyPerLine: penalty },
      advice:
        'Move stock from another node, expedite the next receipt, offer a substitute, or cancel before the promise.',
      sku: ledger.sku,
      order: oldest.order,
      ...(channel === undefined ? {} : { channel }),
      suggests: suggestionsFor(ledger, units, looked[0], draft),
    };
  },
});

/** Stock that stands where the channel does not sell from, then a count where some should be, then the oldest's lines. */
function suggestionsFor(ledger: Ledger, units: number, first: Order | undefined, draft: Draft): Suggestion[] {
  const { sku, waiting } = ledger;
  const item = draft.get('item', sku);
  const serving = draft.get('channel', first?.channel ?? '')?.nodes ?? [];
  const [toNode] = serving;
  const spare = ledger.nodes
    .filter((node) => !serving.includes(node))
    .map((node) => draft.get('stock', ids.stock(sku, node)))
    .map((stock) => (stock === undefined ? 0 : nodeAtp(stock, item)));
  const most = Math.min(units, Math.max(0, ...spare));
  const counted = ledger.nodes.find((node) => serving.includes(node)) ?? ledger.nodes[0];
  const oldest = waiting[0]!;
  const lines = waiting
    .filter(({ order }) => order === oldest.order)
    .map(({ line, quantity }) => ({ line, quantity }))
    .slice(0, LINES_CANCELLED_MAX);
  return [
    ...(most > 0 && toNode !== undefined
      ? [{ action: 'transfer' as const, input: { sku, toNode, quantity: most } }]
      : []),
    ...(counted === undefined ? [] : [{ action: 'request-count' as const, input: { sku, node: counted } }]),
    { action: 'cancel-lines', input: { order: oldest.order, reason: 'stock', lines } },
  ];
}

/**
 * What confirmed receipts bring before the promise of who waits for it, served in the order of the queue and counted on as
 * far as suppliers keep their dates. Lines that are not looked at count with the last promise of those that are.
 */
function coveredInTime(ledger: Ledger, looked: (Order | undefined)[], draft: Draft): { units: number; lines: number } {
  const receipts = receiptsOf(draft, ledger.sku, null, 0, Number.POSITIVE_INFINITY);
  const covered = { units: 0, lines: 0 };
  if (receipts.length === 0) return covered;
  const handlingMs = policyOf(draft, 'promise').handlingHours * HOUR_MS;
  const promised = promisedInTurn(receipts, handlingMs);
  const rest = { quantity: ledger.waitingUnits, lines: ledger.waiting.length - looked.length };
  let last = Number.POSITIVE_INFINITY;
  for (const [index, order] of looked.entries()) {
    const { quantity } = ledger.waiting[index]!;
    rest.quantity -= quantity;
    if (order !== undefined && order.shipBy > 0) last = order.shipBy;
    if (
      promised(quantity, order === undefined || order.shipBy === 0 ? Number.POSITIVE_INFINITY : order.shipBy) < quantity
    )
      continue;
    covered.units += quantity;
    covered.lines += 1;
  }
  if (rest.quantity === 0) return covered;
  const more = promised(rest.quantity, last);
  return {
    units: covered.units + more,
    lines: covered.lines + Math.floor((rest.lines * more) / rest.quantity),
  };
}

/** Takes units from receipts, one after the other. @returns how many of them can leave in time */
function promisedInTurn(receipts: WeightedReceipt[], handlingMs: number) {
  const left = receipts.map(({ countedOn }) => countedOn);
  let place = 0;
  return (quantity: number, inTime: number): number => {
    let [wanted, timely] = [quantity, 0];
    while (wanted > 0 && place < receipts.length) {
      const units = Math.min(wanted, left[place]!);
      left[place]! -= units;
      wanted -= units;
      if (receipts[place]!.expectedAt + handlingMs <= inTime) timely += units;
      if (left[place] === 0) place += 1;
    }
    return timely;
  };
}

/** Where another system allocates, demand waits for its word and not for stock: only what exceeds the stock is oversold. */
function freeIfOthersDecide(ledger: Ledger, draft: Draft): number {
  if (workspaceOf(draft).mode === 'decide') return 0;
  return ledger.nodes.reduce(
    (sum, node) => sum + Math.max(0, draft.get('stock', ids.stock(ledger.sku, node))?.sellable ?? 0),
    0,
  );
}

/**
 * Steps of what suppliers have confirmed, line by line: due, come, complete. They follow from the state alone, so that what
 * an event out of order puts right is taken back as it was told.
 */
import type { Draft } from '../draft.ts';
import type { Transition } from '../effects.ts';
import { stepOfNoOrder } from '../step.ts';
import { outstanding } from './purchase-order-receipts.ts';
import type { PurchaseOrder, PurchaseOrderLine } from './purchase-order-state.ts';

/** Notes when a line was complete, and forgets it when some of its units are missing again. */
export function withCompleted(order: PurchaseOrder): PurchaseOrder {
  const lines = outstanding(order).map(({ line, came }) => {
    const isComplete = line.quantity > 0 && came >= line.quantity;
    if (isComplete === line.completedAt > 0) return line;
    return { ...line, completedAt: isComplete ? cameAt(order, line) : 0 };
  });
  return { ...order, lines };
}

const cameAt = ({ received }: PurchaseOrder, { sku, node }: PurchaseOrderLine): number =>
  received.find((entry) => entry[0] === sku && entry[1] === node)?.[3] ?? 0;

/** @param when business time of the event that changed it */
export function tellSupply(draft: Draft, before: PurchaseOrder | undefined, after: PurchaseOrder, when: number): void {
  const told = new Map((before === undefined ? [] : stepsOf(before)).map((step) => [nameOf(step), step]));
  for (const step of stepsOf(after)) {
    const known = told.get(nameOf(step));
    told.delete(nameOf(step));
    if (known !== undefined && isSame(known, step)) continue;
    if (known !== undefined) draft.transition({ ...known, sign: -1 });
    draft.transition(step);
  }
  for (const gone of told.values()) draft.transition({ ...gone, sign: -1 });
  tellReceived(draft, before, after, when);
}

const nameOf = ({ step, line }: Transition): string => `${step}|${line}`;
const isSame = (a: Transition, b: Transition): boolean => JSON.stringify(a) === JSON.stringify(b);

function stepsOf(order: PurchaseOrder): Transition[] {
  return order.lines.flatMap((line) => {
    const { completedAt, due, promisedAt, firstStatedAt, quantity } = line;
    const steps: Transition[] = [];
    if (completedAt > 0 && firstStatedAt > 0) {
      const durationMs = Math.max(0, completedAt - firstStatedAt);
      steps.push(stepOf(order, line, { step: 'supply-completed', at: completedAt, quantity, durationMs }));
    }
    if (due === null) return steps;
    const short = due.units - due.came;
    steps.push(stepOf(order, line, { step: 'supply-due', at: promisedAt, quantity: due.units, short }));
    // Counted at the promise, so that it stands beside what was due then.
    if (completedAt > 0)
      steps.push(stepOf(order, line, { step: 'supply-in-full', at: promisedAt, quantity: due.units }));
    return steps;
  });
}

/** Units that came, or were found not to have come: what makes a line late, and by how much. */
function tellReceived(draft: Draft, before: PurchaseOrder | undefined, after: PurchaseOrder, when: number): void {
  const known = new Map((before === undefined ? [] : outstanding(before)).map(({ line, came }) => [line.line, came]));
  for (const { line, came } of outstanding(after)) {
    const quantity = came - (known.get(line.line) ?? 0);
    if (quantity !== 0) draft.transition(stepOf(after, line, { step: 'supply-received', at: when, quantity }));
  }
}

const stepOf = (
  { purchaseOrder, supplier }: PurchaseOrder,
  { line, sku, node, firstStatedAt, promisedAt }: PurchaseOrderLine,
  said: Pick<Transition, 'step' | 'at' | 'quantity'> & Partial<Transition>,
): Transition =>
  stepOfNoOrder({
    line: `${purchaseOrder}/${line}`,
    sku,
    node,
    placedAt: firstStatedAt,
    shipBy: promisedAt,
    cause: supplier,
    ...said,
  });

/** Cancellations by cause. A line counts once, under the cause of its first cancellation. */
import { defineKpi, defineMeasure, firstVersion, type Measure } from '../definition.ts';

export const causes = ['customer', 'fraud', 'stock', 'fulfilment', 'other'] as const;
export type Cause = (typeof causes)[number];

/** `short` is 1 on the first cancellation of a line. */
const measureOf = (cause: Cause): Measure =>
  defineMeasure({
    name: `lines.cancelled.${cause}`,
    terms: [{ step: 'line-cancelled', column: 'short', causes: [cause] }],
  });

export const linesCancelled = Object.fromEntries(causes.map((cause) => [cause, measureOf(cause)])) as Record<
  Cause,
  Measure
>;

const wordsOf: Record<Cause, string> = {
  customer: 'by the customer',
  fraud: 'for fraud',
  stock: 'for want of stock',
  fulfilment: 'because a node could not ship',
  other: 'for other reasons',
};

export const cancelledLines = causes.map((cause) =>
  defineKpi({
    id: `cancelled-lines-${cause}`,
    name: `Lines cancelled ${wordsOf[cause]}`,
    question: `How many lines were cancelled ${wordsOf[cause]}?`,
    formula: `lines whose first cancellation was ${wordsOf[cause]}`,
    group: 'fulfilment',
    unit: 'count',
    direction: 'down',
    clock: 'when the line was first cancelled',
    exclusions: 'later cancellations of the same line',
    owner: cause === 'stock' || cause === 'fulfilment' ? 'Head of fulfilment' : 'Head of sales',
    target: null,
    cadence: 'minute',
    dimensions: ['channel', 'node', 'country'],
    thresholds: null,
    sources: ['order.cancelled'],
    exceptions: ['oversold', 'order-unallocated'],
    version: 1,
    changes: firstVersion,
    live: { kind: 'count', plus: [linesCancelled[cause]] },
  }),
);

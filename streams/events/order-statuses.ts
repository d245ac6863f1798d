/** Where an order can stand, in one word each: shared by the rule that finds it, the API that tells it and the page that shows it. */
export const orderStatuses = [
  'held',
  'backordered',
  'allocated',
  'released',
  'picking',
  'packed',
  'part-dispatched',
  'dispatched',
  'delivered',
  'cancelled',
  'returned',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** There is still something to ship. */
export const openStatuses: readonly OrderStatus[] = [
  'held',
  'backordered',
  'allocated',
  'released',
  'picking',
  'packed',
  'part-dispatched',
];
/** Open, and the work of the node still lies ahead or is going on. */
export const unpackedStatuses: readonly OrderStatus[] = ['held', 'backordered', 'allocated', 'released', 'picking'];

/** When an open order is due, on the clock of the node it ships from. */
export const dueWords = ['late', 'today', 'tomorrow', 'later', 'unpromised'] as const;
export type DueWord = (typeof dueWords)[number];
export const orderSorts = ['newest', 'due', 'amount'] as const;
export type OrderSort = (typeof orderSorts)[number];

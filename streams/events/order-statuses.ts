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

/** Steps that orders have to reach by a moment: shared by what counts them, the API and pages. */
export const orderSteps = ['pick', 'proof', 'delivery'] as const;
/** Picked after release, scanned or dispatched after packing, delivered after dispatch. */
export type OrderStep = (typeof orderSteps)[number];

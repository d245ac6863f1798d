/** How work moves towards its cut-off: what the wall compares with the time that is left. */
import { defineMeasure } from '../definition.ts';

export const paceMeasures = [
  /** Counted at the promise (the step's own time), so that it stands beside the orders due then. */
  defineMeasure({ name: 'orders.picked', terms: [{ step: 'order-picked', column: 'steps' }] }),
] as const;

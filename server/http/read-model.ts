/** What the read routes ask for. The runtime hands in functions over live state and history. */
import type { z } from 'zod';
import type { Snapshot, WorkspaceView } from '../live/contract.ts';
import type {
  exceptionsPage,
  exceptionsQuery,
  kpiQuery,
  kpiSeries,
  kpisAnswer,
  MovementsAnswer,
  movementsQuery,
  OrderView,
  ordersPage,
  ordersQuery,
  SkuView,
  sourcesAnswer,
  stockPage,
  stockQuery,
} from './contract.ts';

/** `null` means: there is no such thing. A rejection with `Unavailable` means: it cannot be said right now. */
export type ReadModel = {
  workspace(): Promise<WorkspaceView>;
  liveSnapshot(topic: string): Promise<Snapshot | null>;
  stockPage(query: z.output<typeof stockQuery>): Promise<z.output<typeof stockPage>>;
  sku(sku: string): Promise<SkuView | null>;
  movements(sku: string, query: z.output<typeof movementsQuery>): Promise<MovementsAnswer | null>;
  ordersPage(query: z.output<typeof ordersQuery>): Promise<z.output<typeof ordersPage>>;
  order(order: string): Promise<OrderView | null>;
  exceptionsPage(query: z.output<typeof exceptionsQuery>): Promise<z.output<typeof exceptionsPage>>;
  /** Appends `exception.acknowledged`. @returns false when no such exception is open */
  acknowledge(exception: string, by: { id: string; name: string }): Promise<boolean>;
  kpis(): Promise<z.output<typeof kpisAnswer>>;
  kpiSeries(kpi: string, query: z.output<typeof kpiQuery>): Promise<z.output<typeof kpiSeries> | null>;
  sources(): Promise<z.output<typeof sourcesAnswer>>;
};

export class Unavailable extends Error {
  readonly retryAfterSeconds: number;

  /** @param message what is away, in words for the reader of the answer */
  constructor(message: string, retryAfterSeconds = 5) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What the read routes ask for. The runtime hands in functions over live state and history. */
import type { z } from 'zod';
import type { Actions } from '../actions/actions.ts';
import type { Instructions } from '../actions/instructions.ts';
import type { Snapshot, WorkspaceView } from '../live/contract.ts';
import type {
  definitionsPage,
  definitionsQuery,
  ImportAnswer,
  PolicyView,
  SettingsChange,
  SettingsDocument,
  SettingsPart,
  TrialView,
  VersionsAnswer,
} from './contract/settings.ts';
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
  actions: Actions;
  instructions: Instructions;
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
} & SettingsModel;

/** Settings, and how they are changed. What is wrong with a change is thrown as `BadSettings` or `Overtaken`. */
export type SettingsModel = {
  settingsPage(part: SettingsPart, query: z.output<typeof definitionsQuery>): Promise<z.output<typeof definitionsPage>>;
  settingsDocument(items: boolean): Promise<SettingsDocument>;
  settingsVersions(thing: string, limit: number): Promise<VersionsAnswer>;
  importSettings(document: unknown, dryRun: boolean, by: string): Promise<ImportAnswer>;
  define(part: SettingsPart, definition: unknown, by: string): Promise<SettingsChange | null>;
  configureWorkspace(definition: unknown, by: string): Promise<SettingsChange | null>;
  policies(): Promise<PolicyView[]>;
  /** @returns the version it gets; null when there is no such policy */
  definePolicy(
    policy: string,
    change: { body: unknown; note?: string | undefined; basedOn?: number | undefined },
    by: string,
  ): Promise<number | null>;
  startTrial(request: { policy: string; body: unknown; days: number }, by: string): Promise<TrialView | null>;
  trial(id: string): Promise<TrialView | null>;
};

export class Unavailable extends Error {
  readonly retryAfterSeconds: number;

  /** @param message what is away, in words for the reader of the answer */
  constructor(message: string, retryAfterSeconds = 5) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

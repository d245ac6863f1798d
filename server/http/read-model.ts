/** What the read routes ask for. The runtime hands in functions over live state and history. */
import type { z } from 'zod';
import type { Actions } from '../actions/actions.ts';
import type { Instructions } from '../actions/instructions.ts';
import type { AlertsModel } from '../alerts/alerts-model.ts';
import type { AlertChannels } from '../alerts/channels/index.ts';
import type { SqlDesk } from '../analyst/sql-desk.ts';
import type { BoardsModel } from '../boards/boards-model.ts';
import type { Exports } from '../exports/exports.ts';
import type { AnswerWhole } from '../exports/whole.ts';
import type { HandoverModel } from '../handover/model.ts';
import type { KpiCatalogModel } from '../kpis/kpi-catalog-model.ts';
import type { LearningModel } from '../learning/model.ts';
import type { ExceptionRow, Snapshot, WorkspaceView } from '../live/contract.ts';
import type { NodesModel } from '../nodes/model.ts';
import type { PredictionsModel } from '../predictions/model.ts';
import type { Asker } from '../questions/ask.ts';
import type { QuestionsModel } from '../questions/model.ts';
import type { AccuracyModel } from '../reading/accuracy.ts';
import type { GoodsModel } from '../reading/goods.ts';
import type { InventoryModel } from '../reading/inventory/model.ts';
import type { PromiseModel } from '../reading/promises.ts';
import type { Reports } from '../reports/reports.ts';
import type { SignalsModel } from '../signals/signals-model.ts';
import type {
  ChangesPage,
  changesQuery,
  ExceptionCatalog,
  ExceptionsPage,
  ExceptionsQuery,
  ExceptionView,
  WorkAction,
  WorkedOnMany,
  WorkOnMany,
} from './contract/exceptions.ts';
import type { Explanation, explainQuery } from './contract/explain.ts';
import type { ExceptionExplanation } from './contract/explanations.ts';
import type {
  BacklogView,
  HoldsAnswer,
  OrderCounts,
  orderCountsQuery,
  WavesAnswer,
  wavesQuery,
} from './contract/fulfilment.ts';
import type { NodePaceView, NodeStandings } from './contract/nodes.ts';
import type {
  AdviceAnswer,
  adviceQuery,
  decisionsPage,
  decisionsQuery,
  ordersQuery,
  stepsPage,
  stepsQuery,
} from './contract/orders.ts';
import type { ProjectionView } from './contract/projection.ts';
import type {
  DefinitionView,
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
import type { SourceView } from './contract/sources.ts';
import type {
  kpiQuery,
  kpiSeries,
  kpisAnswer,
  MovementsAnswer,
  movementsQuery,
  OrderView,
  ordersPage,
  SkuView,
  sourcesAnswer,
} from './contract.ts';

/** `null` means: there is no such thing. A rejection with `Unavailable` means: it cannot be said right now. */
export type ReadModel = {
  actions: Actions;
  instructions: Instructions;
  nodes: NodesModel;
  exceptions: ExceptionsModel;
  handover: HandoverModel;
  learning: LearningModel;
  boards: BoardsModel;
  kpiCatalog: KpiCatalogModel;
  questions: QuestionsModel;
  signals: SignalsModel;
  /** Analysts' own SQL. */
  sql: SqlDesk;
  exports: Exports;
  answerWhole: AnswerWhole;
  reports: Reports;
  alertChannels: AlertChannels;
  alerts: AlertsModel;
  /** The database of the analysts' views, as BI tools are told. */
  opsDatabase: string;
  explain(query: z.output<typeof explainQuery>): Promise<Explanation | null>;
  workspace(): Promise<WorkspaceView>;
  liveSnapshot(topic: string): Promise<Snapshot | null>;
  sku(sku: string): Promise<SkuView | null>;
  movements(sku: string, query: z.output<typeof movementsQuery>): Promise<MovementsAnswer | null>;
  /** @param node null: all of them together */
  projection(sku: string, node: string | null): Promise<ProjectionView | null>;
  ordersPage(query: z.output<typeof ordersQuery>): Promise<z.output<typeof ordersPage>>;
  order(order: string): Promise<OrderView | null>;
  kpis(): Promise<z.output<typeof kpisAnswer>>;
  kpiSeries(kpi: string, query: z.output<typeof kpiQuery>): Promise<z.output<typeof kpiSeries> | null>;
  sources(): Promise<z.output<typeof sourcesAnswer>>;
  source(source: string): Promise<SourceView | null>;
  nodePace(node: string): Promise<NodePaceView | null>;
  nodeStandings(): Promise<NodeStandings>;
} & SettingsModel &
  PredictionsModel &
  PromiseModel &
  AccuracyModel &
  OrderModel &
  InventoryModel &
  FulfilmentModel &
  GoodsModel;

export type OrderModel = {
  orderDecisions(order: string, query: z.output<typeof decisionsQuery>): Promise<z.output<typeof decisionsPage> | null>;
  advice(query: z.output<typeof adviceQuery>): Promise<AdviceAnswer>;
  orderSteps(query: z.output<typeof stepsQuery>): Promise<z.output<typeof stepsPage>>;
};

export type FulfilmentModel = {
  backlog(): Promise<BacklogView>;
  waves(query: z.output<typeof wavesQuery>): Promise<WavesAnswer>;
  holds(): Promise<HoldsAnswer>;
  orderCounts(query: z.output<typeof orderCountsQuery>): Promise<OrderCounts>;
};

/** Settings, and how they are changed. What is wrong with a change is thrown as `BadSettings` or `Overtaken`. */
export type SettingsModel = {
  settingsPage(part: SettingsPart, query: z.output<typeof definitionsQuery>): Promise<z.output<typeof definitionsPage>>;
  settingsDocument(items: boolean): Promise<SettingsDocument>;
  settingsVersions(thing: string, limit: number): Promise<VersionsAnswer>;
  importSettings(document: unknown, dryRun: boolean, by: string): Promise<ImportAnswer>;
  /** Version 0 until it is configured. */
  workspaceSettings(): Promise<DefinitionView>;
  /** @param basedOn the version the change was made from; undefined: whatever holds */
  define(part: SettingsPart, definition: unknown, by: string, basedOn?: number): Promise<SettingsChange | null>;
  configureWorkspace(definition: unknown, by: string, basedOn?: number): Promise<SettingsChange | null>;
  policies(): Promise<PolicyView[]>;
  /** @returns the version it gets; null when there is no such policy */
  definePolicy(
    policy: string,
    change: { body: unknown; note?: string | undefined; basedOn?: number | undefined },
    by: string,
  ): Promise<number | null>;
  startTrial(
    request: { policy: string; body: unknown; days: number; watch?: string | undefined },
    by: string,
  ): Promise<TrialView | null>;
  trial(id: string): Promise<TrialView | null>;
};

/** An exception is named by its number (`EX-17`) or as `kind:subject`. */
export type ExceptionsModel = {
  page(query: ExceptionsQuery): ExceptionsPage;
  catalog(): Promise<ExceptionCatalog>;
  /** Also one that is over, from history. */
  one(exception: string): Promise<ExceptionView | null>;
  /** By `kind:subject`, of the newest that was called so. */
  changes(exception: string, query: z.output<typeof changesQuery>): Promise<ChangesPage | null>;
  /** Without what is made of cost, for who may not see it. Also of one that is over. */
  explanation(exception: string, asker: Asker, signal?: AbortSignal): Promise<ExceptionExplanation | null>;
  /** Appends the event and waits until it is applied. `applied` false: it is stored, and the processor has not come to it. */
  work(
    exception: string,
    action: WorkAction,
    said: Record<string, unknown>,
    by: string,
  ): Promise<{ row: ExceptionRow; applied: boolean } | null>;
  workOnMany(asked: WorkOnMany, by: string): Promise<WorkedOnMany>;
};

export { Unavailable } from './unavailable.ts';

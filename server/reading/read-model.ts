/** Everything the API can tell, from live state and history. */
import { openActions } from '../actions/actions.ts';
import { openInstructions } from '../actions/instructions.ts';
import type { BoardsModel } from '../boards/boards-model.ts';
import { createHandoverModel } from '../handover/model.ts';
import type { ReadModel } from '../http/read-model.ts';
import type { HistoryFigures } from '../kpis/history-figures.ts';
import { createKpiCatalogModel } from '../kpis/kpi-catalog-model.ts';
import { createLearningModel } from '../learning/model.ts';
import type { Snapshot } from '../live/contract.ts';
import type { Mirror } from '../live/mirror.ts';
import { feedStates } from '../live/views/sources.ts';
import { workspaceOf } from '../live/views/workspace.ts';
import { createNodesModel } from '../nodes/nodes-model.ts';
import { nodePicture, nodeStandings } from '../nodes/pace.ts';
import { createPredictionsModel } from '../predictions/model.ts';
import { createQuestionsModel } from '../questions/model.ts';
import type { Runtime } from '../runtime.ts';
import { createSettingsModel } from '../settings/settings-model.ts';
import type { Trials } from '../settings/trial/trials.ts';
import { createSignalsModel } from '../signals/signals-model.ts';
import { createAccuracyModel } from './accuracy.ts';
import { findException } from './exceptions.ts';
import { createExceptionsModel } from './exceptions-model.ts';
import { explain } from './explain/index.ts';
import { createFulfilmentModel } from './fulfilment.ts';
import { createGoodsModel } from './goods.ts';
import { createInventoryModel } from './inventory/model.ts';
import { readKpiSeries, readKpis } from './kpis.ts';
import { readMovements } from './movements.ts';
import { createOrderModel } from './order-decisions.ts';
import { readOrder, readOrdersPage } from './orders.ts';
import { readProjection } from './projection.ts';
import { createPromiseModel } from './promises.ts';
import { readSource } from './sources.ts';
import { readSku } from './stock.ts';

export function createReadModel(deps: {
  runtime: Runtime;
  mirror: Mirror;
  snapshot: (topic: string) => Promise<Snapshot | null>;
  trials: Trials;
  boards: BoardsModel;
  history: HistoryFigures;
  sql: ReadModel['sql'];
  alertChannels: ReadModel['alertChannels'];
  alerts: ReadModel['alerts'];
  whole: Pick<ReadModel, 'exports' | 'answerWhole' | 'opsDatabase' | 'reports'>;
}): ReadModel {
  const { runtime, mirror, snapshot } = deps;
  const { keys } = runtime;
  const promises = createPromiseModel(runtime, mirror.now);
  return {
    ...createSettingsModel(deps),
    ...promises,
    ...createGoodsModel(runtime, mirror.now),
    ...createInventoryModel(runtime, mirror, promises.channelAtps),
    ...createAccuracyModel(runtime, mirror),
    ...createPredictionsModel(runtime, mirror),
    ...createOrderModel(runtime, mirror.now),
    ...createFulfilmentModel(runtime, mirror),
    actions: openActions(runtime, mirror.now, (name) => findException(mirror, name)),
    exceptions: createExceptionsModel(runtime, mirror),
    handover: createHandoverModel(runtime, mirror),
    learning: createLearningModel(deps),
    nodes: createNodesModel(runtime, mirror.businessNow),
    instructions: openInstructions(runtime, mirror.now),
    boards: deps.boards,
    kpiCatalog: createKpiCatalogModel(deps),
    questions: createQuestionsModel(runtime, mirror),
    signals: createSignalsModel(runtime, mirror),
    sql: deps.sql,
    alertChannels: deps.alertChannels,
    alerts: deps.alerts,
    ...deps.whole,
    explain: (query) => explain({ runtime, mirror }, query),
    workspace: async () => workspaceOf(mirror, keys.workspace),
    liveSnapshot: snapshot,
    sku: (sku) => readSku(mirror, sku, promises.channelAtps),
    movements: (sku, query) => readMovements(runtime, sku, query),
    projection: (sku, node) => readProjection(runtime, mirror, sku, node),
    ordersPage: (query) => readOrdersPage(runtime, mirror, query),
    order: (order) => readOrder(runtime, mirror, order),
    kpis: async () => readKpis(mirror, deps.history),
    kpiSeries: (kpi, query) => readKpiSeries(runtime, mirror, kpi, query),
    source: (source) => readSource(runtime, mirror, source),
    nodeStandings: async () => ({ asOf: mirror.businessNow(), items: nodeStandings(mirror) }),
    nodePace: async (node) => nodePicture(mirror, node),
    sources: async () => ({ items: await feedStates(mirror) }),
  };
}

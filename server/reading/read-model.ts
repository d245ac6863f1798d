/** Everything the API can tell, from live state and history. */
import type { EventOf } from '../../streams/events/index.ts';
import { OWN_SOURCE } from '../../streams/operations/source.ts';
import { ids } from '../../streams/operations/states.ts';
import { appendToLog } from '../../streams/processing/event-log.ts';
import { openActions } from '../actions/actions.ts';
import { openInstructions } from '../actions/instructions.ts';
import type { ReadModel } from '../http/read-model.ts';
import type { Snapshot } from '../live/contract.ts';
import type { Mirror } from '../live/mirror.ts';
import { exceptionRow } from '../live/views/exceptions.ts';
import { feedStates } from '../live/views/sources.ts';
import { workspaceOf } from '../live/views/workspace.ts';
import type { Runtime } from '../runtime.ts';
import { createSettingsModel } from '../settings/settings-model.ts';
import type { Trials } from '../settings/trial/trials.ts';
import { readKpiSeries, readKpis } from './kpis.ts';
import { readMovements } from './movements.ts';
import { readOrder, readOrdersPage } from './orders.ts';
import { readSku, readStockPage } from './stock.ts';
import { createStockIndex } from './stock-index.ts';

const severityRank = { critical: 0, high: 1, medium: 2, low: 3 } as const;

export function createReadModel(deps: {
  runtime: Runtime;
  mirror: Mirror;
  snapshot: (topic: string) => Promise<Snapshot | null>;
  trials: Trials;
}): ReadModel {
  const { runtime, mirror, snapshot } = deps;
  const { redis, keys } = runtime;
  const index = createStockIndex(redis, keys, mirror.now);
  return {
    ...createSettingsModel(deps),
    actions: openActions(runtime, mirror.now, (name) => exceptionNamed(mirror, name)),
    instructions: openInstructions(runtime, mirror.now),
    workspace: async () => workspaceOf(mirror, keys.workspace),
    liveSnapshot: snapshot,
    stockPage: (query) => readStockPage(mirror, index, query),
    sku: (sku) => readSku(mirror, sku),
    movements: (sku, query) => readMovements(runtime, sku, query),
    ordersPage: (query) => readOrdersPage(runtime, query),
    order: (order) => readOrder(runtime, mirror, order),
    kpis: async () => readKpis(mirror),
    kpiSeries: (kpi, query) => readKpiSeries(runtime, mirror, kpi, query),
    sources: async () => ({ items: await feedStates(mirror) }),
    async exceptionsPage({ cursor, limit, kind, severity }) {
      const found = [...mirror.states.exception.values()]
        .filter(
          (exception) =>
            (kind === undefined || exception.kind === kind) &&
            (severity === undefined || exception.severity === severity),
        )
        .sort(
          (a, b) =>
            severityRank[a.severity] - severityRank[b.severity] ||
            b.moneyAtRisk - a.moneyAtRisk ||
            (a.id < b.id ? -1 : 1),
        );
      const from = cursor === undefined ? 0 : found.findIndex((exception) => exception.id === cursor) + 1;
      const items = found.slice(from, from + limit).map(exceptionRow);
      return { items, next: from + limit < found.length ? items.at(-1)!.id : null };
    },
    async acknowledge(exception, by) {
      const known = [...mirror.states.exception.values()].find((open) => open.id === exception);
      if (known === undefined) return false;
      const now = mirror.now();
      const event: EventOf<'exception.acknowledged'> = {
        id: `acknowledged:${known.id}:${now}`,
        source: OWN_SOURCE,
        type: 'exception.acknowledged',
        occurredAt: now,
        observedAt: now,
        receivedAt: now,
        data: { exception: ids.exception(known.kind, known.subject), by: by.name },
      };
      await appendToLog(redis, keys, [JSON.stringify(event)]);
      return true;
    },
  };
}

/** @param name its number, such as `EX-17`, or `kind:subject` */
const exceptionNamed = (mirror: Mirror, name: string) =>
  mirror.states.exception.get(name) ?? [...mirror.states.exception.values()].find(({ id }) => id === name);

/** What judging needs besides figures: who feeds us, what is planned, what the company has set, how far history has come. */
import type { PlannedEntry } from '../../analytics/anomalies/watching/planned.ts';
import { queryRows } from '../../analytics/clickhouse/client.ts';
import { kpiById } from '../../analytics/kpis/index.ts';
import { loadQuery } from '../../analytics/sql/load.ts';
import type { PolicyBody } from '../../streams/events/policies.ts';
import type { KpiDecisions } from '../../streams/operations/kpis/kpi-state.ts';
import { unconfigured } from '../../streams/operations/master-data.ts';
import { defaultPolicy } from '../../streams/operations/policy.ts';
import { LIVE_LAG_MAX_MS } from '../../streams/operations/sources/source.ts';
import {
  type CalendarEntry,
  type Item,
  ids,
  type Policy,
  type Source,
  type Workspace,
} from '../../streams/operations/states.ts';
import type { StateKind } from '../../streams/processing/keys.ts';
import { termsAt } from '../http/contract/kpi-catalog.ts';
import { eventsBehind } from '../reading/events-behind.ts';
import type { Runtime } from '../runtime.ts';
import type { Surroundings } from './rounds.ts';

type Store = Pick<Runtime, 'redis' | 'keys' | 'history'>;

/** Entries that are over for so long concern nothing that is still judged. */
const PLANNED_KEPT_MS = 36 * 86_400_000;

export type Around = Surroundings & {
  /** Who answers for a KPI by the terms in force. */
  ownerOf(kpi: string): string;
};
/** `wait`: why nothing can be judged now. */
export type LookedAround = { around: Around } | { wait: string };

/** @param skus those that are watched */
export async function lookAround(store: Store, clock: number, skus: readonly string[]): Promise<LookedAround> {
  const workspace = (await one<Workspace>(store, 'workspace', ids.workspace)) ?? unconfigured;
  if (workspace.watermark === 0) return { wait: 'nothing has come in yet' };
  if (clock - workspace.watermark > LIVE_LAG_MAX_MS) {
    return { wait: 'the newest event is more than a quarter of an hour old: a past arrives, or everything is silent' };
  }
  // A clock that runs ahead must not close buckets that have not ended.
  const seen = Math.min(clock, workspace.watermark);
  const now = Math.min(seen, await historyReaches(store, seen));
  const [sources, planned, policy, decided, items] = await Promise.all([
    all<Source>(store, 'source'),
    all<CalendarEntry>(store, 'calendar'),
    one<Policy>(store, 'policy', 'signals'),
    all<KpiDecisions>(store, 'kpi'),
    skus.length === 0 ? [] : store.redis.hmGet(store.keys.state('item'), [...skus]),
  ]);
  const terms = new Map(decided.map((one) => [one.kpi, termsAt(one.terms, now)]));
  const categories = new Map<string, string | undefined>();
  for (const text of items) {
    if (typeof text !== 'string') continue;
    const { sku, category } = JSON.parse(text) as Item;
    categories.set(sku, category);
  }
  return {
    around: {
      now,
      timeZone: workspace.timeZone,
      currency: workspace.currency,
      sources,
      planned: planned.filter(({ withdrawn, to }) => !withdrawn && to > now - PLANNED_KEPT_MS) as PlannedEntry[],
      categoryOf: (sku) => categories.get(sku),
      settings: (policy?.body as PolicyBody<'signals'> | undefined) ?? defaultPolicy('signals'),
      ownerOf: (kpi) => terms.get(kpi)?.owner ?? kpiById(kpi)?.owner ?? '',
    },
  };
}

/** Up to when history has been told everything: now when nothing waits, else when its newest event arrived. */
async function historyReaches(store: Store, now: number): Promise<number> {
  if ((await eventsBehind(store)) === 0) return now;
  const [newest] = await queryRows<{ at: number }>(store.history, loadQuery('queries/newest-received'));
  return Number(newest?.at ?? 0);
}

async function one<S>({ redis, keys }: Store, kind: StateKind, id: string): Promise<S | undefined> {
  const text = await redis.hGet(keys.state(kind), id);
  return typeof text === 'string' ? (JSON.parse(text) as S) : undefined;
}

async function all<S>({ redis, keys }: Store, kind: StateKind): Promise<S[]> {
  return Object.values(await redis.hGetAll(keys.state(kind))).map((text) => JSON.parse(text) as S);
}

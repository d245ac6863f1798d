/**
 * Once an hour, levels that only all states together know are measured and told as an event: confidence falls with time
 * alone, what a channel may promise follows from policies. What was measured is never measured again.
 */
import type { Event } from '../../streams/events/index.ts';
import type { PolicyBody } from '../../streams/events/policies.ts';
import type { SourceDrift } from '../../streams/operations/accuracy/accuracy-state.ts';
import type { Draft } from '../../streams/operations/draft.ts';
import type { KpiDecisions } from '../../streams/operations/kpis/kpi-state.ts';
import { unconfigured } from '../../streams/operations/master-data.ts';
import { defaultPolicy } from '../../streams/operations/policy.ts';
import { channelAtp } from '../../streams/operations/reservations/publication.ts';
import { LIVE_LAG_MAX_MS, OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import { type Channel, ids, type Policy, type Source } from '../../streams/operations/states.ts';
import { appendEvent } from '../../streams/processing/event-log.ts';
import type { StateKind } from '../../streams/processing/keys.ts';
import { createAccuracyIndex, type RecordEntry } from '../reading/accuracy-index.ts';
import { askHistory } from '../reading/ask-history.ts';
import { atOneMoment, type Wanted } from '../reading/at-one-moment.ts';
import type { Runtime } from '../runtime.ts';
import { type MeasuredRow, measureBenefit } from './measure-benefit.ts';

const LOOK_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const FIELDS_PER_SCAN = 1_000;
const SKUS_AT_ONCE = 50;

type Deps = {
  runtime: Pick<Runtime, 'redis' | 'keys' | 'history'>;
  now: () => number;
  onProblem: (reason: string) => void;
};

/** Per node: what the stock is worth (whole), and how much of that the records can be trusted for (part). */
export function confidenceRows(records: readonly RecordEntry[]): MeasuredRow[] {
  const sums = new Map<string, MeasuredRow>();
  for (const { stock, onHand, item, confidence } of records) {
    const worth = Math.max(0, onHand) * (item?.unitCost ?? 0);
    add(sums, stock.node, worth * confidence.confidence, worth);
  }
  return [...sums.values()];
}

/** Per source: units stated less ours, of statements that disagree, with their sign; and how many statements there are. */
export const driftUnitRows = (drifts: readonly SourceDrift[]): MeasuredRow[] =>
  drifts.map(({ source, unitsOver, unitsUnder, stated }) => ({
    key: source,
    part: unitsOver - unitsUnder,
    whole: stated,
  }));

/** Per source: minutes for which its statements have disagreed, over those that do. */
export const driftMinuteRows = (drifts: readonly SourceDrift[], at: number): MeasuredRow[] =>
  drifts.map(({ source, drifting, openSinceSum }) => ({
    key: source,
    part: Math.max(0, drifting * at - openSinceSum) / MINUTE_MS,
    whole: drifting,
  }));

/** Per source: events of the last whole quarter of an hour, and how many are usual at that time of the week. */
export const completenessRows = (sources: readonly Source[]): MeasuredRow[] =>
  sources.flatMap(({ source, volume }) =>
    volume === null ? [] : [{ key: source, part: volume.count, whole: volume.usual }],
  );

/** What all items together leave a channel to promise, below zero included. */
export function channelAtpRows(
  draft: Draft,
  channels: readonly Channel[],
  skus: readonly string[],
  at: number,
): MeasuredRow[] {
  return channels.map((channel) => ({
    key: channel.channel,
    part: skus.reduce((sum, sku) => sum + channelAtp(draft, channel, sku, at), 0),
    whole: skus.length,
  }));
}

function add(sums: Map<string, MeasuredRow>, key: string, part: number, whole: number): void {
  const known = sums.get(key) ?? { key, part: 0, whole: 0 };
  sums.set(key, { key, part: known.part + part, whole: known.whole + whole });
}

export function startMeasuringLevels(deps: Deps & { everyMs?: number }) {
  const { now, onProblem, everyMs = LOOK_EVERY_MS } = deps;
  let measuredHour = -1;
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    const hour = Math.floor(now() / HOUR_MS);
    if (hour === measuredHour) return;
    if (await measureLevels(deps)) measuredHour = hour;
  }

  const timer = setInterval(() => {
    running ??= look()
      .catch((error: unknown) => onProblem(String(error)))
      .finally(() => {
        running = undefined;
      });
  }, everyMs);
  return {
    look,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** @returns false while a past is poured in: its levels would be told of a moment that was never seen */
export async function measureLevels({ runtime, now }: Omit<Deps, 'onProblem'>): Promise<boolean> {
  const { redis, keys } = runtime;
  const at = now();
  const [workspace = unconfigured] = await all<typeof unconfigured>(runtime, 'workspace');
  if (workspace.watermark === 0 || at - workspace.watermark > LIVE_LAG_MAX_MS) return false;
  const tell = async (kpi: string, rows: MeasuredRow[]) => {
    if (rows.length === 0) return;
    // The hour in its name: two processes that measure it at once tell it once.
    const id = `measured:${kpi}:${Math.floor(at / HOUR_MS)}`;
    const times = { occurredAt: at, observedAt: at, receivedAt: at };
    const event = { id, source: OWN_SOURCE, type: 'kpi.measured', ...times, data: { kpi, rows: rows.sort(byKey) } };
    await appendEvent(redis, keys, event as Event);
  };
  const { records } = await createAccuracyIndex(redis, keys, now, now)();
  await tell('inventory-confidence', confidenceRows(records));
  const drifts = await all<SourceDrift>(runtime, 'drift');
  await tell('source-drift-units', driftUnitRows(drifts));
  await tell('source-drift-minutes', driftMinuteRows(drifts, at));
  await tell('source-completeness', completenessRows(await all<Source>(runtime, 'source')));
  await tell('channel-atp', await channelAtps(runtime, at));
  const [decisions, policy] = [await all<KpiDecisions>(runtime, 'kpi'), await benefitPolicy(runtime)];
  const situation = { timeZone: workspace.timeZone, currency: workspace.currency, now: at };
  const known = new Map(decisions.map((one) => [one.kpi, one]));
  for (const { kpi, rows } of await measureBenefit({ ask: askHistory(runtime), situation, policy, decisions: known })) {
    await tell(kpi, rows);
  }
  return true;
}

async function benefitPolicy({ redis, keys }: Deps['runtime']): Promise<PolicyBody<'benefit'>> {
  const text = await redis.hGet(keys.state('policy'), 'benefit');
  return typeof text === 'string'
    ? ((JSON.parse(text) as Policy).body as PolicyBody<'benefit'>)
    : defaultPolicy('benefit');
}

const byKey = (a: MeasuredRow, b: MeasuredRow): number => (a.key < b.key ? -1 : 1);

async function all<S>({ redis, keys }: Deps['runtime'], kind: StateKind): Promise<S[]> {
  const found: S[] = [];
  let cursor = '0';
  do {
    const page = await redis.hScan(keys.state(kind), cursor, { COUNT: FIELDS_PER_SCAN });
    cursor = page.cursor;
    for (const { value } of page.entries) found.push(JSON.parse(value) as S);
  } while (cursor !== '0');
  return found;
}

/** A few items at a time: each lot as it stood at one moment, and nobody waits for all of them. */
async function channelAtps(runtime: Deps['runtime'], at: number): Promise<MeasuredRow[]> {
  const channels = (await all<Channel>(runtime, 'channel')).filter(({ active }) => active);
  if (channels.length === 0) return [];
  const skus = (await runtime.redis.hKeys(runtime.keys.state('ledger' satisfies StateKind))).sort();
  const sums = new Map<string, MeasuredRow>();
  for (let from = 0; from < skus.length; from += SKUS_AT_ONCE) {
    const some = skus.slice(from, from + SKUS_AT_ONCE);
    const { answer } = await atOneMoment(
      runtime.redis,
      runtime.keys,
      (draft) => channelAtpRows(draft, channels, some, at),
      wantedOf(channels, some),
    );
    for (const { key, part, whole } of answer) add(sums, key, part, whole);
  }
  return [...sums.values()];
}

function wantedOf(channels: readonly Channel[], skus: readonly string[]): Wanted {
  const nodes = new Set(channels.flatMap((channel) => channel.nodes));
  return new Map<StateKind, Set<string>>([
    ['item', new Set(skus)],
    ['ledger', new Set(skus)],
    ['stock', new Set(skus.flatMap((sku) => [...nodes].map((node) => ids.stock(sku, node))))],
    ['policy', new Set(['allocation', 'protection'])],
  ]);
}

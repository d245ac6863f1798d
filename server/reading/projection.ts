/** Where the available stock of a SKU goes, by its sales and its receipts, and where it came from. */
import { movementsOf } from '../../analytics/clickhouse/queries/movements.ts';
import type { Draft } from '../../streams/operations/draft.ts';
import { policyOf } from '../../streams/operations/policy.ts';
import { inboundOf } from '../../streams/operations/purchasing/inbound.ts';
import { ids } from '../../streams/operations/states.ts';
import { nodeAtp } from '../../streams/policies/available-to-promise.ts';
import { projectAvailable } from '../../streams/policies/projection.ts';
import { salesOf } from '../../streams/policies/stockout.ts';
import type { ProjectionView } from '../http/contract/projection.ts';
import type { Mirror } from '../live/mirror.ts';
import type { Runtime } from '../runtime.ts';
import { atOneMoment } from './at-one-moment.ts';

const DAY_MS = 86_400_000;
const PAST_MS = 7 * DAY_MS;
/** The picture goes so far, and a little beyond the next receipt. */
const AHEAD_LEAST_MS = 7 * DAY_MS;
const AHEAD_MAX_MS = 28 * DAY_MS;
const BEYOND_RECEIPT_MS = 2 * DAY_MS;
const MOVEMENTS_MAX = 500;
const PAST_POINTS_MAX = 80;
const RECEIPTS_MAX = 20;

/** @param node null: all nodes together, and what waits for stock is taken off */
export async function readProjection(
  runtime: Runtime,
  mirror: Mirror,
  sku: string,
  node: string | null,
): Promise<ProjectionView | null> {
  const now = mirror.businessNow();
  const moment = await atOneMoment(runtime.redis, runtime.keys, (draft) => stateOf(draft, sku, node, now));
  const found = moment.answer;
  if (found === null) return null;
  const next = found.receipts.find(({ overdue }) => !overdue)?.at ?? 0;
  const until = Math.min(now + AHEAD_MAX_MS, Math.max(now + AHEAD_LEAST_MS, next + BEYOND_RECEIPT_MS));
  const dated = found.receipts.filter(({ confirmed, overdue }) => confirmed && !overdue);
  const { points, gap } = projectAvailable(found.available, found.perDay, dated, { from: now, until });
  const past = await pastOf(runtime, found, node, now);
  const { nodes: _, ...told } = found;
  return { ...told, node, asOf: now, past, ahead: points, gap, receipts: found.receipts.slice(0, RECEIPTS_MAX) };
}

function stateOf(draft: Draft, sku: string, node: string | null, now: number) {
  const item = draft.get('item', sku);
  const ledger = draft.get('ledger', sku);
  if (item === undefined && ledger === undefined) return null;
  const nodes = node === null ? (ledger?.nodes ?? []) : [node];
  const stocks = nodes.map((one) => draft.get('stock', ids.stock(sku, one))).filter((stock) => stock !== undefined);
  const { learnDays } = policyOf(draft, 'stockout');
  const waitingUnits = ledger?.waitingUnits ?? 0;
  const sellable = stocks.reduce((sum, stock) => sum + nodeAtp(stock, item), 0);
  const perDay = stocks.reduce((sum, { demand }) => sum + salesOf(demand, now, learnDays).perDay, 0);
  return {
    sku,
    name: item?.name ?? sku,
    nodes,
    safetyStock: (item?.safetyStock ?? 0) * stocks.length,
    available: sellable - (node === null ? waitingUnits : 0),
    waitingUnits,
    waitingLines: ledger?.waiting.length ?? 0,
    perDay: Math.round(perDay * 10) / 10,
    learnDays,
    receipts: inboundOf(draft, sku)
      .filter((entry) => nodes.includes(entry.node))
      .map(({ ref, kind, node: to, expectedAt: at, quantity, confirmed, supplier }) => {
        return { ref, kind, node: to, at, quantity, confirmed, supplier, overdue: at <= now };
      }),
  };
}

/** Sellable units less safety stock after each movement; thinned out to what a picture can show. */
async function pastOf(
  runtime: Runtime,
  { sku, nodes, safetyStock, available }: { sku: string; nodes: string[]; safetyStock: number; available: number },
  node: string | null,
  now: number,
): Promise<[number, number][]> {
  // Of several nodes each has its own balance: their sum needs all of them, which is more than a picture is worth.
  const only = node ?? (nodes.length === 1 ? nodes[0] : undefined);
  if (only === undefined) return [];
  const asked = { sku, node: only, bucket: 'sellable', limit: MOVEMENTS_MAX };
  const { items } = await movementsOf(runtime.history, asked).catch(() => ({ items: [] }));
  const levels = items
    .filter(({ occurredAt }) => occurredAt >= now - PAST_MS && occurredAt <= now)
    .sort((a, b) => a.occurredAt - b.occurredAt || a.seq - b.seq)
    .map(({ occurredAt, balance }): [number, number] => [occurredAt, (balance ?? 0) - safetyStock]);
  const every = Math.ceil(levels.length / PAST_POINTS_MAX);
  const thinned = levels.filter((_, index) => index % every === 0 || index === levels.length - 1);
  return thinned.length === 0 ? [] : [...thinned, [now, available]];
}

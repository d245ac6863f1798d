/** Everything that is predicted at one moment, from the live states of a workspace. */
import type { PredictionKind } from '../../streams/events/signals.ts';
import { Draft, type StateMaps } from '../../streams/operations/draft.ts';
import { cutOffPredicted } from '../../streams/operations/predictions/cut-off-miss.ts';
import { lateReceipts } from '../../streams/operations/predictions/late-receipt.ts';
import type { Predicted } from '../../streams/operations/predictions/predicted.ts';
import { stockoutPredicted } from '../../streams/operations/predictions/stockout.ts';
import type { PurchaseOrder } from '../../streams/operations/purchasing/purchase-order-state.ts';
import type { Stock, Wave } from '../../streams/operations/states.ts';
import { type Keys, type StateKind, stateKinds } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

const HOUR_MS = 3_600_000;
const FIELDS_PER_SCAN = 1_000;
/** A cut-off is looked at from so long before it. */
export const CUT_OFF_WITHIN_MS = 12 * HOUR_MS;
/** Receipts whose date is further ahead are not spoken of. */
export const RECEIPT_WITHIN_MS = 15 * 24 * HOUR_MS;
/** Of each kind, the likeliest. */
export const PREDICTED_MAX = 20_000;

/** What predictions are made of. Two states may be read some milliseconds apart. */
const neededKinds = [
  'stock',
  'item',
  'inbound',
  'purchase-order',
  'supplier-record',
  'prediction-record',
  'policy',
  'node',
  'node-load',
  'wave',
  'source',
] as const satisfies StateKind[];

export type AllStates = { maps: StateMaps; all<S>(kind: StateKind): S[] };

export async function readAllStates(redis: Redis, keys: Keys): Promise<AllStates> {
  const known = new Map<StateKind, Map<string, unknown>>();
  for (const kind of neededKinds) {
    const states = new Map<string, unknown>();
    let cursor = '0';
    do {
      const page = await redis.hScan(keys.state(kind), cursor, { COUNT: FIELDS_PER_SCAN });
      cursor = page.cursor;
      for (const { field, value } of page.entries) states.set(field, JSON.parse(value));
    } while (cursor !== '0');
    known.set(kind, states);
  }
  return { maps: allLoaded(known), all: (kind) => [...(known.get(kind)?.values() ?? [])] as never };
}

/** Whatever was not read is absent. Nothing is written. */
function allLoaded(known: ReadonlyMap<StateKind, ReadonlyMap<string, unknown>>): StateMaps {
  const refuse = () => {
    throw new Error('a prediction changes no state');
  };
  const maps = stateKinds.map((kind) => {
    const states = known.get(kind);
    return [kind, { has: () => true, get: (id: string) => states?.get(id), set: refuse, forget: refuse }];
  });
  return Object.fromEntries(maps) as StateMaps;
}

/** @param at the moment it is worked out for, epoch ms */
export function predictNow(states: AllStates, at: number): Map<PredictionKind, Predicted[]> {
  const draft = new Draft(states.maps);
  const stockouts = states.all<Stock>('stock').flatMap((stock) => stockoutPredicted(draft, stock, at) ?? []);
  const cutOffs = states
    .all<Wave>('wave')
    .filter(({ shipBy }) => shipBy <= at + CUT_OFF_WITHIN_MS)
    .flatMap((wave) => cutOffPredicted(draft, wave, at) ?? []);
  const receipts = states
    .all<PurchaseOrder>('purchase-order')
    .flatMap((order) => lateReceipts(draft, order, at))
    .filter(({ horizon }) => horizon <= at + RECEIPT_WITHIN_MS);
  return new Map([
    ['stockout', likeliest(stockouts)],
    ['cut-off-miss', likeliest(cutOffs)],
    ['late-receipt', likeliest(receipts)],
  ]);
}

export const byLikelihood = (a: Predicted, b: Predicted): number =>
  b.probability - a.probability || (a.subject < b.subject ? -1 : 1);

const likeliest = (list: Predicted[]): Predicted[] => list.sort(byLikelihood).slice(0, PREDICTED_MAX);

/** Why a bucket holds what it holds: the sum of all movements into and out of it, by the rule that moved them. */
import { bucketHolders, bucketParts } from '../../../analytics/clickhouse/queries/explain.ts';
import { movementsOf } from '../../../analytics/clickhouse/queries/movements.ts';
import { type Bucket, buckets } from '../../../streams/events/fields.ts';
import { ids } from '../../../streams/operations/states.ts';
import {
  answeredTransitions,
  automaticTransitions,
  type TransitionRule,
} from '../../../streams/operations/stock/transitions.ts';
import type { Explanation } from '../../http/contract/explain.ts';
import { reachable } from '../ask-history.ts';
import { atOneMoment } from '../at-one-moment.ts';
import { eventsBehind } from '../events-behind.ts';
import { type EventsAsked, type EventsTold, type ExplainDeps, explanationOf, type Part, sumOf } from './told.ts';

/** Holders of reserved units that are named; the others are one part. */
const HOLDERS_NAMED_MAX = 50;
const rules: readonly TransitionRule[] = [...automaticTransitions, ...answeredTransitions];

export const isBucket = (name: string): name is Bucket => (buckets as readonly string[]).includes(name);

/** @param id `SKU|NODE|BUCKET` */
export async function explainBucket(deps: ExplainDeps, id: string, asked: EventsAsked): Promise<Explanation | null> {
  const { redis, keys, history } = deps.runtime;
  const [sku = '', node = '', bucket = ''] = id.split('|');
  if (!isBucket(bucket)) return null;
  const moment = await atOneMoment(redis, keys, (draft) => draft.get('stock', ids.stock(sku, node)));
  const stock = moment.answer;
  if (stock === undefined) return null;
  const place = { sku, node, bucket };
  const [ways, movements, held, behind] = await Promise.all([
    reachable(bucketParts(history, place)),
    reachable(movementsOf(history, { ...place, ...asked })),
    bucket === 'allocated' ? reachable(bucketHolders(history, place, HOLDERS_NAMED_MAX)) : null,
    eventsBehind(deps.runtime),
  ]);
  const value = stock[bucket];
  const moved = ways.map((way): Part & { rule: string } => ({ ...wayPart(way, bucket), rule: ruleOf(way) }));
  const parts = withRest(held === null ? moved.map(({ rule: _, ...part }) => part) : holderParts(held), value);
  return explanationOf(
    moment,
    {
      number: `bucket:${id}`,
      name: `${bucket} units of ${sku} at ${node}`,
      value,
      unit: 'units',
      formula:
        held === null ? 'everything that came in less everything that went out' : 'units of all open reservations',
      parts,
      partsAddUpTo: { words: `${bucket} units`, value: sumOf(parts) },
      rules: [...new Set(moved.map(({ rule }) => rule))].sort().map((rule) => ({ rule, says: saysOf(rule) })),
      events: { items: movements.items.map(eventOf), next: movements.next === null ? null : String(movements.next) },
      related: buckets.filter((other) => other !== bucket).map((other) => `bucket:${sku}|${node}|${other}`),
    },
    behind,
  );
}

type Way = { fromPlace: string; toPlace: string; change: number; movements: number };

const wayPart = ({ fromPlace, toPlace, change, movements }: Way, bucket: string): Part => {
  const times = movements === 1 ? 'once' : `${movements} times`;
  const words = toPlace === bucket && change > 0 ? `came from ${fromPlace}, ${times}` : `went to ${toPlace}, ${times}`;
  return { words, value: change, number: null };
};

const ruleOf = ({ fromPlace, toPlace }: Way): string =>
  rules.find(({ from, to }) => (from as string[]).includes(fromPlace) && (to as string[]).includes(toPlace))?.rule ??
  'transfer';

const saysOf = (name: string): string => rules.find(({ rule }) => rule === name)?.when ?? 'stock goes between nodes';

function holderParts({ holders, more, unitsOfMore }: Awaited<ReturnType<typeof bucketHolders>>): Part[] {
  const named = holders.map(({ order, units }) => ({
    words: order === '' ? 'carts, transfers and corrections' : `order ${order}`,
    value: units,
    number: order === '' ? null : `promise:${order}`,
  }));
  return more > 0 ? [...named, { words: `${more} more orders`, value: unitsOfMore, number: null }] : named;
}

/** History may be a moment behind the live figure; what it has not written yet is a part of its own. */
function withRest(parts: Part[], value: number): Part[] {
  const rest = value - sumOf(parts);
  return rest === 0 ? parts : [...parts, { words: 'not in history yet', value: rest, number: null }];
}

type Movement = Awaited<ReturnType<typeof movementsOf>>['items'][number];

export const eventOf = (movement: Movement): EventsTold['items'][number] => ({
  seq: movement.seq,
  occurredAt: movement.occurredAt,
  receivedAt: movement.receivedAt,
  source: movement.source,
  id: movement.eventId,
  type: movement.eventType,
  words: `${movement.reason}: ${movement.quantity} from ${placeOf(movement.fromPlace, movement.fromNode)} to ${placeOf(movement.toPlace, movement.toNode)}`,
  change: movement.change,
  balance: movement.balance,
});

const placeOf = (place: string, node: string): string => (node === '' ? place : `${place} at ${node}`);

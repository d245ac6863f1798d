/** What an action is: what it does in words, the steps it consists of, and how it is taken back. */
import type { ActionInput, ActionKind } from '../events/actions.ts';
import { type EventData, type EventInput, type EventType, eventCatalog } from '../events/index.ts';
import type { ActionRecord } from '../operations/actions/action-state.ts';
import { type Draft, Refused } from '../operations/draft.ts';
import { ids, type Order, type Stock } from '../operations/states.ts';

/** One thing that happens, as the event that any other source would have sent for it. */
export type Step = { [T in EventType]: { type: T; data: EventData<T> } }[EventType];

/** What another system must do for it. `worth` in the body is the money, in minor units, that depends on it. */
export type WantedInstruction = { kind: string; to: string; body: { worth?: number } & Record<string, unknown> };

export type Plan = {
  steps: Step[];
  /** Left out when the steps themselves instruct somebody. */
  instructions?: WantedInstruction[];
  /** What undoing will need to know and the input does not say. */
  remember?: Record<string, unknown>;
};

export type Context = { draft: Draft; action: string; by: string; at: number };

/** An action that was taken, with the input of its kind. */
export type Taken<K extends ActionKind> = Omit<ActionRecord, 'input'> & { input: ActionInput<K> };

export type ActionDefinition<K extends ActionKind = ActionKind> = {
  kind: K;
  /** In the imperative, for a button. */
  title: string;
  /** What it does, in one sentence, for the catalog. */
  does: string;
  /** This one, with its numbers. */
  words(input: ActionInput<K>): string;
  /** The order or SKU in whose history it belongs. */
  about(input: ActionInput<K>): { order?: string; sku?: string };
  /** @throws Refused, with the reason, when it makes no sense as things stand */
  plan(context: Context, input: ActionInput<K>): Plan;
  /** How it is taken back; `null` with the reason in `whyNoUndo` where the world does not allow it. */
  undo: ((context: Context, taken: Taken<K>) => Plan) | null;
  whyNoUndo?: string;
};

export const defineAction = <K extends ActionKind>(definition: ActionDefinition<K>): ActionDefinition<K> => definition;

export const step = <T extends EventType>(type: T, data: EventInput<T>): Step =>
  ({ type, data: eventCatalog[type].parse(data) }) as Step;

/** @throws Refused when there is no such order: a step that speaks of it would be parked and the action half done */
export function orderOf(draft: Draft, id: string): Order {
  const order = draft.get('order', id);
  if (order === undefined) throw new Refused(`there is no order ${id}`);
  return order;
}

/** @throws Refused when the bucket holds fewer units than are asked for */
export function needUnits(
  draft: Draft,
  sku: string,
  node: string,
  bucket: 'sellable' | 'quarantined' | 'damaged' | 'return-pending',
  quantity: number,
): Stock {
  const stock = draft.get('stock', ids.stock(sku, node));
  if (stock === undefined) throw new Refused(`${node} has never had ${sku}`);
  const held = stock[bucket];
  if (held < quantity) throw new Refused(`${node} has ${held} ${bucket} of ${sku}, not ${quantity}`);
  return stock;
}

/** What these units sell for, in minor units: what depends on the other system doing its part. */
export function worthOf(draft: Draft, sku: string, quantity: number): number {
  const item = draft.get('item', sku);
  return quantity * (item?.unitPrice ?? item?.unitCost ?? 0);
}

export const units = (quantity: number): string => `${quantity} ${Math.abs(quantity) === 1 ? 'unit' : 'units'}`;

/** Nodes that hold units for an order, in the order of their names. */
export const nodesOf = (order: Order): string[] =>
  [
    ...new Set([
      ...order.lines.flatMap((line) => line.allocated.map(([node]) => node)),
      ...(order.node === '' ? [] : [order.node]),
    ]),
  ].sort();

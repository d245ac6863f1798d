/** The flow in memory: states in maps, and events one by one. */
import { catalog } from '../../analytics/kpis/index.ts';
import { type Event, type EventData, type EventType, eventCatalog } from '../../streams/events/index.ts';
import { Draft, type StateMaps } from '../../streams/operations/draft.ts';
import type { States } from '../../streams/operations/states.ts';
import { type StateKind, stateKinds } from '../../streams/processing/keys.ts';
import { beginBatch, type Fact, processBatch } from '../../streams/processing/process-batch.ts';

export const T0 = Date.parse('2026-03-02T08:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

class AllLoaded<S> {
  readonly map = new Map<string, S | undefined>();
  has = () => true;
  get = (id: string) => this.map.get(id);
  set = (id: string, state: S | undefined) => {
    if (state === undefined) this.map.delete(id);
    else this.map.set(id, state);
  };
  forget = (id: string) => void this.map.delete(id);
}

export type World = ReturnType<typeof createWorld>;

export function createWorld() {
  const stores = Object.fromEntries(stateKinds.map((kind) => [kind, new AllLoaded()]));
  const maps = stores as unknown as StateMaps;
  const facts: Fact[] = [];
  const deadlines = new Map<string, number>();
  let seq = 0;

  function apply(...events: Event[]): Fact[] {
    const batch = beginBatch(maps, seq);
    processBatch(batch, events, 0, catalog);
    seq = batch.seq;
    facts.push(...batch.facts);
    for (const [key, { due }] of batch.draft.deadlines) {
      if (due === null) deadlines.delete(key);
      else deadlines.set(key, due);
    }
    return batch.facts;
  }

  const all = <K extends StateKind>(kind: K): States[K][] =>
    [...(stores[kind] as unknown as AllLoaded<States[K]>).map.values()].filter((state) => state !== undefined);
  const entries = <K extends StateKind>(kind: K): [string, States[K]][] =>
    [...(stores[kind] as unknown as AllLoaded<States[K]>).map].filter(([, state]) => state !== undefined) as never;
  const get = <K extends StateKind>(kind: K, id: string): States[K] | undefined =>
    (stores[kind] as unknown as AllLoaded<States[K]>).get(id);
  /** Every state as Redis would hold it. */
  const snapshot = (...without: StateKind[]) =>
    Object.fromEntries(
      stateKinds
        .filter((kind) => !without.includes(kind))
        .map((kind) => {
          const entries = [...(stores[kind] as unknown as AllLoaded<unknown>).map];
          return [
            kind,
            Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, s]) => [id, JSON.stringify(s)])),
          ];
        }),
    );
  return { maps, facts, deadlines, apply, all, entries, get, snapshot, draft: () => new Draft(maps) };
}

/** The same states once more, which go on by themselves: states are never changed in place. Without facts and deadlines. */
export function copyWorld(world: World): World {
  const copy = createWorld();
  for (const kind of stateKinds) {
    for (const [id, state] of world.entries(kind)) copy.maps[kind].set(id, state as never);
  }
  return copy;
}

type When = { at?: number; receivedAt?: number; source?: string; id?: string };
let made = 0;
/** An event as it stands in the log. Business time and arrival are the same unless said. */
export function eventOf<T extends EventType>(
  type: T,
  data: Parameters<(typeof eventCatalog)[T]['parse']>[0] & object,
  { at = T0, receivedAt = at, source = 'test', id = `e${++made}` }: When = {},
): Event {
  const parsed = eventCatalog[type].parse(data) as EventData<T>;
  return { id, source, type, occurredAt: at, observedAt: at, receivedAt, data: parsed } as Event;
}

/** One SKU `tea` with stock at two nodes that serve the channel `web`. */
export function openShop(world: World, { north = 10, south = 5, safetyStock = 0 } = {}): void {
  world.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
    eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['north', 'south'], penalty: 500 }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900, safetyStock, abc: 'A' }),
  );
  if (north > 0) world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: north }));
  if (south > 0) world.apply(eventOf('stock.received', { sku: 'tea', node: 'south', quantity: south }));
}

export const orderOf = (order: string, quantity: number, more: object = {}, when: When = {}): Event =>
  eventOf(
    'order.placed',
    { order, channel: 'web', currency: 'EUR', lines: [{ line: '1', sku: 'tea', quantity, unitPrice: 900 }], ...more },
    when,
  );

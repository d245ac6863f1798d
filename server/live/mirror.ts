/**
 * The part of the live state that every viewer needs, kept in memory and brought up to date by notices: all states of
 * the small kinds, the KPI buckets of the windows that screens show, and the newest orders.
 */

import { unconfigured } from '../../streams/operations/master-data.ts';
import { LIVE_LAG_MAX_MS } from '../../streams/operations/sources/source.ts';
import { ids, type Order, type States } from '../../streams/operations/states.ts';
import type { Notice } from '../../streams/processing/commit.ts';
import type { Keys, StateKind } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { createBucketWindow } from './bucket-window.ts';
import type { OnNotice } from './notices.ts';

const mirrored = ['workspace', 'node', 'channel', 'source', 'exception', 'backlog', 'totals', 'wave', 'kpi'] as const;
type Mirrored = (typeof mirrored)[number];
const isMirrored = (kind: string): kind is Mirrored => (mirrored as readonly string[]).includes(kind);

export const NEWEST_ORDERS = 200;
/** Orders fetched per refresh; beyond it only the newest are looked at. */
const ORDERS_PER_REFRESH_MAX = 400;

export type Mirror = Awaited<ReturnType<typeof openMirror>>;

/**
 * @param redis for reading; shared
 * @param newestOrders what to start the list of newest orders with
 */
export async function openMirror(redis: Redis, keys: Keys, now: () => number, newestOrders: () => Promise<string[]>) {
  const states = Object.fromEntries(mirrored.map((kind) => [kind, new Map<string, unknown>()])) as unknown as {
    [K in Mirrored]: Map<string, States[K]>;
  };
  const orders = new Map<string, Order>();
  const duplicates = new Map<string, number>();
  const changed = new Map<string, Set<string> | '*'>();
  let everything = true;
  /** Orders that a notice named although it did not name all that changed. */
  let namedOrders: string[] = [];
  const followers = new Set<OnNotice>();

  const workspace = () => states.workspace.get(ids.workspace) ?? unconfigured;
  /** The wall clock while something is live; the newest event of a history that is only replayed. */
  const businessNow = () => {
    const { watermark } = workspace();
    const wall = now();
    return watermark > 0 && wall - watermark > LIVE_LAG_MAX_MS ? watermark : wall;
  };
  const buckets = createBucketWindow(redis, keys);

  function note(notice: Notice | null): void {
    for (const follower of followers) follower(notice);
    if (notice === null) {
      everything = true;
      return;
    }
    for (const [kind, ids] of Object.entries(notice.changed)) {
      const known = changed.get(kind);
      if (kind === 'order') nameOrders(known, ids === '*' ? notice.orders : ids);
      if (ids === '*' || known === '*') changed.set(kind, '*');
      else if (known === undefined) changed.set(kind, new Set(ids));
      else for (const id of ids) known.add(id);
    }
  }

  /** What is named is kept by name, also where somebody else says only that all may have changed. */
  function nameOrders(known: Set<string> | '*' | undefined, ids: string[] = []): void {
    const before = known instanceof Set ? [...known] : namedOrders;
    namedOrders = [...before, ...ids].slice(-ORDERS_PER_REFRESH_MAX);
  }

  /** Reads what changed since the last call. @returns the changed ids per kind, `null` when everything may have changed */
  async function refresh(): Promise<Map<string, Set<string> | '*'> | null> {
    const all = everything;
    const taken = new Map(changed);
    changed.clear();
    everything = false;
    try {
      if (all) await Promise.all([...mirrored.map(reload), reloadOrders()]);
      else await Promise.all([...taken].map(([kind, ids]) => refreshKind(kind, ids)));
      await buckets.refresh(all ? '*' : taken.get('bucket'), businessNow(), workspace().timeZone);
    } catch (error) {
      everything = true;
      throw error;
    }
    return all ? null : taken;
  }

  async function refreshKind(kind: string, ids: Set<string> | '*'): Promise<void> {
    if (kind === 'order') return refreshOrders(ids);
    if (!isMirrored(kind)) return;
    if (ids === '*') return reload(kind);
    const fields = [...ids];
    const values = await redis.hmGet(keys.state(kind), fields);
    for (const [index, id] of fields.entries()) {
      const value = values[index];
      if (value === null || value === undefined) states[kind].delete(id);
      else (states[kind] as Map<string, unknown>).set(id, JSON.parse(value));
    }
  }

  async function reload(kind: Mirrored): Promise<void> {
    const all = await redis.hGetAll(keys.state(kind));
    states[kind].clear();
    for (const [id, value] of Object.entries(all)) (states[kind] as Map<string, unknown>).set(id, JSON.parse(value));
  }

  /** Repeats are no events and make no notice: who shows their counts reads them. */
  async function readDuplicates(): Promise<void> {
    const sources = [...states.source.keys()];
    const counts = await Promise.all(sources.map((source) => redis.hGet(keys.feedStats(source), 'duplicates')));
    for (const [index, source] of sources.entries()) duplicates.set(source, Number(counts[index] ?? 0));
  }

  async function reloadOrders(): Promise<void> {
    orders.clear();
    await readOrders(await newestOrders());
  }

  async function refreshOrders(ids: Set<string> | '*'): Promise<void> {
    // History is asked only when nothing else tells which orders are new: it may be busy writing, and screens wait.
    const named = ids === '*' ? namedOrders : [...ids].slice(-ORDERS_PER_REFRESH_MAX);
    namedOrders = [];
    await (named.length === 0 ? reloadOrders() : readOrders(named));
  }

  async function readOrders(wanted: string[]): Promise<void> {
    for (const order of await readStates<Order>('order', wanted)) orders.set(order.order, order);
    if (orders.size <= NEWEST_ORDERS) return;
    const oldestFirst = [...orders.values()].sort((a, b) => a.placedAt - b.placedAt);
    for (const order of oldestFirst.slice(0, orders.size - NEWEST_ORDERS)) orders.delete(order.order);
  }

  async function readStates<S>(kind: StateKind, wanted: string[]): Promise<S[]> {
    if (wanted.length === 0) return [];
    const values = await redis.hmGet(keys.state(kind), wanted);
    return values.flatMap((value) => (value === null || value === undefined ? [] : [JSON.parse(value) as S]));
  }

  const mirror = {
    states,
    orders,
    duplicates,
    readDuplicates,
    buckets,
    workspace,
    businessNow,
    note,
    /** Tells every notice also to whoever keeps something else up to date by them. */
    follow: (follower: OnNotice) => void followers.add(follower),
    refresh,
    readStates,
    now,
  };
  await refresh();
  return mirror;
}

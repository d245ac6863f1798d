/** What may be promised, asked of the live state at one moment, and what channels have been told. */
import type { z } from 'zod';
import type { EventOf } from '../../streams/events/index.ts';
import { policyOf } from '../../streams/operations/policy.ts';
import { inboundOf } from '../../streams/operations/purchasing/inbound.ts';
import { isOverdue, outstanding } from '../../streams/operations/purchasing/purchase-order-receipts.ts';
import type { Availability } from '../../streams/operations/reservations/availability-state.ts';
import { type Atp, channelAtpOf, nodeAtpOf, promiseOf } from '../../streams/operations/reservations/promise.ts';
import type { Reservation } from '../../streams/operations/reservations/reservation-state.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import { ids, type Source } from '../../streams/operations/states.ts';
import { shareToCountOn } from '../../streams/policies/supplier-record.ts';
import type { Principal } from '../access/abilities.ts';
import { appendAndWait } from '../actions/append.ts';
import { readEntriesAfter, readStates } from '../actions/paged-log.ts';
import type {
  AtpView,
  AvailabilityView,
  atpQuery,
  availabilityChanges,
  availabilityChangesQuery,
  availabilityPage,
  availabilityQuery,
  availabilityRequest,
  InboundView,
  PromisesView,
  PurchaseOrderView,
  ReservationView,
  reservationsPage,
  reservationsQuery,
} from '../http/contract/promises.ts';
import type { Runtime } from '../runtime.ts';
import { atOneMoment } from './at-one-moment.ts';
import { createStateIndex } from './state-index.ts';

/** Pages of the feed that one request looks through. */
const PAGES_PER_REQUEST_MAX = 20;

export type PromiseModel = ReturnType<typeof createPromiseModel>;

export function createPromiseModel({ redis, keys }: Pick<Runtime, 'redis' | 'keys'>, now: () => number) {
  const told = createStateIndex<Availability>(redis, keys.state('availability'), now);
  const kept = createStateIndex<Reservation>(redis, keys.state('reservation'), now);

  /** An ingest key speaks for one source, and reads what is told to the channel of it; others may read all. */
  async function channelsOf(principal: Principal): Promise<(channel: string) => boolean> {
    if (principal.role !== 'ingest' || principal.source === '*') return () => true;
    const [source] = await readStates<Source>(redis, keys, 'source', [principal.source ?? '']);
    return (channel) => source !== undefined && source.channel === channel;
  }

  return {
    async atp({ sku, channel, node, until }: z.output<typeof atpQuery>): Promise<AtpView | null> {
      const moments = { at: now(), ...(until === undefined ? {} : { until }) };
      const { answer, asOf } = await atOneMoment(redis, keys, (draft) => {
        if (channel !== undefined) return channelAtpOf(draft, sku, channel, moments);
        const known = draft.get('stock', ids.stock(sku, node!)) ?? draft.get('item', sku);
        return known === undefined ? null : nodeAtpOf(draft, sku, node!, moments);
      });
      if (answer === null) return null;
      const { atp, steps } = answer;
      return { sku, channel: channel ?? null, node: node ?? null, atp, steps, until: until ?? null, asOf };
    },

    /** The same for several channels at one moment. */
    async channelAtps(sku: string, channels: readonly string[]): Promise<Map<string, Atp>> {
      const at = now();
      const { answer } = await atOneMoment(redis, keys, (draft) =>
        channels.map((channel) => [channel, channelAtpOf(draft, sku, channel, { at })] as const),
      );
      return new Map(answer.filter((entry): entry is [string, Atp] => entry[1] !== null));
    },

    async promises(id: string): Promise<PromisesView | null> {
      const at = now();
      const { answer, asOf } = await atOneMoment(redis, keys, (draft) => {
        const order = draft.get('order', id);
        return order?.lines.map((line) => ({ line, promised: promiseOf(draft, order, line, at) }));
      });
      if (answer === undefined) return null;
      const lines = answer.map(({ line, promised }) => ({
        line: line.line,
        sku: line.sku,
        reserved: line.allocated.map(([node, quantity]) => ({ node, quantity })),
        waiting: line.waiting,
        ahead: promised?.ahead ?? 0,
        shipAt: promised?.shipAt ?? null,
        parts: promised?.parts ?? [],
        uncovered: promised?.uncovered ?? 0,
      }));
      return { order: id, lines, asOf };
    },

    async inbound(sku: string): Promise<InboundView> {
      const { answer, asOf } = await atOneMoment(redis, keys, (draft) =>
        inboundOf(draft, sku).map((entry) => ({
          ...entry,
          supplier: entry.supplier === '' ? null : entry.supplier,
          share:
            entry.kind === 'transfer'
              ? 1
              : shareToCountOn(
                  entry.supplier === '' ? undefined : draft.get('supplier-record', entry.supplier),
                  policyOf(draft, 'promise'),
                ),
        })),
      );
      return { sku, items: answer, asOf };
    },

    async purchaseOrder(id: string): Promise<PurchaseOrderView | null> {
      const { answer: order } = await atOneMoment(redis, keys, (draft) => draft.get('purchase-order', id));
      if (order === undefined) return null;
      return {
        purchaseOrder: id,
        supplier: order.supplier === '' ? null : order.supplier,
        cancelledAt: order.cancelledAt === 0 ? null : order.cancelledAt,
        lines: outstanding(order).map(({ line, came, units }) => ({
          line: line.line,
          sku: line.sku,
          node: line.node,
          quantity: line.quantity,
          received: came,
          outstanding: units,
          expectedAt: line.expectedAt,
          promisedAt: line.promisedAt,
          overdue: units > 0 && isOverdue(line),
        })),
      };
    },

    async reservationsPage(query: z.output<typeof reservationsQuery>): Promise<z.output<typeof reservationsPage>> {
      const { cursor = '', limit, sku, node, status, orphaned } = query;
      const { items, next } = await kept.page(
        cursor,
        limit,
        (known) =>
          known.status === status &&
          (sku === undefined || known.sku === sku) &&
          (node === undefined || known.held.some(([there]) => there === node)) &&
          (orphaned === undefined || known.orphaned === orphaned),
      );
      return { items: items.map(reservationView), next };
    },

    async reservation(id: string): Promise<ReservationView | null> {
      const [known] = await readStates<Reservation>(redis, keys, 'reservation', [id]);
      return known === undefined ? null : reservationView(known);
    },

    async availabilityPage(
      query: z.output<typeof availabilityQuery>,
      principal: Principal,
    ): Promise<z.output<typeof availabilityPage>> {
      const { cursor = '', limit, channel, q = '' } = query;
      const readable = await channelsOf(principal);
      const words = q.toLowerCase().split(/\s+/).filter(Boolean);
      const { items, next } = await told.page(
        cursor,
        limit,
        (known) =>
          readable(known.channel) &&
          (channel === undefined || known.channel === channel) &&
          words.every((word) => known.sku.toLowerCase().includes(word)),
      );
      return { items: items.map(availabilityView), next };
    },

    async availabilityChanges(
      query: z.output<typeof availabilityChangesQuery>,
      principal: Principal,
    ): Promise<z.output<typeof availabilityChanges>> {
      const { cursor, limit, channel } = query;
      const readable = await channelsOf(principal);
      const { entries, reached, last } = await readEntriesAfter(
        redis,
        keys,
        'availability',
        cursor,
        PAGES_PER_REQUEST_MAX,
      );
      const known = await readStates<Availability>(redis, keys, 'availability', [
        ...new Set(entries.map(({ id }) => id)),
      ]);
      const byId = new Map(known.map((one) => [ids.availability(one.sku, one.channel), one]));
      const items: AvailabilityView[] = [];
      let read = cursor;
      for (const { number, id } of entries) {
        if (items.length === limit) return { items, cursor: read, more: true };
        read = number;
        const one = byId.get(id);
        // Told again since: it stands at its later place.
        if (one === undefined || one.version !== number) continue;
        if (readable(one.channel) && (channel === undefined || one.channel === channel))
          items.push(availabilityView(one));
      }
      return { items, cursor: reached, more: reached < last };
    },

    async requestAvailability({ channel, skus }: z.output<typeof availabilityRequest>): Promise<void> {
      const at = now();
      const event: EventOf<'availability.requested'> = {
        id: `availability:${channel}:${at}`,
        source: OWN_SOURCE,
        type: 'availability.requested',
        occurredAt: at,
        observedAt: at,
        receivedAt: at,
        data: { channel, skus },
      };
      await appendAndWait(redis, keys, event);
    },
  };
}

const availabilityView = ({ sku, channel, published, atp, version, at }: Availability): AvailabilityView => ({
  sku,
  channel,
  quantity: published,
  atp,
  version,
  at,
});

const reservationView = (known: Reservation): ReservationView => ({
  reservation: known.reservation,
  owner: known.owner,
  ownerId: known.ownerId,
  channel: known.channel === '' ? null : known.channel,
  sku: known.sku,
  quantity: known.quantity,
  held: known.held.map(([node, quantity]) => ({ node, quantity })),
  heldAt: known.heldAt,
  expiresAt: known.expiresAt === 0 ? null : known.expiresAt,
  status: known.status,
  endedAt: known.endedAt === 0 ? null : known.endedAt,
  orphaned: known.orphaned,
  source: known.source,
});

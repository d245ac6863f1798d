/** How much stock a file's own events take for granted: the lowest that sellable stock would fall, starting from nothing. */
import type { CloudEvent } from '../../streams/events/envelope.ts';
import { startOfLocalDay } from './local-time.ts';

/** Orders that a later cancellation may name. A forgotten one only makes the opening balance larger than needed. */
const ORDERS_REMEMBERED_MAX = 200_000;

/** Units lacking at the lowest point of the first period, and (from nothing, in total) of each later one that lacks any. */
export type StockNeed = { first: number; later: { time: number; lacking: number }[] };

type Level = { now: number; lowest: number[] };
type OrderLine = { sku: string; quantity: number };

/** @param every length of a period in ms; null: all in one */
export function createStockNeed(zone: string, every: number | null) {
  const levels = new Map<string, Level>();
  const orders = new Map<string, Map<string, OrderLine>>();
  let origin: number | null = null;

  const move = (sku: string, change: number, time: number) => {
    origin ??= startOfLocalDay(time, zone);
    const period = every === null ? 0 : Math.max(0, Math.floor((time - origin) / every));
    let level = levels.get(sku);
    if (level === undefined) {
      level = { now: 0, lowest: [] };
      levels.set(sku, level);
    }
    level.now += change;
    level.lowest[period] = Math.min(level.lowest[period] ?? 0, level.now);
  };

  return {
    add(event: CloudEvent, time: number): void {
      // biome-ignore lint/suspicious/noExplicitAny: made and checked against the catalog a moment ago
      const data = event.data as any;
      switch (event.type) {
        case 'order.placed': {
          const lines = new Map<string, OrderLine>();
          for (const line of data.lines) {
            move(line.sku, -line.quantity, time);
            lines.set(line.line, { sku: line.sku, quantity: line.quantity });
          }
          orders.set(data.order, lines);
          if (orders.size > ORDERS_REMEMBERED_MAX) orders.delete(orders.keys().next().value!);
          break;
        }
        case 'order.cancelled': {
          const lines = orders.get(data.order);
          const all = [...(lines ?? [])].map(([line, { quantity }]) => ({ line, quantity }));
          for (const { line, quantity } of data.lines ?? all) {
            const placed = lines?.get(line);
            if (placed !== undefined) move(placed.sku, quantity, time);
          }
          break;
        }
        case 'fulfilment.dispatched': {
          // What has left cannot be cancelled any more; without this a long file would be held in memory.
          const lines = orders.get(data.order);
          for (const { line } of data.lines) lines?.delete(line);
          if (lines?.size === 0) orders.delete(data.order);
          break;
        }
        case 'return.judged':
          for (const line of data.lines) if (line.to === 'sellable') move(line.sku, line.quantity, time);
          break;
        case 'stock.adjusted':
          if ((data.bucket ?? 'sellable') === 'sellable') move(data.sku, data.quantity, time);
          break;
        case 'stock.received':
          if ((data.into ?? 'sellable') === 'sellable') move(data.sku, data.quantity, time);
      }
    },
    read: (): ReadonlyMap<string, StockNeed> =>
      new Map(
        [...levels].map(([sku, { lowest }]) => [
          sku,
          {
            first: Math.max(0, -(lowest[0] ?? 0)),
            later: lowest.flatMap((low, period) =>
              period > 0 && low < 0 ? [{ time: origin! + period * (every ?? 0), lacking: -low }] : [],
            ),
          },
        ]),
      ),
  };
}

/** A company of made counts for detectors: orders of channels, by ten minutes, and a reader that answers from them as history does. */
import type { FlowRow } from '../../../analytics/anomalies/watching/flow-figures.ts';
import { DAY_MS, HOUR_MS, TEN_MINUTES_MS } from '../../../analytics/anomalies/watching/series.ts';
import type { FiguresReader, Time } from '../../../server/signals/read-figures.ts';
import { countsOf, meansOf } from '../synthetic-minutes.ts';

const MINUTE_MS = 60_000;
export const FROM = Date.UTC(2026, 2, 2);
/** Mean orders a minute of each channel; at its busiest hours twice as many, at night a tenth. */
export const channels = { store: 1.5, web: 6, amazon: 20 } as const;
export type Channel = keyof typeof channels;
/** What happens to the orders of a channel: they are multiplied from minute `at` of the record on. */
export type Fault = { channel: Channel; at: number; minutes: number; factor: number };
const UNIT_PRICE = 2_000;
const UNIT_COST = 1_200;

export type MadeCompany = { minutes: Map<Channel, number[]>; days: number };

export function makeCompany(seed: number, days: number, faults: readonly Fault[] = []): MadeCompany {
  const minutes = new Map<Channel, number[]>();
  for (const [index, [name, perMinute]] of Object.entries(channels).entries()) {
    const shape = { perMinute, seed: seed * 100 + index, from: FROM, days };
    const means = meansOf(shape);
    for (const fault of faults.filter(({ channel }) => channel === name)) {
      for (let minute = fault.at; minute < fault.at + fault.minutes; minute++) means[minute]! *= fault.factor;
    }
    minutes.set(name as Channel, countsOf(means, shape));
  }
  return { minutes, days };
}

/** Orders of two units each: as many lines as orders, and their revenue and cost. */
export function readerOf(
  { minutes }: MadeCompany,
  silences: readonly (Time & { source: string })[] = [],
  /** What has not come yet. */
  isHidden: (channel: Channel, start: number) => boolean = () => false,
): FiguresReader & { asked: number } {
  const ordersIn = (channel: Channel, from: number, to: number): number => {
    const own = minutes.get(channel)!;
    let sum = 0;
    for (let minute = (from - FROM) / MINUTE_MS; minute < (to - FROM) / MINUTE_MS; minute++) sum += own[minute] ?? 0;
    return sum;
  };
  const reader = {
    asked: 0,
    async flowRows({ from, to }: Time, grainMs: number) {
      reader.asked += 1;
      const rows: FlowRow[] = [];
      for (let start = Math.max(FROM, from); start < to; start += grainMs) {
        for (const channel of minutes.keys()) {
          if (isHidden(channel, start)) continue;
          const orders = ordersIn(channel, start, Math.min(to, start + grainMs));
          if (orders > 0)
            rows.push(row('order-accepted', start, channel, orders), row('line-accepted', start, channel, orders));
        }
      }
      return rows;
    },
    levels: async () => new Map(),
    units: async () => new Map(),
    fastSkus: async () => new Map(),
    silences: async () => [...silences],
  };
  return reader;
}

function row(step: 'order-accepted' | 'line-accepted', start: number, channel: Channel, orders: number): FlowRow {
  const isLine = step === 'line-accepted';
  return {
    start: start / 1_000,
    step,
    clock: 'step',
    channel,
    node: '',
    currency: 'EUR',
    why: '',
    longer: {},
    steps_sum: orders,
    quantity_sum: isLine ? 2 * orders : 0,
    amount_sum: isLine ? 2 * orders * UNIT_PRICE : 0,
    cost_sum: isLine ? 2 * orders * UNIT_COST : 0,
    short_sum: 0,
    duration_ms_sum: 0,
    on_time_sum: orders,
    filled_sum: orders,
  };
}

export const minuteOf = (at: number): number => (at - FROM) / MINUTE_MS;
export const atMinute = (minute: number): number => FROM + minute * MINUTE_MS;
export { DAY_MS, HOUR_MS, TEN_MINUTES_MS };

/** Figures of closed buckets, from history: steps of flows, levels by the hour, fast SKUs. */
import { type FlowRow, flowsAsked, type PlaceSums, sumsOf } from '../../analytics/anomalies/watching/flow-figures.ts';
import {
  DAY_MS,
  HOUR_MS,
  nameOf,
  type Series,
  type SeriesPart,
  TEN_MINUTES_MS,
} from '../../analytics/anomalies/watching/series.ts';
import { kpiById } from '../../analytics/kpis/index.ts';
import { type LevelSpan, spansFor } from '../../analytics/kpis/roll-up-level.ts';
import { type AskHistory, kpiSeries } from '../../analytics/kpis/series.ts';
import { flowRowsQuery } from '../../analytics/sql/signals/flow-rows.ts';

export type Time = { from: number; to: number };
/** By name of the series and start of the bucket, ms. */
export type LevelFigures = Map<string, Map<number, number | null>>;

export type FiguresReader = {
  /** Rows of steps in buckets of this width; the time must consist of whole ones. */
  flowRows(time: Time, grainMs: number): Promise<FlowRow[]>;
  levels(series: readonly Series[], time: Time, now: number): Promise<LevelFigures>;
  /** Units by SKU and start of the hour, ms; hours without any are left out. */
  units(skus: readonly string[], time: Time): Promise<Map<string, Map<number, number>>>;
  /** Units ordered in a time, of those that were ordered most. */
  fastSkus(time: Time, limit: number): Promise<Map<string, number>>;
  /** Times in which sources were silent; `to` is infinite while it lasts. */
  silences(time: Time): Promise<(Time & { source: string })[]>;
};

export function createFiguresReader(
  ask: AskHistory,
  where: () => { timeZone: string; currency: string },
): FiguresReader {
  const seconds = ({ from, to }: Time) => ({ from: Math.floor(from / 1_000), to: Math.floor(to / 1_000) });
  return {
    async flowRows(time, grainMs) {
      const { timeZone } = where();
      const query = flowRowsQuery(flowsAsked, spansOf(time, grainMs, timeZone));
      return (await ask({ sql: query }, { seconds: grainMs / 1_000, timeZone })) as FlowRow[];
    },

    async levels(series, time, now) {
      const { timeZone, currency } = where();
      const figures: LevelFigures = new Map();
      // One question for the whole and one for all values of a part.
      const asked = Map.groupBy(series, (one) => `${one.kpi}|${partsOf(one)}`);
      for (const own of asked.values()) {
        const kpi = kpiById(own[0]!.kpi)!;
        const by = partsOf(own[0]!);
        const query = { ...time, grain: 'hour', by, timeZone, currency, now } as const;
        const answer = await kpiSeries(ask, kpi, query);
        for (const one of own) {
          const found = answer.series.find(({ key }) => key === (by === null ? '' : one[by]));
          if (found !== undefined) figures.set(nameOf(one), new Map(found.points));
        }
      }
      return figures;
    },

    async units(skus, time) {
      const figures = new Map<string, Map<number, number>>(skus.map((sku) => [sku, new Map()]));
      if (skus.length === 0) return figures;
      const parameters = { ...seconds(time), skus: skus as unknown as readonly number[] };
      for (const row of await ask('signals/sku-units', parameters)) {
        figures.get(String(row['sku']))?.set(Number(row['start']) * 1_000, Number(row['units']));
      }
      return figures;
    },

    async fastSkus(time, limit) {
      const rows = await ask('signals/fast-skus', { ...seconds(time), limit });
      return new Map(rows.map((row) => [String(row['sku']), Number(row['units'])]));
    },

    async silences(time) {
      const rows = await ask('signals/silences', seconds(time));
      return rows.map((row) => ({
        source: String(row['source']),
        from: Number(row['began']),
        to: Number(row['ended']) || Number.POSITIVE_INFINITY,
      }));
    },
  };
}

type Measured = Exclude<SeriesPart, 'sku'>;
const partsOf = (of: Series): Measured | null =>
  of.channel !== undefined ? 'channel' : of.node !== undefined ? 'node' : of.source !== undefined ? 'source' : null;

function spansOf({ from, to }: Time, grainMs: number, timeZone: string): LevelSpan[] {
  if (grainMs === TEN_MINUTES_MS) return [{ level: 'minute', from, to }];
  return spansFor({ from, to, grain: grainMs === HOUR_MS ? 'hour' : 'day', timeZone });
}

/** Sums by start of bucket. */
export async function readFlows(reader: FiguresReader, time: Time, grainMs: number): Promise<Map<number, PlaceSums>> {
  return sumsOf(await reader.flowRows(time, grainMs));
}

/** Read at once: a day of ten minutes has some ten thousand rows, whose parsing must not hold up the process. */
export const CHUNK_MS: Readonly<Record<number, number>> = {
  [TEN_MINUTES_MS]: DAY_MS / 2,
  [HOUR_MS]: 4 * DAY_MS,
  [DAY_MS]: 90 * DAY_MS,
};

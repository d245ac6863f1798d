/** Buckets by grain and start, with the sums of each start remembered: screens add up the same hours again and again. */
import { sumBuckets } from '../../analytics/kpis/index.ts';
import { type BucketGrain, HOUR_MS, MINUTE_MS } from '../../streams/operations/buckets.ts';
import type { Bucket } from '../../streams/operations/states.ts';

export type Cell = { grain: BucketGrain; start: number; channel: string; node: string; bucket: Bucket };
export type BucketFilter = { channel?: string | undefined; node?: string | undefined };

type Column = { cells: Map<string, Cell>; sums: Map<string, Bucket | undefined> };
/** Local days have no common length: they are looked through. */
const stepMs = { minute: MINUTE_MS, hour: HOUR_MS, day: undefined } as const;

export function createBucketTable() {
  const grains = { minute: new Map<number, Column>(), hour: new Map<number, Column>(), day: new Map<number, Column>() };
  const pairs = new Map<string, readonly [channel: string, node: string]>();

  function put(cell: Cell): void {
    const columns = grains[cell.grain];
    const column = columns.get(cell.start) ?? { cells: new Map(), sums: new Map() };
    columns.set(cell.start, column);
    const pair = `${cell.channel}|${cell.node}`;
    column.cells.set(pair, cell);
    column.sums.clear();
    if (!pairs.has(pair)) pairs.set(pair, [cell.channel, cell.node]);
  }

  function select(grain: BucketGrain, from: number, to: number, filter: BucketFilter): Cell[] {
    return columnsIn(grain, from, to).flatMap(({ cells }) => [...cells.values()].filter((cell) => fits(cell, filter)));
  }

  function columnsIn(grain: BucketGrain, from: number, to: number): Column[] {
    const columns = grains[grain];
    const step = stepMs[grain];
    if (step === undefined || (to - from) / step > columns.size) {
      return [...columns].flatMap(([start, column]) => (start >= from && start < to ? [column] : []));
    }
    const found: Column[] = [];
    for (let start = Math.ceil(from / step) * step; start < to; start += step) {
      const column = columns.get(start);
      if (column !== undefined) found.push(column);
    }
    return found;
  }

  function sum(grain: BucketGrain, start: number, filter: BucketFilter): Bucket | undefined {
    const column = grains[grain].get(start);
    if (column === undefined) return undefined;
    const part = JSON.stringify([filter.channel, filter.node]);
    if (!column.sums.has(part)) {
      const within = [...column.cells.values()].filter((cell) => fits(cell, filter));
      column.sums.set(part, sumBuckets(within.map(({ bucket }) => bucket)));
    }
    return column.sums.get(part);
  }

  return {
    put,
    select,
    sum,
    pairs: () => [...pairs.values()],
    earliest: (grain: BucketGrain) =>
      [...grains[grain].keys()].reduce((first, start) => Math.min(first, start), Number.POSITIVE_INFINITY),
  };
}

const fits = (cell: Cell, { channel, node }: BucketFilter): boolean =>
  (channel === undefined || cell.channel === channel) && (node === undefined || cell.node === node);

/** What is known to have happened, whoever was told of it. Times are epoch ms. */

/** Order lines of one node that were due by one moment, and those of them that did not leave by then. */
export type DueWave = { node: string; shipBy: number; lines: number; late: number };
/** A time during which a record had nothing left to promise, by the hour; `to` is infinite while it lasts. */
export type EmptyTime = { sku: string; node: string; from: number; to: number };
/** A count of a record; `short` is what it found beyond the tolerance, either way, 0: the record was right. */
export type Count = { sku: string; node: string; at: number; short: number };
/** Events of a source that came late, by when they happened. */
export type LateEvents = { source: string; at: number; events: number };
/** Lines cancelled because the goods were not there. */
export type CancelledForStock = { sku: string; at: number; units: number };
/** Something that was known beforehand to change figures. */
export type Planned = {
  name: string;
  from: number;
  to: number;
  channel?: string | undefined;
  node?: string | undefined;
};

export type Facts = {
  waves: readonly DueWave[];
  empty: readonly EmptyTime[];
  counts: readonly Count[];
  late: readonly LateEvents[];
  cancelled: readonly CancelledForStock[];
  planned: readonly Planned[];
};

/** The same facts, found by what they are about. */
export type FactIndex = {
  wave(node: string, shipBy: number): DueWave | undefined;
  wavesOf(node: string): readonly DueWave[];
  emptyOf(record: string): readonly EmptyTime[];
  countsOf(record: string): readonly Count[];
  lateOf(source: string): readonly LateEvents[];
  planned: readonly Planned[];
};

const none: readonly never[] = [];

export function indexFacts({ waves, empty, counts, late, planned }: Facts): FactIndex {
  const byWave = new Map(waves.map((wave) => [`${wave.node}|${wave.shipBy}`, wave]));
  const byNode = Map.groupBy(waves, ({ node }) => node);
  const byRecord = Map.groupBy(empty, ({ sku, node }) => `${sku}|${node}`);
  const countsByRecord = Map.groupBy(
    counts.toSorted((a, b) => a.at - b.at),
    ({ sku, node }) => `${sku}|${node}`,
  );
  const bySource = Map.groupBy(late, ({ source }) => source);
  return {
    wave: (node, shipBy) => byWave.get(`${node}|${shipBy}`),
    wavesOf: (node) => byNode.get(node) ?? none,
    emptyOf: (record) => byRecord.get(record) ?? none,
    countsOf: (record) => countsByRecord.get(record) ?? none,
    lateOf: (source) => bySource.get(source) ?? none,
    planned,
  };
}

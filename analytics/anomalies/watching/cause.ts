/**
 * One line for one cause: a shop that breaks takes orders, units and revenue with it, of its channel and of the whole. Of
 * what leaves its band together one series speaks, and names the others. Pure.
 */
import type { Direction } from './incident.ts';
import { familyOf, partOf, placeOf, rankOf, type Series } from './series.ts';

export type Out = {
  series: Series;
  since: number;
  direction: Direction;
  surprise: number;
  /** Value less expected, of the newest bucket, by the hour: to tell whether one part makes most of the whole's change. */
  awayPerHour: number;
};

/** What began within this time of each other may be one thing; longer for coarser series. */
const TOGETHER_MS = 3_600_000;
/** A part that makes so much of the change of the whole is where it happens. */
const MOST_OF_IT = 0.6;

/** Whether two may have the same cause. */
export function belongTogether(a: Out, b: Out): boolean {
  if (a.direction !== b.direction) return false;
  // Whoever tells nothing tells nothing of anything.
  const isSilence = a.direction === 'missing' && placeOf(a.series) === placeOf(b.series);
  if (!isSilence && familyOf(a.series.kpi) !== familyOf(b.series.kpi)) return false;
  const apart = Math.abs(a.since - b.since) - Math.max(a.series.grainMs, b.series.grainMs);
  if (apart > TOGETHER_MS) return false;
  const [one, other] = [placeOf(a.series), placeOf(b.series)];
  // Two channels are two places, unless the whole is out as well, which then holds them together.
  return one === other || one === '' || other === '' || partOf(a.series) !== partOf(b.series);
}

/** Sets of those that hang together, each by way of others. */
export function clustersOf(outs: readonly Out[]): Out[][] {
  const left = new Set(outs);
  const clusters: Out[][] = [];
  for (const first of outs) {
    if (!left.delete(first)) continue;
    const cluster = [first];
    for (const member of cluster) {
      for (const candidate of left) {
        if (!belongTogether(member, candidate)) continue;
        left.delete(candidate);
        cluster.push(candidate);
      }
    }
    clusters.push(cluster);
  }
  return clusters;
}

/** The one that speaks for a cluster: where it happens, in the figure people think in. */
export function speakerOf(cluster: readonly Out[]): Out {
  const place = placeThatExplains(cluster);
  const there = cluster.filter(({ series }) => placeOf(series) === place);
  return there.reduce((best, out) => (speaksBefore(out, best) ? out : best));
}

function placeThatExplains(cluster: readonly Out[]): string {
  const whole = cluster.filter(({ series }) => placeOf(series) === '');
  const parts = cluster.filter(({ series }) => placeOf(series) !== '');
  const places = [...Map.groupBy(parts, ({ series }) => placeOf(series))].sort(
    ([, a], [, b]) => nearness(a[0]!) - nearness(b[0]!) || strength(b) - strength(a),
  );
  if (whole.length === 0) return places[0]?.[0] ?? '';
  const most = places.find(([, members]) => shareOf(members, whole) >= MOST_OF_IT);
  return most?.[0] ?? '';
}

/** Channels and sources are nearer to what happens than nodes, which only share the work out. */
const nearness = ({ series }: Out): number => ['channel', 'source', 'node', 'sku'].indexOf(partOf(series) ?? '');

/** How much of the change of the whole these make, in the figure that shows it best. */
function shareOf(members: readonly Out[], whole: readonly Out[]): number {
  const shares = members.flatMap((part) => {
    const same = whole.find(({ series }) => series.kpi === part.series.kpi);
    return same === undefined || same.awayPerHour === 0 ? [] : [part.awayPerHour / same.awayPerHour];
  });
  return Math.max(0, ...shares);
}

const strength = (outs: readonly Out[]): number => Math.max(...outs.map(({ surprise }) => surprise));

function speaksBefore({ series: a }: Out, { series: b }: Out): boolean {
  const [first, second] = [placeInLine(a), placeInLine(b)];
  return first === second ? a.name < b.name : first < second;
}

/** What is sold before what is shipped, the first of a family before the others, what has none last. */
function placeInLine({ kpi }: Series): number {
  const family = familyOf(kpi);
  return typeof family === 'number' ? 100 * family + rankOf(kpi) : Number.POSITIVE_INFINITY;
}

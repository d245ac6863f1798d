/** How like an earlier episode was to this one: what it was about, its shape, its size, the hour of the week, its roots. */

export type Episode = {
  /** When it began, epoch ms, and how far local time is ahead of UTC then. */
  began: number;
  offsetMs: number;
  subject: string;
  /** Of a figure: which, what happened to it, by which part of what was expected, and the values that made it. */
  kpi?: string | undefined;
  what?: string | undefined;
  change?: number | undefined;
  roots?: readonly { [dimension: string]: string }[] | undefined;
  /** What it names beside its subject. */
  sku?: string | undefined;
  node?: string | undefined;
  channel?: string | undefined;
  source?: string | undefined;
};
export type Likeness = { likeness: number; because: string[] };

const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;
const SAME_HOURS = 2;
const SIZE_NEAR = 0.75;

/** 1: the same series, shape, size and hour of the week. Neither of two figures without a shape says anything against. */
export function likenessOf(now: Episode, then: Episode): Likeness {
  const because: string[] = [];
  let [sum, possible] = [0, 0];
  const add = (weight: number, share: number, words: string) => {
    possible += weight;
    sum += weight * share;
    if (share >= SIZE_NEAR && words !== '') because.push(words);
  };
  if (now.subject === then.subject) add(0.4, 1, now.kpi === undefined ? 'the same subject' : 'the same series');
  else add(0.4, now.kpi !== undefined && now.kpi === then.kpi ? 0.5 : 0, '');
  if (now.what !== undefined && then.what !== undefined) add(0.2, now.what === then.what ? 1 : 0, `also ${then.what}`);
  if (now.change !== undefined && then.change !== undefined)
    add(0.15, sizeLikeness(now.change, then.change), 'about the same size');
  if (now.roots !== undefined && then.roots !== undefined && now.roots.length + then.roots.length > 0) {
    add(0.15, overlap(now.roots, then.roots), 'the same parts');
  }
  for (const field of ['sku', 'node', 'channel', 'source'] as const) {
    if (now[field] === undefined || now.subject === then.subject) continue;
    add(0.1, now[field] === then[field] ? 1 : 0, `the same ${field}`);
  }
  const apart = hoursApart(now, then);
  add(0.1, apart <= SAME_HOURS ? 1 : Math.max(0, 1 - apart / 24), 'the same hour of the week');
  return { likeness: possible === 0 ? 0 : sum / possible, because };
}

/** Of changes as parts of what was expected: the smaller beside the larger, 0 when they point apart. */
const sizeLikeness = (a: number, b: number): number =>
  a === 0 || b === 0 || Math.sign(a) !== Math.sign(b)
    ? 0
    : Math.min(Math.abs(a), Math.abs(b)) / Math.max(Math.abs(a), Math.abs(b));

function overlap(a: NonNullable<Episode['roots']>, b: NonNullable<Episode['roots']>): number {
  const names = (roots: NonNullable<Episode['roots']>) =>
    new Set(roots.map((root) => JSON.stringify(Object.entries(root).sort())));
  const [one, other] = [names(a), names(b)];
  return one.intersection(other).size / one.union(other).size;
}

function hoursApart(a: Episode, b: Episode): number {
  const of = ({ began, offsetMs }: Episode) => ((began + offsetMs) / HOUR_MS) % WEEK_HOURS;
  const apart = Math.abs(of(a) - of(b));
  return Math.min(apart, WEEK_HOURS - apart);
}

/** One exception from its opening to its end, with what people and facts said of it. Times are epoch ms, money minor units. */

export type Episode = {
  /** `EX-17` */
  number: string;
  kind: string;
  subject: string;
  /** What it said when it opened. */
  title: string;
  openedAt: number;
  /** Null while it stands. */
  closedAt: number | null;
  /** The last useful moment as it was last told; 0 when there was none. */
  deadline: number;
  moneyTold: number;
  /** The last that was at risk by its deadline, or by its end where that came first. */
  moneyAtHarm: number;
  /** Somebody acknowledged, started or resolved it. */
  worked: boolean;
  dismissedAsFalse: boolean;
  sku: string;
  node: string;
  channel: string;
  source: string;
  /** Of a KPI anomaly: the series (`orders/channel=web`), how surprising it was when it opened, 0 to 1, and the width of its buckets. */
  signal: { series: string; score: number; grainMs: number } | null;
};

/** What facts say of what was claimed. `because` says which. */
export type Outcome = { outcome: 'came-true' | 'did-not' | 'unknown'; because: string };

export type Said = { by: string; at: number; useful: boolean };

/** Was it worth telling? People know best, then facts; who dismissed it as a false alarm has said so too. */
export type Labelled = Episode & {
  ratings: readonly Said[];
  outcome: Outcome;
  label: 'useful' | 'not-useful' | 'unknown';
  labelledBy: 'rating' | 'dismissal' | 'facts' | null;
};

export function labelled(episode: Episode, ratings: readonly Said[], outcome: Outcome): Labelled {
  const newest = new Map<string, Said>();
  for (const one of ratings) if ((newest.get(one.by)?.at ?? -1) <= one.at) newest.set(one.by, one);
  const said = [...newest.values()];
  const useful = said.filter((one) => one.useful).length;
  const balance = useful - (said.length - useful);
  const known = { ...episode, ratings: said, outcome };
  if (balance !== 0) return { ...known, label: balance > 0 ? 'useful' : 'not-useful', labelledBy: 'rating' };
  if (episode.dismissedAsFalse) return { ...known, label: 'not-useful', labelledBy: 'dismissal' };
  if (outcome.outcome === 'came-true') return { ...known, label: 'useful', labelledBy: 'facts' };
  // What somebody worked on and did not happen was perhaps prevented.
  if (outcome.outcome === 'did-not' && !episode.worked) return { ...known, label: 'not-useful', labelledBy: 'facts' };
  return { ...known, label: 'unknown', labelledBy: null };
}

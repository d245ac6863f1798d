/** Of what is known to have happened, how much was told before? Only where facts say what happened. */
import type { Episode } from './episode.ts';
import type { Facts } from './facts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Stock is known by the hour: what was told within the hour in which it ran out was told before. */
const GRAIN_MS = HOUR_MS;

type Happening = { subject: string; at: number };
export type Recall = { question: string; happened: number; told: number; leadMs: number[] };
type RecallOf = {
  question: string;
  happenings(facts: Facts): Happening[];
  /** Whether an exception of this subject told of it; how long before, in ms, may be negative by the grain of what is known. */
  wasTold(episode: Episode, happening: Happening): boolean;
};

const standsAt = ({ openedAt, closedAt }: Episode, at: number, slackMs: number): boolean =>
  openedAt <= at && (closedAt ?? Number.POSITIVE_INFINITY) >= at - slackMs;

export const recalls: Readonly<Record<string, RecallOf>> = {
  'ship-by-at-risk': {
    question: 'Of the waves that lines left late from, which were told before their promise?',
    happenings: ({ waves }) =>
      waves.filter(({ late }) => late > 0).map(({ node, shipBy }) => ({ subject: `${node}|${shipBy}`, at: shipBy })),
    wasTold: ({ openedAt }, { at }) => openedAt < at,
  },
  'stockout-expected': {
    question: 'Of the records that ran out of what can be promised, which were told before?',
    happenings: ({ empty }) => empty.map(({ sku, node, from }) => ({ subject: `${sku}|${node}`, at: from })),
    wasTold: (episode, { at }) => standsAt(episode, at + GRAIN_MS, DAY_MS),
  },
  oversold: {
    question: 'Of the items that lines were cancelled of for lack of stock, which were told as oversold before?',
    happenings: ({ cancelled }) => firstOfDay(cancelled.map(({ sku, at }) => ({ subject: sku, at }))),
    wasTold: (episode, { at }) => standsAt(episode, at, DAY_MS),
  },
  'confidence-low': {
    question: 'Of the records that a count found wrong, which were told to be doubtful before?',
    happenings: ({ counts }) =>
      counts.filter(({ short }) => short > 0).map(({ sku, node, at }) => ({ subject: `${sku}|${node}`, at })),
    // The count itself ends the doubt.
    wasTold: (episode, { at }) => episode.openedAt < at && standsAt(episode, at, 0),
  },
};

/** Many lines of one item on one day are one misfortune. */
function firstOfDay(all: readonly Happening[]): Happening[] {
  const first = new Map<string, Happening>();
  for (const one of all.toSorted((a, b) => a.at - b.at)) {
    const key = `${one.subject}|${Math.floor(one.at / DAY_MS)}`;
    if (!first.has(key)) first.set(key, one);
  }
  return [...first.values()];
}

/** @param episodes also those that opened before `from`, as long as they stood then; null where no fact says what happened */
export function recallOf(
  kind: string,
  episodes: readonly Episode[],
  facts: Facts,
  { from, to }: { from: number; to: number },
): Recall | null {
  const of = recalls[kind];
  if (of === undefined) return null;
  const bySubject = Map.groupBy(
    episodes.filter((episode) => episode.kind === kind),
    ({ subject }) => subject,
  );
  const happened = of.happenings(facts).filter(({ at }) => at >= from && at < to);
  const leadMs = happened.flatMap((happening) => {
    const told = (bySubject.get(happening.subject) ?? []).filter((episode) => of.wasTold(episode, happening));
    return told.length === 0 ? [] : [happening.at - Math.min(...told.map(({ openedAt }) => openedAt))];
  });
  return { question: of.question, happened: happened.length, told: leadMs.length, leadMs };
}

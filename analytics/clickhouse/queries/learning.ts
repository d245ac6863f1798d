/** What history knows of the exceptions of a time, of what people said of them, and of what happened then. */

import type { Episode, Said } from '../../learning/episode.ts';
import type { Facts } from '../../learning/facts.ts';
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** What a series of a KPI may be of, as events and policies name it. */
const seriesParts = ['channel', 'node', 'source', 'sku'] as const;
/** More of one time than anybody could look at; the newest are known. */
export const EPISODES_MAX = 50_000;
const FACTS_MAX = 100_000;
const RATINGS_MAX = 200;

type EpisodeRow = Omit<Episode, 'closedAt' | 'worked' | 'dismissedAsFalse' | 'signal'> & {
  closedAt: number;
  worked: number | boolean;
  dismissed: number | boolean;
  /** The event that told of an anomaly, as JSON; empty for all others. */
  told: string;
};

type Time = { from: number; to: number };

/** Exceptions that opened in [from, to), newest first, at most EPISODES_MAX. Times are epoch ms, money minor units. */
export async function episodesOf(history: HistoryClient, { from, to }: Time): Promise<Episode[]> {
  const asked = { from, to, limit: EPISODES_MAX };
  const rows = await queryRows<EpisodeRow>(history, loadQuery('queries/learning-episodes'), asked);
  return rows.map(({ closedAt, worked, dismissed, told, ...row }) => ({
    ...row,
    openedAt: Number(row.openedAt),
    closedAt: Number(closedAt) === 0 ? null : Number(closedAt),
    deadline: Number(row.deadline),
    moneyTold: Number(row.moneyTold),
    moneyAtHarm: Number(row.moneyAtHarm),
    worked: Boolean(worked),
    dismissedAsFalse: Boolean(dismissed),
    signal: told === '' ? null : signalOf(JSON.parse(told) as Record<string, unknown>),
  }));
}

function signalOf(told: Record<string, unknown>): Episode['signal'] {
  const part = seriesParts.find((name) => typeof told[name] === 'string');
  const place = part === undefined ? '' : `/${part}=${told[part] as string}`;
  const { kpi, score, minutes = 1 } = told as { kpi: string; score: number; minutes?: number };
  return { series: `${kpi}${place}`, score, grainMs: minutes * MINUTE_MS };
}

/** By the number of the exception. */
export async function ratingsSince(history: HistoryClient, from: number): Promise<Map<string, Said[]>> {
  type Row = { number: string; actor: string; saidAt: number; isUseful: boolean };
  const rows = await queryRows<Row>(history, loadQuery('queries/learning-ratings'), { from });
  const said = rows.map(({ number, actor, saidAt, isUseful }) => ({
    number,
    by: actor,
    at: Number(saidAt),
    useful: Boolean(isUseful),
  }));
  return Map.groupBy(said, ({ number }) => number);
}

/** Newest first. */
export async function ratingsOfException(
  history: HistoryClient,
  of: { number: string; kind: string; subject: string },
): Promise<(Said & { reason: string })[]> {
  type Row = { actor: string; saidAt: number; isUseful: boolean; words: string };
  const asked = { ...of, limit: RATINGS_MAX };
  const rows = await queryRows<Row>(history, loadQuery('queries/ratings-of-exception'), asked);
  return rows.map(({ actor, saidAt, isUseful, words }) => ({
    by: actor,
    at: Number(saidAt),
    useful: Boolean(isUseful),
    reason: words,
  }));
}

/** @param sources whose late events are looked for */
export async function factsOf(
  history: HistoryClient,
  { from, to }: Time,
  sources: readonly string[],
): Promise<Omit<Facts, 'planned'>> {
  const asked = { from, to, limit: FACTS_MAX };
  const seconds = { from: Math.floor(from / SECOND_MS), to: Math.ceil(to / SECOND_MS), limit: FACTS_MAX };
  const rows = <Row>(name: string, parameters: Record<string, unknown> = asked) =>
    queryRows<Row>(history, loadQuery(`queries/${name}`), parameters);
  // One after the other: the engine has few lanes, and others wait for them too.
  const waves = await rows<Facts['waves'][number]>('learning-waves');
  const empty = await rows<{ sku: string; node: string; begins: number; ends: number }>('learning-empty', seconds);
  const counts = await rows<{ sku: string; node: string; countedAt: number; beyond: number }>('learning-counts');
  const cancelled = await rows<{ sku: string; cancelledAt: number; units: number }>('learning-cancelled');
  const late =
    sources.length === 0
      ? []
      : await rows<{ source: string; slot: number; events: number }>('learning-late-events', { ...asked, sources });
  return {
    waves: waves.map(({ node, shipBy, lines, late: left }) => ({
      node,
      shipBy: Number(shipBy),
      lines: Number(lines),
      late: Math.max(0, Number(left)),
    })),
    empty: empty.map(({ sku, node, begins, ends }) => ({
      sku,
      node,
      from: Number(begins) * SECOND_MS,
      to: Number(ends) === 0 ? Number.POSITIVE_INFINITY : Number(ends) * SECOND_MS,
    })),
    counts: counts.map(({ sku, node, countedAt, beyond }) => ({
      sku,
      node,
      at: Number(countedAt),
      short: Number(beyond),
    })),
    cancelled: cancelled.map(({ sku, cancelledAt, units }) => ({ sku, at: Number(cancelledAt), units: Number(units) })),
    late: late.map(({ source, slot, events }) => ({ source, at: Number(slot) * SECOND_MS, events: Number(events) })),
  };
}

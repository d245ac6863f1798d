/** The exceptions of the last days with what people and facts said of them, and what is known to have happened. */
import { EPISODES_MAX, episodesOf, factsOf, ratingsSince } from '../../analytics/clickhouse/queries/learning.ts';
import { type Labelled, labelled } from '../../analytics/learning/episode.ts';
import { type Facts, indexFacts, type Planned } from '../../analytics/learning/facts.ts';
import { outcomesOf } from '../../analytics/learning/outcomes.ts';
import type { CalendarEntry } from '../../streams/operations/states.ts';
import { reachable } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';

const DAY_MS = 86_400_000;
/** What stood when the asked time began had opened before. */
const BEFORE_MS = 7 * DAY_MS;
/** What happens after the asked time may still tell what came of what was said in it. */
const AFTER_MS = 15 * DAY_MS;

export type Known = {
  from: number;
  to: number;
  /** Also those that opened in the week before. */
  all: readonly Labelled[];
  /** Those that opened in the asked time. */
  within: readonly Labelled[];
  facts: Facts;
  /** False: there were too many, and the oldest are left out. */
  complete: boolean;
};

/** @param now business time, epoch ms */
export async function readKnown(
  runtime: Pick<Runtime, 'redis' | 'keys' | 'history'>,
  { from, to }: { from: number; to: number },
  now: number,
): Promise<Known> {
  const { history } = runtime;
  const since = from - BEFORE_MS;
  const episodes = await reachable(episodesOf(history, { from: since, to }));
  const ratings = await reachable(ratingsSince(history, since));
  const silent = episodes.filter(({ kind }) => kind === 'source-silent');
  const sources = [...new Set(silent.map(({ source }) => source))];
  const until = Math.min(now, to + AFTER_MS);
  const happened = await reachable(factsOf(history, { from: since, to: until }, sources));
  const facts: Facts = { ...happened, planned: await plannedOf(runtime) };
  const outcomes = outcomesOf(episodes, indexFacts(facts), now);
  const all = episodes.map((episode, index) => labelled(episode, ratings.get(episode.number) ?? [], outcomes[index]!));
  const within = all.filter(({ openedAt }) => openedAt >= from);
  return { from, to, all, within, facts, complete: episodes.length < EPISODES_MAX };
}

/** What a deployment changes nobody wants to overlook: it explains nothing away. */
async function plannedOf({ redis, keys }: Pick<Runtime, 'redis' | 'keys'>): Promise<Planned[]> {
  const texts = Object.values(await redis.hGetAll(keys.state('calendar')));
  return texts
    .map((text) => JSON.parse(text) as CalendarEntry)
    .filter(({ withdrawn, kind }) => !withdrawn && kind !== 'deployment')
    .map(({ name, from, to, channel, node }) => ({ name, from, to, channel, node }));
}

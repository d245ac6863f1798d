/** What the routes of learning ask for. */

import { recallOf } from '../../analytics/learning/recall.ts';
import { daysBetween, figuresOf, SAVED_FORMULA, totalsOf } from '../../analytics/learning/rule-figures.ts';
import { exceptionDefinitions } from '../../streams/exceptions/index.ts';
import type {
  LearningAnswer,
  RatedAnswer,
  RatingsAnswer,
  Suggestion,
  SuggestionsAnswer,
} from '../http/contract/learning.ts';
import type { Mirror } from '../live/mirror.ts';
import { eventsBehind } from '../reading/events-behind.ts';
import { findException } from '../reading/exceptions.ts';
import type { Runtime } from '../runtime.ts';
import type { Trials } from '../settings/trial/trials.ts';
import { type Known, readKnown } from './known.ts';
import { rate, ratingsOf } from './ratings.ts';
import { openSuggestions } from './suggestions.ts';
import { readDelivered, toldPeople } from './told-people.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** It is asked again and again by whoever looks at the page; weeks change little in a minute. */
const KNOWN_FOR_MS = 30_000;
const WINDOWS_KNOWN_MAX = 4;
const LISTED_MAX = 1_000;

/** `null` means: there is no such thing. What cannot be done now is thrown as `NotReady`, `Overtaken` or `TrialRunning`. */
export type LearningModel = {
  read(days: number): Promise<LearningAnswer>;
  suggestions(days: number): Promise<SuggestionsAnswer>;
  replay(id: string, days: number, by: string): Promise<Suggestion | null>;
  accept(id: string, days: number, note: string, by: string): Promise<number | null>;
  dismiss(id: string, days: number, reason: string, by: string): Promise<Suggestion | null>;
  ratings(exception: string): Promise<RatingsAnswer | null>;
  rate(
    exception: string,
    said: { useful: boolean; reason?: string | undefined },
    by: string,
  ): Promise<RatedAnswer | null>;
};

export function createLearningModel({
  runtime,
  mirror,
  trials,
}: {
  runtime: Runtime;
  mirror: Mirror;
  trials: Trials;
}): LearningModel {
  const suggestions = openSuggestions({ runtime, trials, now: mirror.now });
  const asked = new Map<number, { at: number; known: Promise<Known> }>();

  /** Over how many days a suggestion was last shown: who decides about it speaks of these. */
  const listedFor = new Map<string, number>();
  const daysOf = (id: string, asked: number): number => listedFor.get(id) ?? asked;

  /** By the minute, so that who reads a page and then decides speaks of the same time. */
  function known(days: number): Promise<Known> {
    const before = asked.get(days);
    if (before !== undefined && mirror.now() - before.at < KNOWN_FOR_MS) return before.known;
    const now = mirror.businessNow();
    const to = Math.ceil(now / MINUTE_MS) * MINUTE_MS;
    const fresh = readKnown(runtime, { from: to - days * DAY_MS, to }, now);
    const [oldest] = asked.keys();
    asked.delete(days);
    if (asked.size >= WINDOWS_KNOWN_MAX && oldest !== undefined) asked.delete(oldest);
    asked.set(days, { at: mirror.now(), known: fresh });
    // What failed is asked again by the next one.
    fresh.catch(() => asked.get(days)?.known === fresh && asked.delete(days));
    return fresh;
  }

  return {
    async read(days) {
      const { from, to, all, within, facts, complete } = await known(days);
      const length = daysBetween(from, to);
      const byKind = Map.groupBy(within, ({ kind }) => kind);
      const rules = exceptionDefinitions.flatMap(({ kind, area }) => {
        const own = byKind.get(kind) ?? [];
        const recall = recallOf(kind, all, facts, { from, to });
        if (own.length === 0 && (recall?.happened ?? 0) === 0) return [];
        return [{ ...figuresOf(kind, own, recall, length), area }];
      });
      const log = await readDelivered(runtime);
      return {
        from,
        to,
        currency: mirror.workspace().currency,
        complete,
        eventsBehind: await eventsBehind(runtime),
        rules: rules.sort((a, b) => b.told - a.told || (a.kind < b.kind ? -1 : 1)),
        total: totalsOf(within, rules, length),
        savedFormula: SAVED_FORMULA,
        // Messages leave by the clock of the wall, also while the business of another year is replayed.
        people: log === null ? null : toldPeople(log, { from: mirror.now() - days * DAY_MS, to: mirror.now() }),
      };
    },
    async suggestions(days) {
      const past = await known(days);
      const items = await suggestions.list(past);
      if (listedFor.size > LISTED_MAX) listedFor.clear();
      for (const { id } of items) listedFor.set(id, days);
      return { from: past.from, to: past.to, currency: mirror.workspace().currency, items };
    },
    replay: async (id, days, by) => suggestions.replay(await known(daysOf(id, days)), id, by),
    accept: async (id, days, note, by) => suggestions.accept(await known(daysOf(id, days)), id, note, by),
    dismiss: async (id, days, reason, by) => suggestions.dismiss(await known(daysOf(id, days)), id, reason, by),
    ratings: (name) => ratingsOf(runtime, findException(mirror, name), name, mirror.businessNow()),
    rate: (name, said, by) => rate(runtime, findException(mirror, name), { ...said, name, by, now: mirror.now() }),
  };
}

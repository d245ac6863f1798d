/** What could be set better: proposed from what is known, replayed where only that tells its effect, accepted or dismissed. */
import { createHash } from 'node:crypto';
import { rejudged, replayed } from '../../analytics/learning/effect.ts';
import { type Proposal, proposalsOf, withChange } from '../../analytics/learning/proposals.ts';
import type { PolicyBody } from '../../streams/events/policies.ts';
import { exceptionDefinitions } from '../../streams/exceptions/index.ts';
import type { LearningEffect, Suggestion } from '../http/contract/learning.ts';
import type { PolicyView, TrialView } from '../http/contract/settings.ts';
import { readVersions } from '../reading/settings.ts';
import type { Runtime } from '../runtime.ts';
import { definePolicy } from '../settings/change.ts';
import { readPolicies } from '../settings/current.ts';
import type { Trials } from '../settings/trial/trials.ts';
import type { Known } from './known.ts';
import { toldAsSetNow, type Versions } from './settled-since.ts';

const DAY_MS = 86_400_000;
/** What was dismissed is not proposed again for so long. */
const DISMISSED_MS = 28 * DAY_MS;
const DECIDED_SHOWN_MAX = 50;
const KEPT_MAX = 500;
const VERSIONS_MAX = 200;

/** What stands in its way, for whoever asked. */
export class NotReady extends Error {}

/** A suggestion that somebody has done something about, with the trial that replays it. */
type Kept = { suggestion: Suggestion; trial: string | null };
type Deps = { runtime: Runtime; trials: Trials; now(): number };
export type Suggestions = ReturnType<typeof openSuggestions>;

export function openSuggestions({ runtime, trials, now }: Deps) {
  const { redis, keys } = runtime;

  async function readKept(): Promise<Map<string, Kept>> {
    const all = await redis.hGetAll(keys.suggestions);
    return new Map(Object.entries(all).map(([id, text]) => [id, JSON.parse(text) as Kept]));
  }

  async function keep(kept: Kept): Promise<void> {
    await redis.hSet(keys.suggestions, kept.suggestion.id, JSON.stringify(kept));
    const all = [...(await readKept()).values()];
    if (all.length <= KEPT_MAX) return;
    const oldest = all.sort((a, b) => (a.suggestion.decided?.at ?? now()) - (b.suggestion.decided?.at ?? now()));
    await redis.hDel(
      keys.suggestions,
      oldest.slice(0, all.length - KEPT_MAX).map(({ suggestion }) => suggestion.id),
    );
  }

  async function policiesNow() {
    const views = await readPolicies(runtime);
    const one = (policy: Proposal['policy']) => views.find((view) => view.policy === policy)!;
    const [exceptions, signals] = [one('exceptions'), one('signals')];
    return {
      views: { exceptions, signals },
      settings: {
        definitions: exceptionDefinitions,
        exceptions: exceptions.body as PolicyBody<'exceptions'>,
        signals: signals.body as PolicyBody<'signals'>,
      },
      versions: { exceptions: exceptions.version, signals: signals.version },
    };
  }

  /** History may not have come to the one that holds yet. */
  async function versionsOf({ policy, body, definedAt }: PolicyView): Promise<Versions> {
    const { items } = await readVersions(runtime, `policies:${policy}`, VERSIONS_MAX);
    const past = items.map(({ occurredAt: at, definition }) => ({ at, body: (definition as { body: unknown }).body }));
    const head = definedAt === null ? [] : [{ at: definedAt, body }];
    return { versions: [...head, ...past.filter(({ at }) => at !== definedAt)], complete: items.length < VERSIONS_MAX };
  }

  /** @param all the alarms it is worked out from: those that were told as is set now */
  async function open(all: Known): Promise<{ suggestion: Suggestion; proposal: Proposal }[]> {
    const { settings, versions, views } = await policiesNow();
    const isAsSetNow = toldAsSetNow(await versionsOf(views.exceptions), await versionsOf(views.signals));
    const known = { ...all, within: all.within.filter(isAsSetNow) };
    const kept = await readKept();
    const dismissed = [...kept.values()].flatMap(({ suggestion }) =>
      suggestion.state === 'dismissed' && now() - suggestion.decided!.at < DISMISSED_MS ? [sameChange(suggestion)] : [],
    );
    const found = proposalsOf(known.within, settings).filter((one) => !dismissed.includes(sameChange(withPath(one))));
    const fresh = found.map((proposal) => ({
      proposal,
      suggestion: newSuggestion(proposal, versions[proposal.policy], known),
    }));
    // What was accepted a moment ago holds with the next look.
    const waiting = fresh.filter(({ suggestion: { id } }) => kept.get(id)?.suggestion.state !== 'accepted');
    return Promise.all(
      waiting.map(async ({ proposal, suggestion }) => {
        const before = kept.get(suggestion.id);
        if (before === undefined || before.suggestion.decided !== null) return { proposal, suggestion };
        return { proposal, suggestion: await asItStands(before, suggestion, proposal, known) };
      }),
    );
  }

  /** Of one that is being replayed, or has been. */
  async function asItStands(kept: Kept, fresh: Suggestion, proposal: Proposal, known: Known): Promise<Suggestion> {
    if (kept.suggestion.effect !== null) return { ...fresh, state: 'ready', effect: kept.suggestion.effect };
    const trial = kept.trial === null ? null : await trials.read(kept.trial);
    // What a trial found is kept for a day.
    if (trial === null) return fresh;
    if (trial.state === 'running') return { ...fresh, state: 'replaying', progress: trial.progress };
    if (trial.state === 'failed') return { ...fresh, state: 'failed', problem: trial.problem ?? 'It failed.' };
    const suggestion: Suggestion = { ...fresh, state: 'ready', effect: effectOf(trial, proposal, known) };
    await keep({ suggestion, trial: kept.trial });
    return suggestion;
  }

  async function find(known: Known, id: string): Promise<{ suggestion: Suggestion; proposal: Proposal } | null> {
    return (await open(known)).find(({ suggestion }) => suggestion.id === id) ?? null;
  }

  return {
    async list(known: Known): Promise<Suggestion[]> {
      const waiting = (await open(known)).map(({ suggestion }) => suggestion);
      const decided = [...(await readKept()).values()]
        .map(({ suggestion }) => suggestion)
        .filter((suggestion) => suggestion.decided !== null)
        .sort((a, b) => b.decided!.at - a.decided!.at);
      return [...waiting, ...decided.slice(0, DECIDED_SHOWN_MAX)];
    },

    /** @returns null when there is no such suggestion. @throws NotReady, TrialRunning */
    async replay(known: Known, id: string, by: string): Promise<Suggestion | null> {
      const found = await find(known, id);
      if (found === null) return null;
      const { suggestion, proposal } = found;
      if (suggestion.state === 'ready') throw new NotReady('Its effect is known already.');
      if (suggestion.state === 'replaying') return suggestion;
      const { settings } = await policiesNow();
      const { policy, about } = proposal;
      const days = Math.max(1, Math.round((known.to - known.from) / DAY_MS));
      const body = withChange(settings[policy], proposal);
      const trial = await trials.start({ policy, body, days, watch: about }, suggestion.basedOn, by);
      await keep({ suggestion, trial: trial.id });
      return { ...suggestion, state: 'replaying', progress: trial.progress };
    },

    /** @returns the version the policy gets; null when there is no such suggestion. @throws NotReady, Overtaken */
    async accept(known: Known, id: string, note: string, by: string): Promise<number | null> {
      const found = await find(known, id);
      if (found === null) return null;
      const { suggestion, proposal } = found;
      if (suggestion.state !== 'ready')
        throw new NotReady('Its effect on the last weeks is not known yet: replay it first.');
      const { settings } = await policiesNow();
      const body = withChange(settings[proposal.policy], proposal);
      const words = [suggestion.words, suggestion.why, note].filter((one) => one !== '').join('. ');
      const change = { body, note: words, basedOn: suggestion.basedOn };
      const version = await definePolicy({ store: runtime, now: now(), by }, proposal.policy, change);
      const decided = { by, at: now(), reason: note, version };
      await keep({ suggestion: { ...suggestion, state: 'accepted', decided }, trial: null });
      return version;
    },

    /** @returns null when there is no such suggestion */
    async dismiss(known: Known, id: string, reason: string, by: string): Promise<Suggestion | null> {
      const found = await find(known, id);
      if (found === null) return null;
      const decided = { by, at: now(), reason, version: null };
      const suggestion: Suggestion = { ...found.suggestion, state: 'dismissed', decided };
      await keep({ suggestion, trial: null });
      return suggestion;
    },
  };
}

const withPath = ({ policy, path, after }: Proposal) => ({ policy, change: { path: path.join('.'), after } });
const sameChange = ({
  policy,
  change,
}: {
  policy: string;
  change: { path: string; after: number | boolean };
}): string => `${policy} ${change.path} ${change.after}`;

function newSuggestion(proposal: Proposal, basedOn: number, known: Known): Suggestion {
  const { policy, about, before, after, words, why, keeps, concerns } = proposal;
  const named = sameChange(withPath(proposal));
  const id = createHash('sha256').update(`${named} ${basedOn}`).digest('hex').slice(0, 16);
  const change = { path: proposal.path.join('.'), before, after };
  const common = { id, policy, about, change, words, why, basedOn, progress: 0, decided: null };
  if (keeps === null) return { ...common, state: 'to-replay', effect: null };
  const { from, to } = known;
  const effect = { how: 'rejudged' as const, from, to, ...rejudged(known.within.filter(concerns), keeps) };
  return { ...common, state: 'ready', effect };
}

function effectOf({ from, to, opened }: TrialView, { concerns }: Proposal, known: Known): LearningEffect {
  const within = known.all.filter((alarm) => concerns(alarm) && alarm.openedAt >= from && alarm.openedAt <= to);
  return { how: 'replayed', from, to, ...replayed(within, opened?.asTried ?? []) };
}

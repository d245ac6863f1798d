/**
 * What a changed policy would have done to the last days: history is folded up to their beginning as it was, and from
 * there on twice, under the policies as they were and with the one that is tried in place of its kind. What people, nodes
 * and other systems did stays as it was; what our own clocks and policies do follows from each of the two.
 */
import { lastSeqInHistory, readEvents } from '../../../analytics/clickhouse/history-reader.ts';
import type { Event } from '../../../streams/events/index.ts';
import type { PolicyKind } from '../../../streams/events/policies.ts';
import { OWN_SOURCE } from '../../../streams/operations/sources/source.ts';
import type { Catalog } from '../../../streams/processing/process-batch.ts';
import type { TrialView } from '../../http/contract/settings.ts';
import type { Runtime } from '../../runtime.ts';
import {
  addOpenings,
  DIFFERENCES_SHOWN_MAX,
  type Difference,
  differencesOf,
  type Figures,
  measureEnd,
  measureFacts,
  type Opening,
} from './compare-folds.ts';
import { type Fold, foldInMemory } from './fold-in-memory.ts';

const DAY_MS = 24 * 3_600_000;
/** All states are held in memory while a trial runs. */
export const TRIAL_EVENTS_MAX = 5_000_000;

export type TrialInput = { policy: PolicyKind; body: unknown; days: number; watch?: string | undefined };
export type TrialResult = Pick<
  TrialView,
  'from' | 'to' | 'events' | 'asItWas' | 'asTried' | 'differences' | 'differentDecisions' | 'opened'
>;

/** @throws when history is too long to be held in memory, or away */
export async function runTrial(
  { history }: Pick<Runtime, 'history'>,
  catalog: Catalog,
  { policy, body, days, watch }: TrialInput,
  onProgress: (share: number) => void,
): Promise<TrialResult> {
  const last = await lastSeqInHistory(history);
  if (last > TRIAL_EVENTS_MAX) {
    throw new Error(`history has ${last} events; a trial holds at most ${TRIAL_EVENTS_MAX} in memory`);
  }
  const to = last === 0 ? 0 : await newestArrival(history, last);
  const from = to - days * DAY_MS;
  const asItWas: Figures = {};
  const asTried: Figures = {};
  const opened = watch === undefined ? undefined : { kind: watch, asItWas: [] as Opening[], asTried: [] as Opening[] };
  const differences: Difference[] = [];
  let differentDecisions = 0;
  let events = 0;
  const present = foldInMemory(catalog);
  let tried: Fold | undefined;

  for await (const recorded of readEvents(history, { toSeq: last })) {
    const all = recorded.map(({ event }) => event);
    const cut = all.findIndex((event) => event.receivedAt >= from);
    const within = tried === undefined && cut < 0 ? [] : all.slice(tried === undefined ? cut : 0);
    present.apply(all.slice(0, all.length - within.length));
    if (within.length > 0) {
      if (tried === undefined) {
        tried = present.branch();
        tried.apply([definition(policy, body, within[0]!)]);
      }
      const ours = within.filter((event) => event.type !== 'deadline.passed');
      const was = present.applyInTime(ours);
      const now = tried.applyInTime(ours.filter((event) => !isDefinitionOf(event, policy)));
      measureFacts(asItWas, was);
      measureFacts(asTried, now);
      if (opened !== undefined) {
        addOpenings(opened.asItWas, was, opened.kind);
        addOpenings(opened.asTried, now, opened.kind);
      }
      const found = differencesOf(was, now);
      differentDecisions += found.length;
      differences.push(...found.slice(0, DIFFERENCES_SHOWN_MAX - differences.length));
      events += ours.length;
    }
    onProgress(recorded.at(-1)!.seq / last);
  }
  measureEnd(asItWas, present.all('ledger'));
  measureEnd(asTried, (tried ?? present).all('ledger'));
  const told = { from, to, events, asItWas, asTried, differences, differentDecisions };
  return opened === undefined ? told : { ...told, opened };
}

async function newestArrival(history: Runtime['history'], seq: number): Promise<number> {
  for await (const [recorded] of readEvents(history, { fromSeq: seq, toSeq: seq })) return recorded!.event.receivedAt;
  return 0;
}

const isDefinitionOf = (event: Event, policy: PolicyKind): boolean =>
  event.type === 'policy.defined' && event.data.policy === policy;

function definition(policy: PolicyKind, body: unknown, first: Event): Event {
  const at = first.receivedAt;
  const data = { policy, body, by: 'trial' };
  const event = {
    id: 'trial',
    source: OWN_SOURCE,
    type: 'policy.defined',
    occurredAt: at,
    observedAt: at,
    receivedAt: at,
  };
  return { ...event, data } as Event;
}

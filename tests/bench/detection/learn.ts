/** The learning loop without people: raters who know the ground truth, and a planner who accepts what is proposed. */

import { nameOf } from '../../../analytics/anomalies/watching/series.ts';
import { type Episode as Alarm, type Labelled, labelled } from '../../../analytics/learning/episode.ts';
import { type Proposal, proposalsOf, withChange } from '../../../analytics/learning/proposals.ts';
import { randomOf } from '../../../server/simulated-company/random.ts';
import { policySchemas } from '../../../streams/events/policies.ts';
import { exceptionDefinitions } from '../../../streams/exceptions/index.ts';
import { isTrueOf } from './faults-found.ts';
import type { Episode } from './fold-company.ts';
import type { Played, Policies } from './play-company.ts';

/** People rate what they have time for. */
const RATED_SHARE = 0.5;
/** What is over before anybody can look is of no use, whatever its cause. */
const SEEN_AFTER_MS = 60_000;

/**
 * What happened so far, as it is rated: useful where the ground truth knows of a cause, and somebody could see it. Facts of the
 * record are not rated.
 */
export function ratedAlarms(played: Played, seed: number): Labelled[] {
  const isTrue = isTrueOf(played);
  const random = randomOf(seed, 'raters');
  return played.episodes.map((episode, index) => {
    const wasTrue = isTrue(episode);
    const useful = wasTrue === true && episode.closedAt - episode.openedAt >= SEEN_AFTER_MS;
    const says = wasTrue !== null && random.chance(RATED_SHARE);
    const ratings = says ? [{ by: 'rater', at: episode.openedAt, useful }] : [];
    return labelled(alarmOf(episode, index), ratings, { outcome: 'unknown', because: '' });
  });
}

/** All proposals that need no replay, accepted. What only a replay can tell stays as it is. */
export function learnFrom(alarms: readonly Labelled[]): { policies: Policies; accepted: Proposal[] } {
  const exceptions = policySchemas.exceptions.parse({});
  const signals = policySchemas.signals.parse({});
  const proposals = proposalsOf(alarms, { definitions: exceptionDefinitions, exceptions, signals });
  const accepted = proposals.filter(({ keeps }) => keeps !== null);
  const policies = { exceptions, signals };
  for (const proposal of accepted) {
    if (proposal.policy === 'exceptions') policies.exceptions = withChange(policies.exceptions, proposal);
    else policies.signals = withChange(policies.signals, proposal);
  }
  return {
    accepted,
    policies: {
      exceptions: policySchemas.exceptions.parse(policies.exceptions),
      signals: policySchemas.signals.parse(policies.signals),
    },
  };
}

function alarmOf(
  { kind, subject, title, openedAt, closedAt, deadline, moneyAtRisk, anomaly }: Episode,
  index: number,
): Alarm {
  return {
    number: `EX-${index + 1}`,
    kind,
    subject,
    title,
    openedAt,
    closedAt: Number.isFinite(closedAt) ? closedAt : null,
    deadline,
    moneyTold: moneyAtRisk,
    moneyAtHarm: moneyAtRisk,
    worked: false,
    dismissedAsFalse: false,
    sku: '',
    node: '',
    channel: '',
    source: '',
    signal:
      anomaly === undefined
        ? null
        : { series: nameOf(anomaly), score: anomaly.score, grainMs: 60_000 * (anomaly.minutes ?? 1) },
  };
}

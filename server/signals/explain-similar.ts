/** Earlier exceptions of the same kind: how like this one they were, and how they ended. */

import { median } from '../../analytics/anomalies/explanation/expected-leaves.ts';
import { type Episode, likenessOf } from '../../analytics/anomalies/explanation/likeness.ts';
import { exceptionChanges } from '../../analytics/clickhouse/queries/exception-changes.ts';
import { type EarlierEpisode, earlierEpisodes } from '../../analytics/clickhouse/queries/explanations.ts';
import type { EventOf } from '../../streams/events/index.ts';
import { seriesOfSubject } from '../../streams/exceptions/kpi-anomaly.ts';
import { offsetAt } from '../../streams/operations/time-zone.ts';
import type { ExceptionExplanation, SimilarEpisode } from '../http/contract/explanations.ts';
import { reachable } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';

const MINUTE_MS = 60_000;
const LOOKED_AT_MAX = 500;
const TOLD_MAX = 5;
const LIKENESS_MIN = 0.3;
const CHANGES_MAX = 60;
const COMMENTS_MAX = 5;

type Detected = EventOf<'anomaly.detected'>['data'];
export type ThisEpisode = {
  number: string;
  kind: string;
  subject: string;
  began: number;
  places: Pick<Episode, 'sku' | 'node' | 'channel' | 'source'>;
  /** Of a figure: what the detector said. */
  detected: Detected | undefined;
};

export async function similarEpisodes(
  { history }: Pick<Runtime, 'history'>,
  episode: ThisEpisode,
  timeZone: string,
): Promise<Pick<ExceptionExplanation, 'similar' | 'before'>> {
  const { kind, number, began } = episode;
  const all = await reachable(earlierEpisodes(history, { kind, number, before: began, limit: LOOKED_AT_MAX }));
  const now = asEpisode(episode.subject, began, episode.places, episode.detected, timeZone);
  const liked = all
    .map((then) => ({
      then,
      ...likenessOf(now, asEpisode(then.subject, then.began, then, detectedIn(then), timeZone)),
    }))
    .filter(({ likeness }) => likeness >= LIKENESS_MIN)
    .sort((a, b) => b.likeness - a.likeness || b.then.began - a.then.began)
    .slice(0, TOLD_MAX);
  const similar = await Promise.all(
    liked.map(async ({ then, likeness, because }): Promise<SimilarEpisode> => {
      const { words, comments } = await wordsOf(history, then);
      return {
        exception: then.number,
        title: then.title,
        from: then.began,
        to: then.closed === 0 ? null : then.closed,
        likeness,
        because,
        ended: endOf(then),
        by: then.settledBy,
        words,
        comments,
        acknowledgedAfter: then.acknowledged === 0 ? null : (then.acknowledged - then.opened) / MINUTE_MS,
        overAfter: then.closed === 0 ? null : (then.closed - then.opened) / MINUTE_MS,
        moneyAtRiskMax: then.moneyAtRiskMax,
      };
    }),
  );
  const same = all.filter(({ subject }) => subject === episode.subject);
  return { similar, before: summed(same.length > 0 ? same : all) };
}

function summed(episodes: readonly EarlierEpisode[]): ExceptionExplanation['before'] {
  const ended = Object.groupBy(episodes, endOf);
  const minutes = episodes.flatMap(({ opened, closed }) => (closed === 0 ? [] : [(closed - opened) / MINUTE_MS]));
  return {
    episodes: episodes.length,
    resolved: ended.resolved?.length ?? 0,
    dismissed: ended.dismissed?.length ?? 0,
    byThemselves: ended['by-itself']?.length ?? 0,
    medianMinutes: minutes.length === 0 ? null : median(minutes),
  };
}

function endOf({ settled, closed }: EarlierEpisode): SimilarEpisode['ended'] {
  if (settled === 'resolved' || settled === 'dismissed') return settled;
  return closed === 0 ? 'standing' : 'by-itself';
}

function asEpisode(
  subject: string,
  began: number,
  { sku, node, channel, source }: Pick<Episode, 'sku' | 'node' | 'channel' | 'source'>,
  detected: Detected | undefined,
  timeZone: string,
): Episode {
  const named = (value: string | undefined) => (value === '' ? undefined : value);
  const change = detected === undefined || detected.expected === 0 ? undefined : detected.value / detected.expected - 1;
  return {
    began,
    offsetMs: offsetAt(timeZone, began),
    subject,
    kpi: detected?.kpi ?? (subject.includes('/') ? seriesOfSubject(subject).kpi : undefined),
    what: detected?.what,
    change,
    roots: detected?.roots?.map(({ values }) => values),
    sku: named(sku),
    node: named(node),
    channel: named(channel),
    source: named(source),
  };
}

const detectedIn = ({ data }: EarlierEpisode): Detected | undefined => {
  if (!data.includes('"kpi"')) return undefined;
  return JSON.parse(data) as Detected;
};

/** What people said: the reason with which it was put away, and comments, oldest first. */
async function wordsOf(
  history: Runtime['history'],
  { number }: EarlierEpisode,
): Promise<{ words: string; comments: string[] }> {
  const asked = { number, before: Number.MAX_SAFE_INTEGER, limit: CHANGES_MAX };
  const changes = await reachable(exceptionChanges(history, asked));
  const settled = changes.find(({ change }) => change === 'resolved' || change === 'dismissed')?.data['reason'];
  const comments = changes.flatMap(({ data }) => (typeof data['comment'] === 'string' ? [data['comment']] : []));
  return { words: typeof settled === 'string' ? settled : '', comments: comments.reverse().slice(-COMMENTS_MAX) };
}

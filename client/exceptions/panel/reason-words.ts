/** Reasons in words. */
import type { ExplainedChange, SimilarEpisode } from '../../../server/http/contract/explanations.ts';
import { formatSpan, MINUS } from '../../formats/durations.ts';

const MINUTE_MS = 60_000;

/** A part that worked against the change has a minus: the others had to make up for it. */
export function shareWords(share: number): string {
  const percent = Math.round(share * 100);
  return `${percent < 0 ? MINUS : ''}${Math.abs(percent)}%`;
}

export function endWords({ ended, by, words, overAfter }: SimilarEpisode): string {
  const after = overAfter === null ? '' : ` after ${formatSpan(overAfter * MINUTE_MS)}`;
  if (ended === 'standing') return 'still open';
  if (ended === 'by-itself') return `over by itself${after}`;
  return `${ended}${by === '' ? '' : ` by ${by}`}${after}${words === '' ? '' : `: “${words}”`}`;
}

/** What was looked through, for who doubts it. */
export function foundFor({ method }: ExplainedChange): string {
  const weeks = `Expected: ${method.weeks} earlier ${method.weeks === 1 ? 'week' : 'weeks'}`;
  const left = method.weeksLeftOut === 0 ? '' : `, ${method.weeksLeftOut} left out`;
  return `${method.words} ${method.leaves} combinations of ${method.dimensions.join(', ')} in ${Math.round(method.ms)} ms. ${weeks}${left}.`;
}

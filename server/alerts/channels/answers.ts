/** What the answers of receivers mean: delivered, not now, or never like this. Pure. */
import type { Answer } from '../../outbound/post.ts';
import { type Delivered, NotDelivered } from './channel.ts';

export type Receiver = 'slack' | 'teams' | 'pagerduty' | 'webhook';

/** A webhook of somebody's own is put right while we try: only `Gone` says that it never will be. */
const onlyGone = (status: number): boolean => status === 410;
/** Services that say what is wrong with what they were sent, and mean it; 408 and 429 ask for another try. */
const clientErrors = (status: number): boolean => status >= 400 && status < 500 && status !== 408 && status !== 429;
const isFinal: Record<Receiver, (status: number) => boolean> = {
  slack: clientErrors,
  teams: clientErrors,
  pagerduty: clientErrors,
  webhook: onlyGone,
};
const remedies: Partial<Record<Receiver, Record<number, string>>> = {
  slack: {
    403: 'Slack does not let this webhook write.',
    404: 'Slack does not know this webhook any more: make a new one.',
    410: 'The Slack channel is archived: make a webhook for another one.',
  },
  teams: {
    401: 'The workflow wants to be signed in to: let anyone with its address trigger it.',
    404: 'Teams does not know this workflow any more: make a new one.',
  },
  pagerduty: { 400: 'PagerDuty does not take it: is the integration key right?' },
  webhook: { 410: 'The receiver is gone for good.' },
};

const WORDS_MAX = 200;

/** @param words of the receiver, without secrets @throws NotDelivered */
export function deliveredOf(receiver: Receiver, { status, retryAfterMs }: Answer, words: string): Delivered {
  const said = words
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, WORDS_MAX);
  const answer = said === '' ? `${status}` : `${status} ${said}`;
  // A connector of Teams says so within an answer that all is well.
  const failedInside = receiver === 'teams' && /failed with error/i.test(said);
  if (status >= 200 && status < 300 && !failedInside) return { reference: '', answer };
  if (status >= 300 && status < 400)
    throw new NotDelivered(`The receiver answers that it is somewhere else (${status}), which is not followed.`, {
      final: receiver !== 'webhook',
    });
  const remedy = remedies[receiver]?.[status];
  throw new NotDelivered(`${remedy ?? 'The receiver does not take it.'} It answered: ${answer}`, {
    final: isFinal[receiver](status),
    retryAfterMs,
  });
}

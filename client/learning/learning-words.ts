/** What was learned of alerts, in words. */
import type { Labelled, LearningRule, Suggestion } from '../../server/http/contract/learning.ts';

export const share = (value: number | null): string => (value === null ? '–' : `${Math.round(value * 100)}%`);

/** `stockout-expected` as people say it. */
export const kindName = (kind: string): string => {
  const words = kind.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1).replace(/^pi\b/, 'PI');
};

/** Of how many a share is made: without it, 100 % of two looks like 100 % of two hundred. */
export function ratedWords({ rated }: Pick<LearningRule, 'rated'>): string {
  const count = rated.useful + rated.notUseful;
  if (count === 0) return 'Nobody said';
  return `${rated.useful} of ${count} useful${rated.dismissed === 0 ? '' : `, ${rated.dismissed} dismissed as false`}`;
}

export function outcomeWords({ outcomes }: Pick<LearningRule, 'outcomes'>): string {
  if (outcomes.question === null) return 'Claims nothing that facts could tell';
  const count = outcomes.cameTrue + outcomes.didNot;
  const rest = [
    outcomes.prevented === 0 ? '' : `${outcomes.prevented} prevented`,
    outcomes.unknown === 0 ? '' : `${outcomes.unknown} not known yet`,
  ].filter(Boolean);
  return [count === 0 ? 'Nothing is known yet' : `${outcomes.cameTrue} of ${count} came true`, ...rest].join(', ');
}

export const suggestionStateWords: Record<Suggestion['state'], string> = {
  'to-replay': 'Its effect is not known yet',
  replaying: 'The last weeks are replayed',
  ready: 'Ready to decide',
  failed: 'It could not be replayed',
  accepted: 'Accepted',
  dismissed: 'Dismissed',
};

export const settingWords = (value: number | boolean | null): string =>
  value === null
    ? 'its default'
    : value === true
      ? 'yes'
      : value === false
        ? 'no'
        : String(Math.round(value * 1_000) / 1_000);

/** `41 alerts instead of 68: 3 useful ones and 24 for nothing less`. */
export function effectWords(before: Labelled, after: Labelled): string {
  const less = (name: 'useful' | 'notUseful' | 'unknown', words: string) => {
    const change = before[name] - after[name];
    return change === 0 ? '' : `${Math.abs(change)} ${words} ${change > 0 ? 'less' : 'more'}`;
  };
  const parts = [less('useful', 'useful'), less('notUseful', 'for nothing'), less('unknown', 'nobody knows about')];
  const told = parts.filter(Boolean).join(', ');
  return `${after.told} alerts instead of ${before.told}${told === '' ? '' : `: ${told}`}`;
}

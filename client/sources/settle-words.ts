/** What became of dead letters, in one sentence. Pure. */
import type { SettleAnswer } from '../../server/http/contract/sources.ts';
import { formatCount } from '../formats/quantities.ts';

export function outcomeOf(how: 'replay' | 'discard', { settled, skipped, left }: SettleAnswer): string {
  const done = how === 'replay' ? 'on their way again' : 'discarded';
  return [
    `${formatCount(settled)} ${done}`,
    ...(skipped === 0 ? [] : [`${formatCount(skipped)} were settled already`]),
    ...(left === 0 ? [] : [`${formatCount(left)} still wait`]),
  ].join(', ');
}

/** What a person is told, before it is put into the words of a channel. Times are epoch ms, money minor units. */
import type { Severity } from '../../streams/events/exception-words.ts';

/** `still`: nobody has acted, or its snooze is over. `acknowledged`: somebody has taken it on. */
export type ItemKind = 'opened' | 'worse' | 'still' | 'acknowledged' | 'ended';
/** `digest`: many in one. `test`: somebody tries the channel. */
export type MessageKind = ItemKind | 'digest' | 'test';

export type MessageItem = {
  /** Of a digest: what is said of this one; of any other message its own kind. */
  kind?: ItemKind;
  /** Its number for people: `EX-17`. */
  number: string;
  /** `kind:subject`: the same for one condition of one subject, so that receivers can tell what belongs together. */
  subject: string;
  title: string;
  detail: string;
  severity: Severity;
  /** Null: the receiver may not see it, or there is none. */
  money: { amount: number; currency: string } | null;
  since: number;
  /** The last useful moment; 0 when there is none. */
  deadline: number;
  advice: string;
  /** Why, in lines: the values that made the change, what was planned or broken at the time. */
  because: readonly string[];
  owner: string;
  /** Where it can be seen and acted upon. */
  url: string;
};

export type AlertMessage = {
  /** The same for every try: receivers can drop what they have. */
  id: string;
  kind: MessageKind;
  at: number;
  workspace: string;
  timeZone: string;
  /** The one it is about; of a digest the worst ones, at most DIGEST_ITEMS_MAX. */
  items: readonly MessageItem[];
  /** Of a digest: how many there are, more than are listed. */
  count: number;
  /** Why it comes now: `after the quiet hours`, `nobody has acted for 30 minutes`. */
  note: string;
};

export const DIGEST_ITEMS_MAX = 20;

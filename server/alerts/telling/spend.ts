/** How many messages one target gets: single ones up to a number within a window, and beyond that one with the list. Pure. */
import type { AlertPolicy } from './tell-calling.ts';
import type { Want } from './want.ts';

const MINUTE_MS = 60_000;
/** Messages that wait for one target; what is more stays undecided until it has taken some. */
export const QUEUED_PER_TARGET_MAX = 20;

/** What a target was sent: moments of single messages within the window, and of the newest digest. */
export type Sent = { singles: number[]; digestAt: number };
export const nothingSent: Sent = { singles: [], digestAt: 0 };

export type Spent = {
  /** Each a message; more than one in it is a digest. */
  messages: { wants: Want[]; note: string }[];
  waiting: { want: Want; from: number; why: string }[];
  sent: Sent;
};

/**
 * @param wants of one target, the most urgent first
 * @param queued messages it has not taken yet
 * @param now epoch ms
 */
export function spend(
  wants: readonly Want[],
  before: Sent,
  { moreThan, withinMinutes }: AlertPolicy['digest'],
  { queued, now }: { queued: number; now: number },
): Spent {
  const windowMs = withinMinutes * MINUTE_MS;
  const singles = before.singles.filter((at) => at > now - windowMs);
  const spent: Spent = { messages: [], waiting: [], sent: { singles, digestAt: before.digestAt } };
  const ready = wants.filter((want) => {
    if (want.heldUntil === null) return true;
    spent.waiting.push({ want, from: want.heldUntil, why: `quiet hours: ${want.heldBy}` });
    return false;
  });
  if (ready.length === 0) return spent;
  const wait = (those: readonly Want[], from: number, why: string) => {
    for (const want of those) spent.waiting.push({ want, from, why });
  };
  if (queued >= QUEUED_PER_TARGET_MAX) {
    wait(ready, 0, 'what was sent before has not been taken yet');
    return spent;
  }
  const single = (want: Want) => spent.messages.push({ wants: [want], note: noteOf(want) });
  const held = ready.filter(({ afterQuiet }) => afterQuiet).length;
  const room = Math.max(0, moreThan - singles.length);
  const mayDigest = now >= before.digestAt + windowMs;
  if (held <= 1 && ready.length <= room) {
    for (const want of ready) single(want);
    spent.sent.singles = [...singles, ...ready.map(() => now)];
  } else if (mayDigest) {
    spent.sent.digestAt = now;
    if (ready.length === 1) single(ready[0]!);
    else spent.messages.push({ wants: ready, note: digestNote(ready, held) });
  } else {
    // Until the next digest the worst still come through one by one.
    for (const want of ready.slice(0, room)) single(want);
    spent.sent.singles = [...singles, ...ready.slice(0, room).map(() => now)];
    wait(ready.slice(room), before.digestAt + windowMs, 'collected for the next digest');
  }
  return spent;
}

const noteOf = ({ note, afterQuiet }: Want): string =>
  afterQuiet ? [note, 'after the quiet hours'].filter((part) => part !== '').join(', ') : note;

function digestNote(wants: readonly Want[], held: number): string {
  const ended = wants.filter(({ kind }) => kind === 'ended').length;
  const over = ended === 0 ? '' : `, ${ended === wants.length ? 'all' : ended} of them over`;
  return `${wants.length} at once${over}${held > 0 ? ', after the quiet hours' : ''}`;
}

/** What becomes of an alert that calls for nobody by itself: it sleeps, stands beneath another one, or is over. Pure. */
import { needsAttention } from '../../../streams/exceptions/work-machine.ts';
import type { OpenException } from '../../../streams/operations/states.ts';
import { breaksQuiet } from '../routing/quiet-hours.ts';
import { isReachable } from '../routing/resolve-recipients.ts';
import type { AlertRecord } from './alert-record.ts';
import type { TellDeps } from './tell-calling.ts';
import type { Want } from './want.ts';

/** An end is kept this long for those who cannot be told of it now: a channel that is off keeps what it was told as open. */
const END_KEPT_MS = 7 * 86_400_000;

/**
 * @param numbered all exceptions that have a number, also those that are put away
 * @returns null: it is over, and nobody is to hear of that
 */
export function tellSilent(
  known: AlertRecord,
  numbered: ReadonlyMap<string, OpenException>,
  deps: TellDeps,
): { record: AlertRecord; wants: Want[] } | null {
  const standing = known.members.flatMap((number) => deps.holding.get(number) ?? []);
  if (standing.length > 0) return { record: resting(known, standing), wants: [] };
  const told = Object.entries(known.told).filter(([, { delivery }]) => known.tellEnd && delivery !== '');
  const isForgotten = known.endedAt > 0 && deps.now > known.endedAt + END_KEPT_MS;
  if (told.length === 0 || isForgotten || !deps.policy.on) return null;
  const endNote = known.endedAt === 0 ? endNoteOf(known, numbered) : known.endNote;
  const record: AlertRecord = {
    ...known,
    told: Object.fromEntries(told),
    members: [],
    asleep: [],
    woken: [],
    unreachable: [],
    escalates: null,
    endedAt: known.endedAt || deps.now,
    endNote,
  };
  const quiet = deps.policy.quietHours.find(({ name }) => name === known.quietHours);
  const until = quiet === undefined ? null : deps.quietUntil(quiet.name);
  const reachable = told.filter(([target]) => isReachable(target, deps.directory));
  const wants = reachable.map(([target, last]): Want => {
    // Who was told in the middle of the night is told in the night that it is over.
    const isHeld = until !== null && breaksQuiet(quiet!, last) === null;
    return {
      target,
      key: known.key,
      kind: 'ended',
      note: endNote,
      heldUntil: isHeld ? until : null,
      heldBy: quiet?.name ?? '',
      afterQuiet: !isHeld && known.held.includes(target),
    };
  });
  return { record, wants };
}

/** Those that seem over for a moment leave it as it was. */
function resting(known: AlertRecord, standing: readonly OpenException[]): AlertRecord {
  const asleep = standing.filter(({ work }) => work === 'snoozed').map(({ id }) => id);
  const isElsewhere = standing.some((one) => one.condition === 'open' && needsAttention(one));
  const state = isElsewhere ? 'beneath' : asleep.length > 0 ? 'asleep' : known.state;
  const members = standing.map(({ id }) => id);
  return { ...known, members, asleep, woken: [], held: [], unreachable: [], escalates: null, waiting: [], state };
}

function endNoteOf({ item }: AlertRecord, numbered: ReadonlyMap<string, OpenException>): string {
  const last = numbered.get(item.number);
  if (last?.settled === undefined) return 'it is over';
  const { by, reason } = last.settled;
  return `${last.work} by ${by}${reason === '' ? '' : `: ${reason}`}`;
}

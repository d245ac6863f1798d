/** When a route is quiet. Pure: settings and a moment in, the end of the quiet out. */
import { DateTime } from 'luxon';
import type { QuietHours } from '../../../streams/events/alert-policies.ts';
import { severities } from '../../../streams/events/exception-words.ts';
import type { Amount } from '../../../streams/exceptions/work-machine.ts';

/** A quiet that begins when another ends goes on; at most over this many of them. */
const JOINED_MAX = 14;

/**
 * @param timeZone of the workspace, for those that name none
 * @returns when the quiet ends (epoch ms), or null when it is not quiet. A local time that a change of clocks leaves out
 *   is taken as much later as the clocks jump; of one that comes twice, the quiet has both.
 */
export function quietUntil(quiet: QuietHours, at: number, timeZone: string): number | null {
  let until: number | null = null;
  for (let joined = 0; joined < JOINED_MAX; joined++) {
    const end = endOfQuiet(quiet, until ?? at, timeZone);
    if (end === null) return until;
    until = end;
  }
  return until;
}

function endOfQuiet({ days, from, to, timeZone: own }: QuietHours, at: number, timeZone: string): number | null {
  const zone = own ?? timeZone;
  const today = DateTime.fromMillis(at, { zone }).startOf('day');
  for (const day of [today.minus({ days: 1 }), today]) {
    if (!days.includes(day.weekday)) continue;
    const begin = Math.min(...moments(day, from));
    const end = Math.max(...moments(to > from ? day : day.plus({ days: 1 }), to));
    if (at >= begin && at < end) return end;
  }
  return null;
}

function moments({ year, month, day, zoneName }: DateTime, local: string): number[] {
  const [hour = 0, minute = 0] = local.split(':').map(Number);
  const moment = DateTime.fromObject({ year, month, day, hour, minute }, { zone: zoneName ?? 'UTC' });
  return moment.getPossibleOffsets().map((one) => one.toMillis());
}

/** Why something is told although it is quiet; null: it is not. */
export function breaksQuiet({ exceptSeverity, exceptMoneyFrom }: QuietHours, amount: Amount): string | null {
  if (severities.indexOf(amount.severity) <= severities.indexOf(exceptSeverity)) return `it is ${amount.severity}`;
  return exceptMoneyFrom !== undefined && amount.moneyAtRisk >= exceptMoneyFrom ? 'it costs that much' : null;
}

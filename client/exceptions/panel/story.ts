/** What an exception is, in a few plain sentences: what happened, since when, what it costs, what comes next. Pure. */
import type { ExceptionView } from '../../../server/http/contract/exceptions.ts';
import type { ProjectionView } from '../../../server/http/contract/projection.ts';
import type { ExceptionLine } from '../../../server/live/contract.ts';
import { withoutLine } from '../../charts/receipt.ts';
import { formatSpan } from '../../formats/durations.ts';
import { formatCount, formatMoneyRow } from '../../formats/quantities.ts';
import { formatClock, formatWeekday } from '../../formats/times.ts';

export function storyOf(
  line: ExceptionLine,
  view: ExceptionView | null,
  projection: ProjectionView | null,
  { now, timeZone }: { now: number; timeZone: string },
): string[] {
  const at = (time: number) => `${formatWeekday(time, timeZone)} ${formatClock(time, timeZone)}`;
  if (view?.overSince != null) {
    // Sources tell late and out of order: the end can be older than the beginning we were told of.
    return [
      view.overSince > line.since
        ? `It began on ${at(line.since)} and ended on ${at(view.overSince)}.`
        : `It began on ${at(line.since)} and was over at once.`,
    ];
  }
  const returns = view?.returns ?? 0;
  const back = returns === 0 ? '' : `, and came back ${returns === 1 ? 'once' : `${returns} times`}`;
  const sentences = [
    line.moneyAtRisk > 0
      ? `It has held since ${at(line.since)}${back}, and puts ${formatMoneyRow(line.moneyAtRisk, line.currency)} at risk.`
      : `It has held since ${at(line.since)}${back}.`,
  ];
  if (projection !== null) sentences.push(aheadOf(projection, at));
  if (line.deadline !== null) {
    const left = line.deadline - now;
    sentences.push(
      left > 0
        ? `There is ${formatSpan(left)} to act: until ${at(line.deadline)}.`
        : `The last useful moment was ${at(line.deadline)}.`,
    );
  }
  if (view?.advice) sentences.push(`${trimmed(view.advice)}.`);
  return sentences;
}

function aheadOf({ available, perDay, gap, receipts, node }: ProjectionView, at: (time: number) => string): string {
  const next = receipts.find(({ overdue }) => !overdue);
  const coming =
    next === undefined
      ? 'no receipt has a date'
      : `${withoutLine(next.ref)} brings ${formatCount(next.quantity)} on ${at(next.at)}`;
  const where = node === null ? 'in all' : `at ${node}`;
  if (available <= 0) return `Nothing is left ${where}, and ${perDay} a day were sold; ${coming}.`;
  const rate = `At ${perDay} a day, the ${formatCount(available)} units ${where}`;
  return gap === null ? `${rate} last; ${coming}.` : `${rate} are gone on ${at(gap.from)}; ${coming}.`;
}

const trimmed = (text: string): string => text.trim().replace(/[.]+$/, '');

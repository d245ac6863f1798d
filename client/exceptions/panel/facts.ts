/** The three figures that say most about an exception, by its kind. Pure. */
import type { ExceptionView } from '../../../server/http/contract/exceptions.ts';
import type { ProjectionView } from '../../../server/http/contract/projection.ts';
import type { ExceptionLine } from '../../../server/live/contract.ts';
import { formatAge, formatSpan } from '../../formats/durations.ts';
import { formatCount, formatMoneyRow } from '../../formats/quantities.ts';

export type Fact = { name: string; value: string; unit?: string };

/** Inputs worth a place beside the money, best first, with what they are called there. */
const telling: readonly [input: string, name: string, unit?: string][] = [
  ['chancePercent', 'Chance', '%'],
  ['orders', 'Orders'],
  ['linesOpen', 'Open lines'],
  ['lines', 'Lines'],
  ['onTheWay', 'On their way', 'units'],
  ['units', 'Units'],
  ['stated', 'They say', 'units'],
  ['ours', 'We say', 'units'],
  ['counted', 'Counted', 'units'],
  ['record', 'On record', 'units'],
  ['possible', 'Possible', 'lines'],
  ['capacityPercent', 'Capacity', '%'],
  ['excess', 'Too many', 'units'],
  ['onHand', 'On hand', 'units'],
  ['pickFailures', 'Failed picks'],
  ['value', 'A minute'],
  ['expected', 'Expected'],
  ['deadLetters', 'Dead letters'],
  ['events', 'Events waiting'],
  ['aheadMinutes', 'Ahead', 'min'],
  ['overdue', 'Overdue'],
  ['free', 'Free', 'units'],
];
/** Kinds whose stock ahead is the picture: what is available says more there than any input. */
const aboutStock = new Set(['stockout-expected', 'oversold', 'order-unallocated', 'negative-stock']);

export const isAboutStock = (kind: string): boolean => aboutStock.has(kind);

/** What a figure of a series is counted over. */
const widthOf = (minutes: unknown): string =>
  typeof minutes === 'number' ? `In ${formatSpan(minutes * 60_000)}` : 'A minute';

export function factsOf(
  line: ExceptionLine,
  view: Pick<ExceptionView, 'inputs' | 'overSince'> | null,
  projection: ProjectionView | null,
  now: number,
): Fact[] {
  const atRisk: Fact = {
    name: view?.overSince == null ? 'At risk' : 'Was at risk',
    value: formatMoneyRow(line.moneyAtRisk, line.currency),
  };
  const others: Fact[] = [];
  if (projection !== null && isAboutStock(line.kind)) {
    const { waitingLines, perDay, available } = projection;
    others.push(
      waitingLines > 0
        ? { name: 'Waiting orders', value: formatCount(waitingLines) }
        : { name: 'Sold a day', value: String(perDay), unit: 'units' },
      { name: 'Available', value: formatCount(available), unit: 'units' },
    );
  }
  for (const [input, name, unit] of telling) {
    const value = view?.inputs[input];
    if (others.length >= 2 || typeof value !== 'number') continue;
    const shown = Number.isInteger(value) ? formatCount(value) : String(value);
    others.push({
      name: input === 'value' ? widthOf(view?.inputs['minutes']) : name,
      value: shown,
      ...(unit === undefined ? {} : { unit }),
    });
  }
  const age: Fact = {
    name: view?.overSince == null ? 'Open for' : 'Was open for',
    value: formatAge(Math.max(0, (view?.overSince ?? now) - line.since)),
  };
  const changed: Fact = { name: 'Last change', value: `${formatAge(now - line.updatedAt)} ago` };
  return [atRisk, ...others, age, changed].slice(0, 3);
}

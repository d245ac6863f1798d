/** What a decision rested on, in words. Inputs of sourcing are known by name; those of other policies are listed as they are. Pure. */
import { formatCount } from '../formats/quantities.ts';

/** Missing units, late units, shipments, cost in minor units, load in thousandths: compared in this order. */
type Score = readonly [missing: number, late: number, shipments: number, cost: number, load: number];
const places = ['missing units', 'late units', 'shipments', 'cost', 'load'] as const;
const LISTED_MAX = 6;

export function reasonsOf(inputs: Record<string, unknown>): string[] {
  const { chosen, beaten } = inputs as { chosen?: unknown; beaten?: unknown };
  if (!isScore(chosen)) return listed(inputs);
  const rivals = Array.isArray(beaten) ? beaten : [];
  return [
    scoreWords(chosen),
    ...rivals.flatMap((rival: unknown) => {
      if (!Array.isArray(rival)) return [];
      const [name, ...score] = rival as [unknown, ...unknown[]];
      return isScore(score) ? [`Beat ${String(name)}: ${differenceOf(chosen, score)}`] : [];
    }),
  ];
}

function scoreWords([missing, late, shipments]: Score): string {
  return [
    missing === 0 ? 'all units' : `${formatCount(missing)} units missing`,
    late === 0 ? 'in time' : `${formatCount(late)} units late`,
    shipments === 1 ? 'one more shipment' : `${formatCount(shipments)} more shipments`,
  ].join(', ');
}

/** The first place in which they differ decided. */
function differenceOf(chosen: Score, other: Score): string {
  const at = chosen.findIndex((value, index) => value !== other[index]);
  if (at === -1) return 'the same, and later in the order of preference';
  if (at === 3) return `its cost is ${formatCount(other[3] - chosen[3])} minor units higher`;
  return at === 4
    ? 'it has more to do'
    : `${formatCount(other[at]!)} ${places[at]} instead of ${formatCount(chosen[at]!)}`;
}

const isScore = (value: unknown): value is Score =>
  Array.isArray(value) && value.length === 5 && value.every((part) => typeof part === 'number');

const listed = (inputs: Record<string, unknown>): string[] =>
  Object.entries(inputs)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, LISTED_MAX)
    .map(([name, value]) => {
      const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      return `${words}: ${typeof value === 'number' ? formatCount(value) : String(value)}`;
    });

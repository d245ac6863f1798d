/** How short a record is, as shape and word: colour never says it alone. */
import type { State } from '../status/states.ts';

export type Shortness = { state: State; word: string };

export function shortnessOf(cell: { atp: number; stockoutExpected: boolean }): Shortness | null {
  if (cell.atp < 0) return { state: 'critical', word: 'Owed' };
  if (cell.atp === 0) return { state: 'high', word: 'None left' };
  return cell.stockoutExpected ? { state: 'medium', word: 'Runs out' } : null;
}

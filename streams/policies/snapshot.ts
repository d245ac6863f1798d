/** Whether a snapshot can be believed as it is, or changes too much at once for nobody to look at it. */
import type { PolicyBody } from '../events/policies.ts';

export type SnapshotFigures = {
  /** Rows listed, and rows of the snapshot before it; 0 when it is the first. */
  rows: number;
  lastRows: number;
  /** Units stated, and our figures for the same records as of that moment. */
  units: number;
  ourUnits: number;
  /** Records whose statement lies beyond the tolerance of our figure, and all records it speaks of. */
  changed: number;
  records: number;
  /** Whether nothing was known of the node before: then everything changes, and that is no reason for doubt. */
  opening: boolean;
};

const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;

/** @returns what speaks against it, in words with the numbers; empty when it can be believed */
export function doubtsAbout(figures: SnapshotFigures, policy: PolicyBody<'snapshot'>): string[] {
  const { rows, lastRows, units, ourUnits, changed, records, opening } = figures;
  const doubts: string[] = [];
  if (lastRows >= policy.rowsMin && rows < lastRows) {
    const lost = (lastRows - rows) / lastRows;
    if (lost > policy.rowsLostShare)
      doubts.push(`${rows} rows, ${percent(lost)} fewer than the ${lastRows} of the snapshot before`);
  }
  if (lastRows >= policy.rowsMin && rows > lastRows) {
    const gained = (rows - lastRows) / lastRows;
    if (gained > policy.rowsGainedShare)
      doubts.push(`${rows} rows, ${percent(gained)} more than the ${lastRows} of the snapshot before`);
  }
  if (opening || records < policy.rowsMin) return doubts;
  const moved = Math.abs(units - ourUnits);
  // Against nothing every sum is infinitely far: then the share of changed records has to speak.
  if (ourUnits !== 0 && moved / Math.abs(ourUnits) > policy.sumShare)
    doubts.push(`${units} units in all, ${percent(moved / Math.abs(ourUnits))} away from our ${ourUnits}`);
  if (changed / records > policy.changedShare)
    doubts.push(`${changed} of ${records} records disagree (${percent(changed / records)})`);
  return doubts;
}

/** What exports may take of the machine, and how long they are kept. Said in docs/exports.md. */
export const exportLimits = {
  /** Of one process; others wait. */
  atOnceMax: 2,
  /** Of one person, waiting or running. */
  unfinishedPerPersonMax: 5,
  fileBytesMax: 2 * 1024 ** 3,
  /** All files of a workspace together; the oldest give way. */
  allBytesMax: 10 * 1024 ** 3,
  perPersonMax: 100,
  keptMs: 7 * 24 * 3_600_000,
  takesMsMax: 30 * 60_000,
};
export type ExportLimits = typeof exportLimits;

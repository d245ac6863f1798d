/** What counts have shown about the records and about their confidence, for the company and for each node. */
export type Calibration = {
  /** Counts that nobody's doubt had chosen, and how many of them found the record right. */
  counted: number;
  right: number;
  /** The same for all counts, whatever their cause: the record accuracy as it is found. */
  allCounted: number;
  allRight: number;
  /** By tenths of the confidence that was given before the count: counts, right ones, and the sum of what was said in 1/1,000. */
  tenths: [number, number, number][];
  /** By the log odds of the model without this company's shift, in steps of a half from -8 on: counts and right ones. */
  steps: [number, number][];
};

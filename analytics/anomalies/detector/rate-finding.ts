/** What is surprising about the expected rate of a series now. */
export type RateFinding = {
  surprise: number;
  isUp: boolean;
  /** Sums of points, a level that moved over weeks, a value that is repeated, or points that stray more or less. */
  cause: 'window' | 'drift' | 'flat' | 'variance';
  /** Points that were looked at together. */
  window: number;
  /** Points that it has lasted. */
  lasted: number;
  /** How often the level went the same way in the last days and was taken for a new one. */
  steps: number;
  /** It came little by little. */
  gradual: boolean;
};

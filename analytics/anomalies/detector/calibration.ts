/**
 * What a surprise of the expected rate comes to as -log10 of how often it is reached while nothing is wrong. Its parts are
 * judged by their own past already; that the largest of many parts is taken, and that what lasts teaches little, makes it
 * differ. Measured on quiet series: noise of several kinds, and shops with better and worse days (docs/detect.md).
 */
type Curve = readonly (readonly [surprise: number, calibrated: number])[];
const ofRate: Curve = [
  [0, 0],
  [1, 0.2],
  [2, 0.8],
  [3, 1.8],
  [4, 2.8],
  [5, 3.6],
  [6, 4.3],
  [8, 5.5],
  [12, 8],
];

/**
 * The same for the mean of what the expected rate and novelty find, which is less than each where they do not agree.
 * Measured on made series of twelve kinds, away from what is unusual in them, down to once in 3,000 points.
 */
const ofMean: Curve = [
  [0, 0],
  [0.74, 0.5],
  [1, 1],
  [1.3, 1.5],
  [1.65, 2],
  [1.95, 2.5],
  [2.3, 3],
  [3, 3.7],
  [4, 4.6],
  [6, 6],
  [12, 8],
];

export const calibrated = (surprise: number): number => along(ofRate, surprise);
export const calibratedMean = (surprise: number): number => along(ofMean, surprise);

function along(curve: Curve, surprise: number): number {
  for (let index = 1; index < curve.length; index++) {
    const [to, above] = curve[index]!;
    if (surprise > to) continue;
    const [from, below] = curve[index - 1]!;
    return below + ((above - below) * (surprise - from)) / (to - from);
  }
  return curve.at(-1)![1];
}

/**
 * What a surprise of the expected rate comes to as -log10 of how often it is reached while nothing is wrong. Its parts are
 * judged by their own past already; that the largest of many parts is taken, and that what lasts teaches little, makes it
 * differ. Measured on quiet series: noise of several kinds, and shops with better and worse days (docs/detect.md).
 */
const curve: [surprise: number, calibrated: number][] = [
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

export function calibrated(surprise: number): number {
  for (let index = 1; index < curve.length; index++) {
    const [to, above] = curve[index]!;
    if (surprise > to) continue;
    const [from, below] = curve[index - 1]!;
    return below + ((above - below) * (surprise - from)) / (to - from);
  }
  return curve.at(-1)![1];
}

/** The slope of a series by least squares, and its picture. */

export type Point = [x: number, y: number];

const WIDTH = 900;
const HEIGHT = 300;
const MARGIN = 40;

/** @returns change of y per x; NaN for fewer than two points */
export function slopeOf(points: readonly Point[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const above = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return above / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

/** An SVG of all points, with the line through those of `fitted`. */
export function drawLine(points: readonly Point[], fitted: readonly Point[], title: string): string {
  const xMax = Math.max(...points.map(([x]) => x));
  const yMax = Math.max(...points.map(([, y]) => y)) * 1.2;
  const at = ([x, y]: Point) =>
    `${(MARGIN + (x / xMax) * (WIDTH - 2 * MARGIN)).toFixed(1)},${(HEIGHT - MARGIN - (y / yMax) * (HEIGHT - 2 * MARGIN)).toFixed(1)}`;
  const slope = slopeOf(fitted);
  const mx = fitted.reduce((sum, [x]) => sum + x, 0) / fitted.length;
  const my = fitted.reduce((sum, [, y]) => sum + y, 0) / fitted.length;
  const onLine = (x: number): Point => [x, my + slope * (x - mx)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${MARGIN}" y="24">${title}</text>
<text x="4" y="${MARGIN}">${yMax.toFixed(1)}</text><text x="4" y="${HEIGHT - MARGIN}">0</text>
<text x="${WIDTH - MARGIN}" y="${HEIGHT - 16}" text-anchor="end">${xMax.toFixed(0)} min</text>
<polyline points="${points.map(at).join(' ')}" fill="none" stroke="#2459d3" stroke-width="2"/>
<polyline points="${[onLine(fitted[0]![0]), onLine(fitted.at(-1)![0])].map(at).join(' ')}" fill="none" stroke="#c22f08" stroke-dasharray="6 4"/>
</svg>
`;
}

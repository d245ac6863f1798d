/** Shapes that a series has had lately, of so many points each, to tell how unlike all of them the newest is. */
export class ShapeMemory {
  private readonly points: number;
  private readonly shapesMax: number;
  private readonly newest: Float64Array;
  private readonly shapes: Float32Array;
  private stored = 0;
  private seen = 0;

  constructor(points: number, shapesMax: number) {
    this.points = points;
    this.shapesMax = shapesMax;
    this.newest = new Float64Array(points);
    this.shapes = new Float32Array(points * shapesMax);
  }

  add(x: number): void {
    this.newest.copyWithin(0, 1);
    this.newest[this.points - 1] = Math.fround(x);
    this.seen += 1;
  }

  /** Mean distance a point to the shape most like the newest one, which is kept if it is farther than `novelFrom`. */
  distance(novelFrom: number): number {
    const { points, newest, shapes } = this;
    if (this.seen <= points) return 0;
    let least = Number.POSITIVE_INFINITY;
    for (let from = 0; from < this.stored * points; from += points) {
      let sum = 0;
      for (let index = 0; index < points && sum < least; index++)
        sum += Math.abs(shapes[from + index]! - newest[index]!);
      if (sum < least) least = sum;
    }
    const distance = this.stored === 0 ? 0 : least / points;
    if (this.stored === 0 || distance > novelFrom) {
      const place = this.stored < this.shapesMax ? this.stored : this.seen % this.shapesMax;
      shapes.set(newest, place * points);
      this.stored = Math.max(this.stored, place + 1);
    }
    return distance;
  }
}

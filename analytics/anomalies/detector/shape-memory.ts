/** Shapes that a series has had lately, of so many points each, to tell how unlike all of them the newest is. */
export class ShapeMemory {
  private readonly points: number;
  private readonly shapesMax: number;
  private readonly newest: Float64Array;
  private readonly shapes: Float32Array;
  private stored = 0;
  private seen = 0;
  private nearest = 0;

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
    if (this.seen <= this.points) return 0;
    const least = this.leastDistance();
    const distance = this.stored === 0 ? 0 : least / this.points;
    if (this.stored === 0 || distance > novelFrom) {
      this.nearest = this.stored < this.shapesMax ? this.stored : this.seen % this.shapesMax;
      this.shapes.set(this.newest, this.nearest * this.points);
      this.stored = Math.max(this.stored, this.nearest + 1);
    }
    return distance;
  }

  /** Begins with the one that was nearest last time: against a small distance, most are given up after a point or two. */
  private leastDistance(): number {
    let least = Number.POSITIVE_INFINITY;
    const { points, newest, shapes, stored } = this;
    let nearest = this.nearest;
    for (let tried = 0; tried < stored; tried++) {
      const shape = tried === 0 ? this.nearest : tried <= this.nearest ? tried - 1 : tried;
      const from = shape * points;
      let sum = 0;
      for (let index = points - 1; index >= 0 && sum < least; index--)
        sum += Math.abs(shapes[from + index]! - newest[index]!);
      if (sum >= least) continue;
      least = sum;
      nearest = shape;
    }
    this.nearest = nearest;
    return least;
  }
}

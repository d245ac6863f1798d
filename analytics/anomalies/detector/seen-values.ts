const VALUES_MAX = 400;

/** Values that a series has had, sorted and not nearer to each other than told, to tell how far off a value is from all. */
export class SeenValues {
  private readonly values = new Float32Array(VALUES_MAX);
  private stored = 0;
  private added = 0;

  /** Distance to the nearest value seen, inside of the range as well as beyond; kept if it is more than `novelFrom`. */
  distance(x: number, novelFrom: number): number {
    const value = Math.fround(x);
    const place = this.placeOf(value);
    const below = place > 0 ? value - this.values[place - 1]! : Number.POSITIVE_INFINITY;
    const above = place < this.stored ? this.values[place]! - value : Number.POSITIVE_INFINITY;
    const distance = this.stored === 0 ? 0 : Math.min(below, above);
    if (this.stored < 2 || distance > novelFrom) this.insert(value, place);
    return distance;
  }

  /** Index of the first value that is not less. */
  private placeOf(value: number): number {
    let low = 0;
    let high = this.stored;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.values[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Full, another makes room, each in its turn. */
  private insert(value: number, place: number): void {
    this.added += 1;
    let to = place;
    if (this.stored === VALUES_MAX) {
      const out = this.added % VALUES_MAX;
      this.values.copyWithin(out, out + 1);
      this.stored -= 1;
      if (out < to) to -= 1;
    }
    this.values.copyWithin(to + 1, to, this.stored);
    this.values[to] = value;
    this.stored += 1;
  }
}

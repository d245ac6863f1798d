/** Mean and deviation of the last so many values. */
export class RunningWindow {
  private readonly values: Float64Array;
  private next = 0;
  private count = 0;
  private sum = 0;
  private squares = 0;

  constructor(size: number) {
    this.values = new Float64Array(size);
  }

  add(x: number): void {
    if (this.count === this.values.length) {
      const old = this.values[this.next]!;
      this.sum -= old;
      this.squares -= old * old;
    } else this.count += 1;
    this.values[this.next] = x;
    this.sum += x;
    this.squares += x * x;
    this.next = (this.next + 1) % this.values.length;
    if (this.next === 0) this.recount();
  }

  get full(): boolean {
    return this.count === this.values.length;
  }

  get mean(): number {
    return this.sum / this.count;
  }

  get deviation(): number {
    return Math.sqrt(Math.max(0, this.squares / this.count - this.mean ** 2));
  }

  /** Sums that are added to and taken from drift away from what they are the sum of. */
  private recount(): void {
    this.sum = 0;
    this.squares = 0;
    for (let index = 0; index < this.count; index++) {
      this.sum += this.values[index]!;
      this.squares += this.values[index]! ** 2;
    }
  }
}

/** How far a series goes beyond all that it has ever done: in height, in means and spreads of some lengths, in steps. */
import { RunningRange } from './running-range.ts';
import { RunningWindow } from './running-window.ts';

const STREAMS = 12;

export class Records {
  private readonly x4 = new RunningWindow(4);
  private readonly x8 = new RunningWindow(8);
  private readonly x12 = new RunningWindow(12);
  private readonly x24 = new RunningWindow(24);
  private readonly x36 = new RunningWindow(36);
  private readonly x96 = new RunningWindow(96);
  private readonly d4 = new RunningWindow(4);
  private readonly d24 = new RunningWindow(24);
  private readonly ranges = Array.from({ length: STREAMS }, () => new RunningRange());
  private last = 0;

  /** The most, over all streams, in ranges of the stream so far; 0 where all was seen before, at most 1. */
  beyond(x: number, departure: number, residual: number): number {
    const { x4, x8, x12, x24, x36, x96, d4, d24, ranges } = this;
    x4.add(x);
    x8.add(x);
    x12.add(x);
    x24.add(x);
    x36.add(x);
    x96.add(x);
    d4.add(departure);
    d24.add(departure);
    let most = Math.max(
      ranges[0]!.overshoot(x),
      ranges[1]!.overshoot(departure),
      ranges[2]!.overshoot(residual),
      ranges[3]!.overshoot(x - this.last),
    );
    if (x4.full) most = Math.max(most, ranges[4]!.overshoot(x4.mean), ranges[5]!.overshoot(d4.mean));
    if (x8.full) most = Math.max(most, ranges[6]!.overshoot(x8.deviation));
    if (x12.full) most = Math.max(most, ranges[7]!.overshoot(x12.mean));
    if (x24.full) most = Math.max(most, ranges[8]!.overshoot(x24.deviation), ranges[9]!.overshoot(d24.deviation));
    if (x36.full) most = Math.max(most, ranges[10]!.overshoot(x36.mean));
    if (x96.full) most = Math.max(most, ranges[11]!.overshoot(x96.deviation));
    this.last = x;
    return most;
  }
}

/** Shows how far a replay is: a bar on a terminal, a line every two seconds elsewhere. */
import cliProgress from 'cli-progress';
import type { ReplayProgress } from './run-replay.ts';

const LINE_EVERY_MS = 2_000;
const DRAW_EVERY_MS = 100;

/** @returns the reporter, and how to take the bar away again */
export function showProgress(out: NodeJS.WriteStream): { progress: ReplayProgress; stop: () => void } {
  let shownAt = 0;
  let began = performance.now();
  let shown: string | null = null;
  const bar = out.isTTY
    ? new cliProgress.SingleBar({
        format: '{stage} [{bar}] {percentage}% | {rows} rows | {events} events | {rate} events/s',
        stream: out,
        hideCursor: true,
        clearOnComplete: true,
      })
    : null;
  const progress: ReplayProgress = (stage, share, { rows, events }) => {
    const now = performance.now();
    if (stage !== shown) {
      if (shown !== null) bar?.stop();
      shown = stage;
      began = now;
      shownAt = now;
      bar?.start(1_000, 0, { stage, rows: 0, events: 0, rate: 0 });
      return;
    }
    if (share < 1 && now - shownAt < (bar ? DRAW_EVERY_MS : LINE_EVERY_MS)) return;
    shownAt = now;
    const rate = Math.round((events * 1_000) / Math.max(1, now - began));
    if (bar) bar.update(Math.round(share * 1_000), { stage, rows, events, rate });
    else out.write(`${stage}: ${Math.round(share * 100)} %, ${rows} rows, ${events} events, ${rate} events/s\n`);
  };
  return { progress, stop: () => bar?.stop() };
}

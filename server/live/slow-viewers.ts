/** Viewers that do not read: they get nothing more until they have, and are cut when they stay so. */
import type { Viewer } from './viewer.ts';
import { startAgain } from './viewer.ts';

/** A socket with this many unsent packets gets no more; it is cut when it stays so, and resyncs when it comes back. */
const UNSENT_PACKETS_MAX = 64;
const SLOW_FOR_MS_MAX = 15_000;

export function watchSlowViewers(now: () => number) {
  const slowViewers = new Set<Viewer>();

  function isSlow(viewer: Viewer): boolean {
    const unsent = (viewer.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length;
    if (unsent < UNSENT_PACKETS_MAX) {
      viewer.data.slowSince = 0;
      return false;
    }
    if (viewer.data.slowSince === 0) viewer.data.slowSince = now();
    if (now() - viewer.data.slowSince > SLOW_FOR_MS_MAX) viewer.disconnect(true);
    return true;
  }

  return {
    /** Those of a topic that must not be sent a change now; they are told later. */
    setAside(viewers: Iterable<Viewer>, topic: string): Viewer[] {
      const slow = [...viewers].filter(isSlow);
      for (const viewer of slow) {
        viewer.data.behind.add(topic);
        slowViewers.add(viewer);
      }
      return slow;
    },
    /** What a slow viewer missed it gets whole, once it reads again. */
    catchUp(): void {
      for (const viewer of slowViewers) {
        if (viewer.connected && isSlow(viewer)) continue;
        slowViewers.delete(viewer);
        if (viewer.connected) for (const topic of viewer.data.behind) viewer.emit('change', startAgain(topic));
        viewer.data.behind.clear();
      }
    },
  };
}

/** Which simulated moment belongs to which wall-clock moment. */

export type Pacing = {
  /** Simulated time up to which events are due at the wall-clock time `wall`; never ahead of it. All epoch ms. */
  dueAt: (wall: number) => number;
};

/**
 * Everything older than `pacedMs` is due at once; from there simulated time runs `speed` times as fast as the clock until
 * it has caught up.
 * @param startedAt wall-clock time at which sending begins
 */
export function createPacing(startedAt: number, speed: number, pacedMs: number): Pacing {
  const anchor = startedAt - pacedMs;
  return { dueAt: (wall) => Math.min(wall, anchor + (wall - startedAt) * speed) };
}

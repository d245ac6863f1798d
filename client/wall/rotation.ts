/**
 * Which board of several a screen shows. Pure: what happened in, what is shown out.
 * The boards take turns; a critical exception that was not there before holds the picture until it has been seen.
 */

/** How long a new critical exception holds the rotation. */
export const HOLD_FOR_NEW_CRITICAL_MS = 60_000;
/** Only the worst are listed: one that is on the list since another went away is no news. */
const NEW_FOR_MS = 10 * 60_000;

export type Rotation = {
  /** Place in the list of boards. */
  index: number;
  shownSince: number;
  /** No turning before this moment; null: nothing holds it. */
  heldUntil: number | null;
  /** The critical exceptions known so far; null before the first list came. */
  known: ReadonlySet<string> | null;
  /** Those that hold it. */
  fresh: ReadonlySet<string>;
};
export type Critical = { id: string; openedAt: number };
export type Turning = { boards: number; everyMs: number | null };

export const startRotation = (now: number): Rotation => ({
  index: 0,
  shownSince: now,
  heldUntil: null,
  known: null,
  fresh: new Set(),
});

/** One look at the clock. */
export function turned(rotation: Rotation, turning: Turning, now: number): Rotation {
  const { heldUntil } = rotation;
  if (heldUntil !== null && now < heldUntil) return rotation;
  // What was held longer than its turn goes on at once; the others go on when their turn is over.
  const free = heldUntil === null ? rotation : { ...rotation, heldUntil: null, fresh: new Set<string>() };
  if (turning.everyMs === null || turning.boards < 2) return within(free, turning);
  if (now - free.shownSince < turning.everyMs) return within(free, turning);
  return { ...free, index: (free.index + 1) % turning.boards, shownSince: now };
}

/** The critical exceptions as they are now. Those of the first list are no news: the screen has just been switched on. */
export function criticalSeen(rotation: Rotation, critical: readonly Critical[], now: number): Rotation {
  const known = new Set(critical.map(({ id }) => id));
  if (rotation.known === null) return { ...rotation, known };
  const news = critical
    .filter(({ id, openedAt }) => !rotation.known!.has(id) && now - openedAt < NEW_FOR_MS)
    .map(({ id }) => id);
  const fresh = new Set([...rotation.fresh].filter((id) => known.has(id)));
  for (const id of news) fresh.add(id);
  // Once all that held it are gone, there is nothing left to look at.
  if (fresh.size === 0) return { ...rotation, known, fresh, heldUntil: null };
  return {
    ...rotation,
    known,
    fresh,
    heldUntil: news.length > 0 ? now + HOLD_FOR_NEW_CRITICAL_MS : rotation.heldUntil,
  };
}

/** Somebody chose a board: its turn begins. */
export function shown(rotation: Rotation, index: number, now: number): Rotation {
  return { ...rotation, index, shownSince: now };
}

/** A list that became shorter must not leave the screen empty. */
function within(rotation: Rotation, { boards }: Turning): Rotation {
  return rotation.index < boards ? rotation : { ...rotation, index: 0 };
}

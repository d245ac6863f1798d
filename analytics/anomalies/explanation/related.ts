/** How well something else that happened fits to a change: in time, and in what it is about. It may be its cause, or not. */

export type Place = { [dimension: string]: readonly string[] };
export type Happening = {
  from: number;
  /** Null while it stands. */
  to: number | null;
  /** Whether it is over at once, as a change of settings is; what it does may last. */
  isMoment: boolean;
  /** What it is about; nothing: everything. */
  place: Place;
  /** 0 to 1: how often such things change figures. */
  weight: number;
};
export type Changed = {
  from: number;
  to: number;
  /** The series. */
  where: { [dimension: string]: string };
  /** Values of what was found to have changed. */
  roots: readonly { [dimension: string]: string }[];
};
export type Fit = { fit: number; because: string[] };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What began so shortly before or within the window began with it. */
const WITH_IT_MS = 30 * MINUTE_MS;
/** What ended before is forgotten by and by: a promotion that ended an hour ago explains a drop. */
const FORGOTTEN_MS = 4 * HOUR_MS;
/** What has stood for long was there while figures were as usual. */
const OLD_MS = 24 * HOUR_MS;
const ABOUT_ALL = 0.6;
const ABOUT_SOMETHING_ELSE = 0.3;

/** @returns null when it cannot have to do with it: it came later, or is about another place */
export function fitOf(happening: Happening, changed: Changed): Fit | null {
  const time = timeFit(happening, changed);
  const place = time === null ? null : placeFit(happening.place, changed);
  if (time === null || place === null) return null;
  return { fit: time.fit * place.fit * happening.weight, because: [...time.because, ...place.because] };
}

function timeFit({ from, to, isMoment }: Happening, changed: Changed): Fit | null {
  if (from >= changed.to) return null;
  const lead = changed.from - from;
  if (!isMoment && to !== null && to <= changed.from) {
    const gap = changed.from - to;
    return { fit: 0.9 * Math.exp(-gap / FORGOTTEN_MS), because: [`ended ${lengthOf(gap)} before`] };
  }
  if (lead < 0) return { fit: 1, because: [`began ${lengthOf(-lead)} after it`] };
  if (lead <= WITH_IT_MS)
    return { fit: 1, because: [lead < MINUTE_MS ? 'began with it' : `began ${lengthOf(lead)} before`] };
  const aged = Math.exp(-lead / OLD_MS);
  if (isMoment) return { fit: aged, because: [`${lengthOf(lead)} before`] };
  return { fit: 0.25 + 0.65 * aged, because: [`began ${lengthOf(lead)} before, and stood`] };
}

function placeFit(place: Place, { where, roots }: Changed): Fit | null {
  const named = Object.entries(place).filter(([, values]) => values.length > 0);
  if (named.length === 0) return { fit: ABOUT_ALL, because: [] };
  const because: string[] = [];
  let best = ABOUT_SOMETHING_ELSE;
  for (const [dimension, values] of named) {
    const own = where[dimension];
    if (own !== undefined) {
      if (!values.includes(own)) return null;
      best = 1;
      because.push(`the same ${dimension}`);
      continue;
    }
    const found = roots.flatMap((root) => root[dimension] ?? []);
    if (found.some((value) => values.includes(value))) {
      best = 1;
      because.push(`the ${dimension} that changed`);
    } else if (found.length > 0 && found.length === roots.length) return null;
  }
  return { fit: best, because };
}

/** `4 minutes`, `3 hours`, `2 days`. */
export function lengthOf(ms: number): string {
  const [count, unit] =
    ms < 90 * MINUTE_MS
      ? [ms / MINUTE_MS, 'minute']
      : ms < 48 * HOUR_MS
        ? [ms / HOUR_MS, 'hour']
        : [ms / (24 * HOUR_MS), 'day'];
  const whole = Math.max(1, Math.round(count as number));
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
}

/** Spans of time in the shortest honest form: two units at most, a true minus sign when overdue. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SECONDS_SHOWN_UNDER_MS = 10 * MINUTE;
const HOURS_SHOWN_UNDER_MS = 10 * DAY;
export const MINUS = '\u2212';

/** `2d 2h`, `2h 11m`, `42m`, `7m 38s`, `25s`; overdue spans begin with a minus. */
export function formatSpan(ms: number): string {
  const sign = ms < 0 ? MINUS : '';
  const span = Math.abs(ms);
  if (span >= HOURS_SHOWN_UNDER_MS) return `${sign}${Math.floor(span / DAY)}d`;
  if (span >= DAY) return sign + twoUnits(span, DAY, 'd', HOUR, 'h');
  if (span >= HOUR) return sign + twoUnits(span, HOUR, 'h', MINUTE, 'm');
  if (span >= SECONDS_SHOWN_UNDER_MS) return `${sign}${Math.floor(span / MINUTE)}m`;
  if (span >= MINUTE) return sign + twoUnits(span, MINUTE, 'm', SECOND, 's');
  const seconds = Math.floor(span / SECOND);
  return seconds === 0 ? '0s' : `${sign}${seconds}s`;
}

/** The same to the minute, for screens read from afar. */
export function formatSpanCoarse(ms: number): string {
  const span = Math.abs(ms);
  if (span < MINUTE || span >= SECONDS_SHOWN_UNDER_MS) return formatSpan(ms);
  return `${ms < 0 ? MINUS : ''}${Math.floor(span / MINUTE)}m`;
}

/** How long ago, in one unit: `4s`, `14m`, `3h`, `2d`. */
export function formatAge(ms: number): string {
  const span = Math.max(0, ms);
  if (span >= DAY) return `${Math.floor(span / DAY)}d`;
  if (span >= HOUR) return `${Math.floor(span / HOUR)}h`;
  if (span >= MINUTE) return `${Math.floor(span / MINUTE)}m`;
  return `${Math.floor(span / SECOND)}s`;
}

/** `0.4 s` for how far the screen is behind. */
export function formatLag(ms: number): string {
  return ms >= 10_000 ? formatAge(ms) : `${(ms / SECOND).toFixed(1)} s`;
}

function twoUnits(span: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((span % large) / small);
  const first = `${Math.floor(span / large)}${largeName}`;
  return rest === 0 ? first : `${first} ${rest}${smallName}`;
}

/** Local times of a place as forms hold them, and the instants they mean. */
const MINUTE_MS = 60_000;

export type LocalTime = [year: number, month: number, day: number, hour: number, minute: number];

/** What `<input type="datetime-local">` says, as an instant at the place; NaN when it says nothing. */
export function instantOfLocal(text: string, timeZone: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(text);
  if (match === null) return Number.NaN;
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as LocalTime;
  return instantOf([year, month, day, hour, minute], timeZone);
}

/** An instant as `<input type="datetime-local">` wants it. */
export function textOfLocal(at: number, timeZone: string): string {
  const [year, ...rest] = partsOf(at, timeZone);
  const [month, day, hour, minute] = rest.map((part) => String(part).padStart(2, '0'));
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

/** Twice, because the first guess may stand on the other side of a change of clocks. */
export function instantOf(local: LocalTime, timeZone: string): number {
  const [year, month, day, hour, minute] = local;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  const first = asUtc - offsetOf(asUtc, timeZone);
  return asUtc - offsetOf(first, timeZone);
}

function offsetOf(at: number, timeZone: string): number {
  const [year, month, day, hour, minute] = partsOf(at, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

const forms = new Map<string, Intl.DateTimeFormat>();

export function partsOf(at: number, timeZone: string): LocalTime {
  let form = forms.get(timeZone);
  if (form === undefined) {
    const numeric = 'numeric';
    form = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      hourCycle: 'h23',
    });
    forms.set(timeZone, form);
  }
  const parts = new Map(form.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return [of('year'), of('month'), of('day'), of('hour'), of('minute')];
}

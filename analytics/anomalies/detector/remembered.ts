/**
 * Saves everything that an object of numbers knows, and gives it back to a fresh one. Fields are found, not listed, so
 * that none can be forgotten: an object that has recalled answers as the one that was saved, to the last bit.
 */

type Numbers = Float64Array | Float32Array | Uint16Array;
export type Remembered = number | string | boolean | null | Remembered[] | { [field: string]: Remembered };

/** What JSON has no number for. */
const unspeakable: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

export function remembered(value: unknown): Remembered {
  if (typeof value === 'number') {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (typeof value === 'boolean' || value === null) return value;
  if (isNumbers(value)) return packed(value);
  if (Array.isArray(value)) return value.map(remembered);
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, remembered(one)]));
  }
  throw new TypeError(`cannot remember a ${typeof value}`);
}

/** Puts what was saved into an object that was made the same way. Throws where the two do not fit. */
export function recall<T extends object>(into: T, saved: Remembered): T {
  if (typeof saved !== 'object' || saved === null || Array.isArray(saved)) throw new TypeError('nothing to recall');
  for (const field of Object.keys(into)) {
    const target = into as Record<string, unknown>;
    if (saved[field] === undefined) throw new TypeError(`${field} was not saved`);
    target[field] = recalled(target[field], saved[field]);
  }
  return into;
}

function recalled(fresh: unknown, saved: Remembered): unknown {
  if (isNumbers(fresh)) return unpacked(fresh, saved);
  if (Array.isArray(fresh) && Array.isArray(saved)) {
    if (fresh.some((one) => typeof one === 'object')) {
      if (fresh.length !== saved.length) throw new TypeError('another number of parts was saved');
      return fresh.map((one, index) => recalled(one, saved[index]!));
    }
    return saved.map((one) => recalled(0, one));
  }
  if (typeof fresh === 'object' && fresh !== null && saved !== null && !Array.isArray(fresh))
    return recall(fresh, saved);
  if (typeof saved === 'string') {
    const number = unspeakable[saved];
    if (number === undefined) throw new TypeError(`not a number: ${saved.slice(0, 40)}`);
    return number;
  }
  return saved;
}

function isNumbers(value: unknown): value is Numbers {
  return value instanceof Float64Array || value instanceof Float32Array || value instanceof Uint16Array;
}

/** `first index:bytes in base64`, without the zeros at both ends. */
function packed(numbers: Numbers): string {
  let from = 0;
  let to = numbers.length;
  while (to > 0 && Object.is(numbers[to - 1], 0)) to -= 1;
  while (from < to && Object.is(numbers[from], 0)) from += 1;
  const part = numbers.subarray(from, to);
  return `${from}:${Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('base64')}`;
}

function unpacked(into: Numbers, saved: Remembered): Numbers {
  const [from, bytes] = typeof saved === 'string' ? saved.split(':') : [];
  if (from === undefined || bytes === undefined) throw new TypeError('no numbers were saved');
  const buffer = Buffer.from(bytes, 'base64');
  into.fill(0);
  const target = Buffer.from(into.buffer, into.byteOffset, into.byteLength);
  const at = Number(from) * into.BYTES_PER_ELEMENT;
  if (!(at >= 0 && at + buffer.length <= target.length)) throw new TypeError('more numbers were saved than fit');
  buffer.copy(target, at);
  return into;
}

/** Types a question may cast to, and may give its parameters: plain values and lists of them, no states, no objects. */

const plain = new Set(
  'String Bool Date Date32 DateTime DateTime32 DateTime64 UUID FixedString Decimal Decimal32 Decimal64 Decimal128 Decimal256 Int8 Int16 Int32 Int64 Int128 Int256 UInt8 UInt16 UInt32 UInt64 UInt128 UInt256 Float32 Float64 IPv4 IPv6'.split(
    ' ',
  ),
);
const around = new Set(['Nullable', 'Array', 'LowCardinality', 'Tuple', 'Map']);
const TYPE_CHARACTERS_MAX = 200;
const FIXED_STRING_BYTES_MAX = 1_000;
const tokens = /\s*(?:([A-Za-z][A-Za-z0-9]*)|(\d{1,4})|('[A-Za-z0-9_+/-]{1,60}')|([(),]))/y;

/** Whether a type, as it is written, is made of allowed ones only. */
export function isAllowedType(type: string): boolean {
  if (type.length > TYPE_CHARACTERS_MAX) return false;
  const parts: string[] = [];
  tokens.lastIndex = 0;
  const end = type.trimEnd().length;
  while (tokens.lastIndex < end) {
    const found = tokens.exec(type);
    if (found === null) return false;
    parts.push(found[1] ?? found[2] ?? found[3] ?? found[4]!);
  }
  const rest = readType(parts);
  return rest !== null && rest.length === 0;
}

/** @returns what follows the type at the beginning, or null when there is none that is allowed */
function readType([name, ...rest]: string[]): string[] | null {
  if (name === undefined) return null;
  if (around.has(name)) return rest[0] === '(' ? readList(rest.slice(1), readType) : null;
  if (!plain.has(name)) return null;
  if (rest[0] !== '(') return rest;
  if (name === 'FixedString' && Number(rest[1]) > FIXED_STRING_BYTES_MAX) return null;
  return readList(rest.slice(1), readNumberOrZone);
}

function readList(parts: string[], readOne: (parts: string[]) => string[] | null): string[] | null {
  let rest = readOne(parts);
  while (rest !== null && rest[0] === ',') rest = readOne(rest.slice(1));
  return rest !== null && rest[0] === ')' ? rest.slice(1) : null;
}

const readNumberOrZone = ([one, ...rest]: string[]): string[] | null =>
  one !== undefined && /^(\d+$|')/.test(one) ? rest : null;

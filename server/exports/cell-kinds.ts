/** What the values of a column are, as files must know it: by the type the engine says, never by how a value looks. */

export type Column = { name: string; type: string };
/** A value as the engine writes it in JSON: 64-bit integers and decimals as text, times as ISO 8601 in UTC. */
export type Cell = string | number | boolean | null | readonly unknown[] | Record<string, unknown>;
export type CellKind = 'integer' | 'decimal' | 'float' | 'boolean' | 'date' | 'time' | 'text' | 'nested';

/** The type under `Nullable(…)` and `LowCardinality(…)`. */
export function bareType(type: string): string {
  const inner = /^(?:Nullable|LowCardinality)\(([\s\S]*)\)$/.exec(type)?.[1];
  return inner === undefined ? type : bareType(inner);
}

export function kindOf(type: string): CellKind {
  const bare = bareType(type);
  if (/^U?Int\d+$/.test(bare)) return 'integer';
  if (/^Decimal/.test(bare)) return 'decimal';
  if (/^(B?Float)\d+$/.test(bare)) return 'float';
  if (bare === 'Bool') return 'boolean';
  if (/^Date(32)?$/.test(bare)) return 'date';
  if (/^DateTime/.test(bare)) return 'time';
  return /^(Array|Tuple|Map|Nested|JSON|Object|Variant|Dynamic)\b/.test(bare) ? 'nested' : 'text';
}

export const isNumberKind = (kind: CellKind): boolean => kind === 'integer' || kind === 'decimal' || kind === 'float';

/** A value that is no number, as text. */
export function textOf(value: Exclude<Cell, null>): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Types of the engine in words: what matters to whoever writes a question is what one can do with a column. Pure. */
export function typeWords(type: string): string {
  const inner = /^(?:LowCardinality|Nullable)\((.*)\)$/.exec(type)?.[1];
  if (inner !== undefined) return typeWords(inner);
  if (/^(U?Int|Float|BFloat|Decimal)/.test(type)) return 'number';
  if (type.startsWith('DateTime')) return 'time';
  if (type.startsWith('Date')) return 'date';
  if (type.startsWith('Array(')) return 'list';
  if (type.startsWith('Map(')) return 'map';
  if (type === 'Bool') return 'yes or no';
  return /^(String|FixedString|UUID|Enum)/.test(type) ? 'text' : type;
}

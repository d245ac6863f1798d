/** One line of a CSV file (RFC 4180), safe to open in a spreadsheet: what would be a formula there is text. */

/** Spreadsheets take these at the beginning of a cell for a formula, or for a way to get at one. */
const startsLikeFormula = /^[=+\-@\t\r\0\uFF1D]/;

export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(value: string | number | null): string {
  if (value === null) return '';
  return typeof value === 'number' ? String(value) : csvText(value);
}

/** A text as one cell. */
export function csvText(value: string): string {
  const text = startsLikeFormula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The first rows of a CSV, to choose columns by. The server reads the whole of it. Pure. */
export const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

/** The one that parts the first line into the most columns. */
export function delimiterOf(text: string): Delimiter {
  const first = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n'));
  const counts = delimiters.map((one) => first.split(one).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

export function firstRows(text: string, delimiter: string, rowsMax: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    row.push(cell.trim());
    cell = '';
  };
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let at = start; at < text.length && rows.length < rowsMax; at++) {
    const sign = text[at]!;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (sign === '"' && cell === '') quoted = true;
    else if (sign === delimiter) endCell();
    else if (sign === '\n') {
      endCell();
      if (row.some((one) => one !== '')) rows.push(row);
      row = [];
    } else if (sign !== '\r') cell += sign;
  }
  if (rows.length < rowsMax && (cell !== '' || row.length > 0)) {
    endCell();
    rows.push(row);
  }
  return rows;
}

/** Which column is meant, by what columns are usually called; empty when none is. */
const names = {
  order: /^(order|order.?(no|number|id|nr)|invoice.*|bestell.*|name)$/i,
  time: /^(date|time|created.?at|order(ed)?.?(date|at|time)?|invoice.?date|paid at|datum|ordered)$/i,
  sku: /^(sku|article|item|stock.?code|product.?(code|id)|lineitem sku|artikel.*)$/i,
  quantity: /^(quantity|qty|units|count|amount|stock|on.?hand|lineitem quantity|menge|bestand)$/i,
  unitPrice: /^(price|unit.?price|lineitem price|preis)$/i,
  name: /^(name|title|description|product|lineitem name|bezeichnung)$/i,
  node: /^(node|warehouse|location|site|lager|store)$/i,
} as const;
export type Meant = keyof typeof names;

export function guessColumns(header: readonly string[], wanted: readonly Meant[]): Record<string, string> {
  const taken = new Set<string>();
  const guessed: Record<string, string> = {};
  for (const meant of wanted) {
    const found = header.find((column) => names[meant].test(column.trim()) && !taken.has(column));
    guessed[meant] = found ?? '';
    if (found !== undefined) taken.add(found);
  }
  return guessed;
}

/** Ways to write a time, as the mapping writes them. */
export const timeFormats = [
  'iso',
  'yyyy-MM-dd HH:mm:ss',
  'yyyy-MM-dd HH:mm:ss ZZZ',
  'dd.MM.yyyy HH:mm',
  'dd/MM/yyyy HH:mm',
  'M/d/yyyy H:mm',
  'yyyy-MM-dd',
  'dd.MM.yyyy',
] as const;

export function guessTimeFormat(sample: string): string {
  if (/^\d{4}-\d\d-\d\dT/.test(sample) || /^\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?$/.test(sample)) return 'iso';
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}$/.test(sample)) return 'yyyy-MM-dd HH:mm:ss ZZZ';
  if (/^\d\d\.\d\d\.\d{4} /.test(sample)) return 'dd.MM.yyyy HH:mm';
  if (/^\d\d\.\d\d\.\d{4}$/.test(sample)) return 'dd.MM.yyyy';
  if (/^(1[3-9]|2\d|3[01])\/\d\d\/\d{4} /.test(sample)) return 'dd/MM/yyyy HH:mm';
  return /^\d{1,2}\/\d{1,2}\/\d{4} /.test(sample) ? 'M/d/yyyy H:mm' : 'iso';
}

export const usesDecimalComma = (samples: readonly string[]): boolean => samples.some((one) => /,\d{1,2}$/.test(one));

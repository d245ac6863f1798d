/** CSV (RFC 4180) in UTF-8, safe to open in a spreadsheet: text that would be a formula there begins with `'`. */
import { csvText } from '../../http/csv.ts';
import { type Cell, isNumberKind, kindOf, textOf } from '../cell-kinds.ts';
import type { OpenRowFile } from './answer-file.ts';

/** An empty field is an unknown value; an empty text is `""`. */
const cellOf = (value: Cell, isNumber: boolean): string => {
  if (value === null) return '';
  // A number is known by the type of its column: a negative one stays a number.
  if (isNumber) return String(value);
  return value === '' ? '""' : csvText(textOf(value));
};

export const openCsvFile: OpenRowFile = (sink, columns) => {
  const numbers = columns.map(({ type }) => isNumberKind(kindOf(type)));
  sink.write(`${columns.map(({ name }) => csvText(name)).join(',')}\r\n`);
  return {
    rows(rows) {
      let text = '';
      for (const row of rows) text += `${row.map((value, at) => cellOf(value, numbers[at]!)).join(',')}\r\n`;
      sink.write(text);
    },
    end: () => undefined,
  };
};

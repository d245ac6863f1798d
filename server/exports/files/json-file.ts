/** JSON: an array with one object per row, one row per line. Integers and decimals are numbers with all their digits. */
import { type Cell, type CellKind, kindOf } from '../cell-kinds.ts';
import type { OpenRowFile } from './answer-file.ts';

const number = /^-?\d+(\.\d+)?$/;

/** Integers of 64 bits come as text, so that no reader of ours rounds them; JSON itself has no such bound. */
const textOfValue = (value: Cell, kind: CellKind): string =>
  (kind === 'integer' || kind === 'decimal') && typeof value === 'string' && number.test(value)
    ? value
    : JSON.stringify(value);

export const openJsonFile: OpenRowFile = (sink, columns) => {
  const names = columns.map(({ name }) => JSON.stringify(name));
  const kinds = columns.map(({ type }) => kindOf(type));
  let first = true;
  sink.write('[');
  return {
    rows(rows) {
      let text = '';
      for (const row of rows) {
        text += `${first ? '\n' : ',\n'}{${row.map((value, at) => `${names[at]}:${textOfValue(value, kinds[at]!)}`).join(',')}}`;
        first = false;
      }
      sink.write(text);
    },
    end: () => sink.write('\n]\n'),
  };
};

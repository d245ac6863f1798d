/** From the cells of a row to typed values, and from values to what an event carries. */
import {
  absoluteDecimal,
  type Decimal,
  formatDecimal,
  isWholeIn,
  multiplyDecimals,
  parseDecimal,
  type Rounding,
  toMinorUnits,
} from './decimal.ts';
import { localTimeReader } from './local-time.ts';
import type { Field } from './mapping.ts';

/** Text; whole number or epoch ms; exact decimal; or nothing. */
export type Value = string | number | Decimal | null;
export type Values = readonly Value[];
export type Kind = 'text' | 'integer' | 'decimal' | 'money' | 'datetime';
export type Fields = {
  /** Where a field stands in `Values`. */
  index: ReadonlyMap<string, number>;
  kinds: readonly Kind[];
  /** The values of a row, or what is wrong with which column. */
  read: (cells: readonly string[]) => Value[] | { problem: string };
  /** A value as JSON: money as minor units, a time as ISO 8601. */
  render: (index: number, value: Value) => string | number | null;
  /** What was changed on the way, to be told in the report: `sku: letter case folded` -> rows. */
  notes: ReadonlyMap<string, number>;
};

type Reader = (cells: readonly string[], values: readonly Value[]) => Value;
class CellProblem extends Error {}

/** @param missing tells of columns that the header lacks */
export function compileFields(
  fields: Record<string, Field>,
  header: readonly string[],
): Fields | { missing: string[] } {
  const names = Object.keys(fields);
  const index = new Map(names.map((name, at) => [name, at]));
  const columns = new Map(header.map((column, at) => [column.trim(), at]));
  const missing = Object.values(fields).flatMap((field) =>
    'column' in field && !columns.has(field.column) ? [field.column] : [],
  );
  if (missing.length > 0) return { missing: [...new Set(missing)] };

  const notes = new Map<string, number>();
  const note = (words: string) => notes.set(words, (notes.get(words) ?? 0) + 1);
  const kinds: Kind[] = [];
  const money: { digits: number; rounding: Rounding }[] = [];
  const readers = Object.entries(fields).map(([name, field], at): Reader => {
    const kindOf = (other: string) => kinds[index.get(other)!]!;
    switch (field.type) {
      case 'product':
        kinds.push(
          field.currency !== undefined
            ? 'money'
            : field.of.every((one) => kindOf(one) === 'integer')
              ? 'integer'
              : 'decimal',
        );
        break;
      case 'absolute':
        kinds.push(kindOf(field.of));
        money[at] = money[index.get(field.of)!]!;
        break;
      default:
        kinds.push(field.type);
    }
    if ((field.type === 'money' || field.type === 'product') && field.currency !== undefined) {
      money[at] = { digits: minorDigitsOf(field.currency), rounding: field.rounding };
    }
    const read = readerOf(name, field, columns, index, note);
    const rule = money[at];
    if (rule === undefined) return read;
    return (cells, values) => {
      const value = read(cells, values);
      if (value === null) return null;
      const exact = asDecimal(value);
      if (toMinorUnits(exact, rule.digits, rule.rounding) === null) {
        throw new CellProblem(
          `${name}: ${formatDecimal(exact)} is not a whole number of minor units (${rule.digits} decimals)`,
        );
      }
      if (!isWholeIn(exact, rule.digits)) note(`${name}: rounded to minor units`);
      return exact;
    };
  });

  return {
    index,
    kinds,
    notes,
    read: (cells) => {
      const values: Value[] = [];
      try {
        for (const read of readers) values.push(read(cells, values));
      } catch (error) {
        if (error instanceof CellProblem) return { problem: error.message };
        throw error;
      }
      return values;
    },
    render: (at, value) => {
      if (value === null) return null;
      if (kinds[at] === 'datetime') return new Date(value as number).toISOString();
      if (kinds[at] === 'money') return toMinorUnits(asDecimal(value), money[at]!.digits, money[at]!.rounding);
      return typeof value === 'object' ? formatDecimal(value) : value;
    },
  };
}

export const asDecimal = (value: string | number | Decimal): Decimal =>
  typeof value === 'object'
    ? value
    : typeof value === 'number'
      ? { units: BigInt(value), scale: 0 }
      : parseDecimal(value)!;

const minorDigitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

function readerOf(
  name: string,
  field: Field,
  columns: ReadonlyMap<string, number>,
  index: ReadonlyMap<string, number>,
  note: (words: string) => void,
): Reader {
  if (field.type === 'absolute') {
    const of = index.get(field.of)!;
    return (_, values) => {
      const value = values[of]!;
      return value === null ? null : typeof value === 'number' ? Math.abs(value) : absoluteDecimal(value as Decimal);
    };
  }
  if (field.type === 'product') {
    const [a, b] = field.of.map((part) => index.get(part)!) as [number, number];
    return (_, values) => {
      const [left, right] = [values[a]!, values[b]!];
      if (left === null || right === null) return null;
      if (typeof left === 'number' && typeof right === 'number' && field.currency === undefined) return left * right;
      return multiplyDecimals(asDecimal(left), asDecimal(right));
    };
  }
  const at = columns.get(field.column)!;
  const wrong = (problem: string) => new CellProblem(`${name}: column "${field.column}": ${problem}`);
  const cellOf = (cells: readonly string[]): string | null => {
    const cell = cells[at]!.trim();
    if (cell !== '') return cell;
    if (field.optional) return null;
    throw wrong('is empty');
  };
  switch (field.type) {
    case 'text':
      return textReader(name, field, at, wrong, note);
    case 'datetime': {
      const read = localTimeReader({ ...field, formats: field.format });
      return (cells) => {
        const cell = cellOf(cells);
        const instant = cell === null ? null : read(cell);
        if (typeof instant === 'string') throw wrong(instant);
        return instant;
      };
    }
    default: {
      const plain = (cell: string) => {
        const joined = field.thousandsMark === undefined ? cell : cell.replaceAll(field.thousandsMark, '');
        return field.decimalMark === ',' ? joined.replace(',', '.') : joined;
      };
      return (cells) => {
        const cell = cellOf(cells);
        if (cell === null) return null;
        const decimal = parseDecimal(plain(cell));
        if (decimal === null) throw wrong(`"${cell}" is not a number`);
        if (field.type !== 'integer') return decimal;
        const whole = Number(decimal.units);
        if (decimal.scale > 0 || !Number.isSafeInteger(whole)) throw wrong(`"${cell}" is not a whole number`);
        return whole;
      };
    }
  }
}

function textReader(
  name: string,
  field: Extract<Field, { type: 'text' }>,
  at: number,
  wrong: (problem: string) => CellProblem,
  note: (words: string) => void,
): Reader {
  const replace = field.replace && { pattern: new RegExp(field.replace.pattern, 'gu'), with: field.replace.with };
  return (cells) => {
    let value = field.trim ? cells[at]!.trim() : cells[at]!;
    if (replace) value = value.replace(replace.pattern, replace.with);
    if (field.case !== undefined) {
      const folded = field.case === 'upper' ? value.toUpperCase() : value.toLowerCase();
      if (folded !== value) note(`${name}: letter case folded`);
      value = folded;
    }
    if (value !== '') return value;
    if (field.default !== undefined) return field.default;
    if (field.optional) return null;
    throw wrong('is empty');
  };
}

/** Parquet with Snappy, one row group after the other; the manifest is in the file's own metadata. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { bareType, type Cell, type Column, kindOf, textOf } from '../cell-kinds.ts';
import { DoesNotFit, type OpenRowFile } from './answer-file.ts';
import { manifestLines } from './manifest-lines.ts';

/** Rows that are in memory at once, and so the size of a row group. */
const GROUP_ROWS = 20_000;

type Element = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];
type PlainColumn = { element: Element; valueOf: (value: Exclude<Cell, null>) => unknown };

export const openParquetFile: OpenRowFile = (sink, columns) => {
  const plain = columns.map(plainColumn);
  const writer = new ByteWriter();
  const flush = () => {
    if (writer.index > 0) sink.write(new Uint8Array(writer.buffer.slice(0, writer.index)));
    writer.index = 0;
  };
  const file = new ParquetWriter({
    writer: Object.assign(writer, { flush }),
    schema: [{ name: 'root', num_children: columns.length }, ...plain.map(({ element }) => element)],
    createdBy: 'tideline',
  });
  let waiting = columns.map((): unknown[] => []);

  function writeGroup(): void {
    const rows = waiting[0]?.length ?? 0;
    if (rows === 0) return;
    const columnData = columns.map(({ name }, at) => ({ name, data: waiting[at]! }));
    void file.write({ columnData, rowGroupSize: rows });
    flush();
    waiting = columns.map(() => []);
  }

  return {
    rows(rows) {
      for (const row of rows) {
        for (let at = 0; at < columns.length; at++) {
          const value = row[at]!;
          waiting[at]!.push(value === null ? null : plain[at]!.valueOf(value));
        }
        if (waiting[0]!.length >= GROUP_ROWS) writeGroup();
      }
    },
    end(about) {
      writeGroup();
      file.kvMetadata = manifestLines(about).map(([key, value]) => ({ key: `tideline: ${key}`, value }));
      void file.finish();
      flush();
    },
  };
};

/** Everything may be missing: an unknown value is no mistake. */
function plainColumn({ name, type }: Column): PlainColumn {
  const bare = bareType(type);
  const element = (rest: Partial<Element>): Element => ({ name, repetition_type: 'OPTIONAL', ...rest }) as Element;
  const text = { element: element({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }), valueOf: textOf };
  const decimal = /^Decimal\((\d+), (\d+)\)$/.exec(bare);
  const precision = Number(decimal?.[1]);
  const scale = Number(decimal?.[2]);
  switch (kindOf(type)) {
    case 'integer':
      if (/^(U?Int8|U?Int16|Int32)$/.test(bare)) return { element: element({ type: 'INT32' }), valueOf: Number };
      // Integers of more than 64 bits have no place in Parquet: as text they keep their digits.
      if (!/^(UInt32|U?Int64)$/.test(bare)) return text;
      return {
        element: element({ type: 'INT64', ...(bare === 'UInt64' ? { converted_type: 'UINT_64' } : {}) }),
        valueOf: (value) => BigInt(value as string),
      };
    case 'decimal':
      if (!(precision <= 18)) return text;
      return {
        element: element({ type: 'INT64', converted_type: 'DECIMAL', precision, scale }),
        valueOf: (value) => unscaled(String(value), scale),
      };
    case 'float':
      return { element: element({ type: 'DOUBLE' }), valueOf: floatOf };
    case 'boolean':
      return { element: element({ type: 'BOOLEAN' }), valueOf: Boolean };
    case 'date':
      return { element: element({ type: 'INT32', converted_type: 'DATE' }), valueOf: (value) => dateOf(value, name) };
    case 'time':
      return {
        element: element({ type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }),
        valueOf: (value) => dateOf(value, name),
      };
    default:
      return text;
  }
}

/** The engine writes `nan`, `inf` and `-inf`. */
const floatOf = (value: Cell): number => Number(String(value).replace(/inf$/, 'Infinity'));

/** `12.5` of two places is 1250. */
export function unscaled(text: string, scale: number): bigint {
  const [whole = '0', part = ''] = text.split('.');
  return BigInt(`${whole}${part.padEnd(scale, '0').slice(0, scale)}`);
}

function dateOf(value: Cell, column: string): Date {
  const moment = new Date(String(value));
  if (Number.isNaN(moment.getTime())) throw new DoesNotFit(`"${column}" holds "${value}", which is no time.`);
  return moment;
}

/** How an answer can be written. */
import type { ExportFormat } from '../../http/contract/exports.ts';

/** `engine`: how the engine writes it to a screen; `file`: as which kind of file it is kept. */
export const queryFormats = {
  table: { engine: 'PrettyCompactMonoBlock', isText: true },
  csv: { engine: 'CSVWithNames', isText: true, file: 'csv' },
  json: { engine: 'JSONEachRow', isText: true, file: 'json' },
  tsv: { engine: 'TabSeparatedWithNames', isText: true },
  parquet: { engine: 'Parquet', isText: false, file: 'parquet' },
  arrow: { engine: 'ArrowStream', isText: false, file: 'arrow' },
  xlsx: { engine: '', isText: false, file: 'xlsx' },
} as const satisfies Record<string, { engine: string; isText: boolean; file?: ExportFormat }>;
export type QueryFormat = keyof typeof queryFormats;

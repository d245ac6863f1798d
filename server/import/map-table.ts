/** A whole table in memory -> events and a report that accounts for every row. Nothing is sent here. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { stringify } from 'yaml';
import type { TableAnswer, TableMapping } from '../http/contract/imports.ts';
import { mapRows, type Row } from '../replay/map-rows.ts';
import type { Mapping } from '../replay/mapping.ts';
import { describeMappingProblem, readMapping } from '../replay/read-mapping.ts';
import type { Unreadable } from '../replay/read-rows.ts';
import { REJECTED_SHOWN_MAX } from '../replay/report.ts';
import { sortRows } from '../replay/sort-rows.ts';
import { MOMENT_COLUMN, mappingOfChoices } from './mapping-of-choices.ts';

const ROW_BYTES_MAX = 100_000;
const PROBLEMS_SHOWN_MAX = 5;

/** What is wrong with the whole of it, for whoever handed it in. */
export class BadTable extends Error {}

/** @throws BadTable when no row can be read by this mapping */
export async function mapTable(csv: string, chosen: TableMapping): Promise<TableAnswer> {
  const written = textOf(chosen);
  const mapping = understood(written);
  const { header, rows } = readTable(csv, mapping);
  if (chosen.kind === 'stock') {
    header.push(MOMENT_COLUMN);
    for (const row of rows) if ('cells' in row) (row.cells as string[]).push(chosen.at);
  }
  const readable = rows.filter((row): row is Row => 'cells' in row);
  const sorted = mapping.file.sorted ? readable : ((await sortRows(each(readable), header, mapping)) as Row[]);
  const mapped = mapRows(header, sorted, mapping);
  if ('missing' in mapped) {
    const [missing, has] = [mapped.missing, header].map((names) => names.map((name) => `"${name}"`).join(', '));
    throw new BadTable(`The file has no column ${missing}. Its columns are ${has}.`);
  }
  const { report } = mapped;
  const unreadable = rows.filter((row): row is Unreadable => 'problem' in row);
  for (const { line, problem } of unreadable) {
    if (report.rejected.length < REJECTED_SHOWN_MAX) report.rejected.push({ lines: [line], by: 'mapping', problem });
  }
  report.rows += unreadable.length;
  report.rejectedRows += unreadable.length;
  report.rejected.sort((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
  const events = mapped.events.map(({ event, lines }) => ({ event: { ...event }, lines }));
  return { report, events, mapping: chosen.kind === 'sales' ? written : null };
}

function textOf(chosen: TableMapping): string {
  if (chosen.kind === 'written') return chosen.yaml;
  if (chosen.kind === 'shipped')
    return readFileSync(new URL(`../replay/mappings/${chosen.name}.yaml`, import.meta.url), 'utf8');
  return stringify(mappingOfChoices(chosen));
}

function understood(text: string): Mapping {
  const read = readMapping(text);
  if ('mapping' in read) return read.mapping;
  const problems = read.problems
    .slice(0, PROBLEMS_SHOWN_MAX)
    .map((problem) => describeMappingProblem('mapping', problem));
  throw new BadTable(`The mapping is not right. ${problems.join('; ')}`);
}

type Table = { header: string[]; rows: (Row | Unreadable)[] };

function readTable(csv: string, { file }: Mapping): Table {
  const skipped: Unreadable[] = [];
  const records = parse(csv, {
    bom: true,
    delimiter: file.delimiter,
    quote: file.quote === '' ? false : file.quote,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: ROW_BYTES_MAX,
    on_skip: (error) => {
      const line = Number(error?.['lines'] ?? 0);
      if (error?.code === 'CSV_QUOTE_NOT_CLOSED' || error?.code === 'CSV_MAX_RECORD_SIZE') {
        throw new BadTable(`A quote opened in line ${line} or before is never closed, so rows cannot be told apart.`);
      }
      skipped.push({ line, problem: error?.message ?? 'cannot be read' });
      return undefined;
    },
  }) as unknown as { record: string[]; info: { lines: number } }[];
  const [first, ...rest] = records;
  if (first === undefined) throw new BadTable('The file is empty.');
  const rows: (Row | Unreadable)[] = rest.map(({ record, info }) => ({ line: info.lines, cells: record }));
  return { header: first.record.map((cell) => cell.trim()), rows: [...rows, ...skipped] };
}

async function* each<T>(rows: readonly T[]): AsyncGenerator<T> {
  yield* rows;
}

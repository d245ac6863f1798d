/**
 * A spreadsheet: the rows on one sheet, how they came to be on the second. Written as the rows come: libraries that
 * write XLSX either keep all of it in memory or have not been looked after for years, and the part of the format that a
 * table needs is small (ECMA-376, parts 18.3 and 18.8).
 */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { ZipFile } from 'yazl';
import { type Cell, type CellKind, type Column, isNumberKind, kindOf, textOf } from '../cell-kinds.ts';
import { DoesNotFit, type FileAbout, type RowFile, type Sink } from './answer-file.ts';
import { manifestLines } from './manifest-lines.ts';

/** Bounds of the format itself. */
export const XLSX_ROWS_MAX = 1_048_576;
const COLUMNS_MAX = 16_384;
const CELL_CHARACTERS_MAX = 32_767;
/** Digits of a number that survive in a spreadsheet. */
const DIGITS_MAX = 15;
const DAY_MS = 86_400_000;
/** Spreadsheets count days from 1899-12-30, and rightly so from 1900-03-01 on. */
const EPOCH_DAY = 25_569;
const FIRST_DAY_MS = Date.UTC(1900, 2, 1);
const ZIP_TIME = new Date(Date.UTC(2000, 0, 1));

const STYLE = { time: 1, date: 2, header: 3 } as const;
const instead = 'Export it as CSV or Parquet, or ask for less.';

export function openXlsxFile(sink: Sink, columns: readonly Column[]): RowFile {
  if (columns.length > COLUMNS_MAX) {
    throw new DoesNotFit(`A sheet holds ${COLUMNS_MAX} columns, and these are ${columns.length}. ${instead}`);
  }
  const kinds = columns.map(({ type }) => kindOf(type));
  const zip = new ZipFile();
  zip.outputStream.on('data', (bytes: Buffer) => sink.write(bytes));
  const sheet = new PassThrough();
  const add = (text: string, name: string) => zip.addBuffer(Buffer.from(text), name, { mtime: ZIP_TIME });
  for (const [name, text] of parts) add(text, name);
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml', { mtime: ZIP_TIME });
  let row = 1;
  const write = async (text: string) => {
    if (!sheet.write(text)) await once(sheet, 'drain');
  };
  const frozen =
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>';
  sheet.write(
    `${sheetStart(frozen)}<row r="1">${columns.map(({ name }) => textCell(name, STYLE.header)).join('')}</row>`,
  );
  return {
    async rows(rows) {
      let text = '';
      for (const cells of rows) {
        row += 1;
        if (row > XLSX_ROWS_MAX) {
          throw new DoesNotFit(
            `A sheet holds ${XLSX_ROWS_MAX - 1} rows besides its header, and the answer has more. ${instead}`,
          );
        }
        text += `<row r="${row}">${cells.map((cell, at) => cellOf(cell, kinds[at]!, columns[at]!.name, row)).join('')}</row>`;
      }
      await write(text);
    },
    async end(about) {
      sheet.end('</sheetData></worksheet>');
      add(aboutSheet(about), 'xl/worksheets/sheet2.xml');
      const ended = once(zip.outputStream, 'end');
      zip.end();
      await ended;
    },
  };
}

function cellOf(value: Cell, kind: CellKind, column: string, row: number): string {
  if (value === null) return '<c/>';
  if (isNumberKind(kind)) {
    const text = String(value);
    if (!Number.isFinite(Number(text))) return textCell(text);
    if (text.replace(/^-?0*|\D/g, '').length <= DIGITS_MAX || kind === 'float') return `<c><v>${text}</v></c>`;
    // More digits than a spreadsheet keeps: as text it stays what it is.
    return textCell(text);
  }
  if (kind === 'boolean') return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
  if (kind === 'time' || kind === 'date') {
    const moment = Date.parse(String(value));
    if (moment >= FIRST_DAY_MS) return `<c s="${STYLE[kind]}"><v>${moment / DAY_MS + EPOCH_DAY}</v></c>`;
  }
  const text = textOf(value);
  if (text.length > CELL_CHARACTERS_MAX) {
    throw new DoesNotFit(
      `A cell holds ${CELL_CHARACTERS_MAX} characters, and "${column}" in row ${row} has ${text.length}. ${instead}`,
    );
  }
  return textCell(text);
}

/** Text that is written in place is never taken for a formula. */
const textCell = (text: string, style = 0): string =>
  `<c t="inlineStr"${style === 0 ? '' : ` s="${style}"`}><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;

/** What XML cannot hold is written as `_x000B_`, and what looks like that is protected (part 22.9.2.19). */
export function escaped(text: string): string {
  const safe = needsCare.test(text)
    ? text.replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').replaceAll(notInXml, asCode)
    : text;
  return safe.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
const asCode = (sign: string) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
const notInXml = /(?![\t\n])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu;
const needsCare = /_x|(?![\t\n])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/u;

function aboutSheet(about: FileAbout): string {
  // A query may be longer than a cell: it goes on in the cells below.
  const lines = manifestLines(about).map(([name, value]) => ({
    name,
    pieces: value.match(/[\s\S]{1,32000}/g) ?? [''],
  }));
  let row = 0;
  const rows = lines.flatMap(({ name, pieces }) =>
    pieces.map(
      (piece, at) => `<row r="${++row}">${textCell(at === 0 ? name : '', STYLE.header)}${textCell(piece)}</row>`,
    ),
  );
  const widths =
    '<cols><col min="1" max="1" width="24" customWidth="1"/><col min="2" max="2" width="100" customWidth="1"/></cols>';
  return `${sheetStart(widths)}${rows.join('')}</sheetData></worksheet>`;
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relation = (id: number, what: string, target: string) =>
  `<Relationship Id="rId${id}" Type="${office}/${what}" Target="${target}"/>`;
const relations = (inner: string) =>
  `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inner}</Relationships>`;
const sheetStart = (before: string) => `${xml}<worksheet xmlns="${main}">${before}<sheetData>`;
const content = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const override = (part: string, what: string) =>
  `<Override PartName="/xl/${part}" ContentType="${content}.${what}+xml"/>`;

/** The parts that are the same in every file. */
const parts: readonly (readonly [string, string])[] = [
  [
    '[Content_Types].xml',
    `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('workbook.xml', 'sheet.main')}${override('worksheets/sheet1.xml', 'worksheet')}${override('worksheets/sheet2.xml', 'worksheet')}${override('styles.xml', 'styles')}</Types>`,
  ],
  ['_rels/.rels', relations(relation(1, 'officeDocument', 'xl/workbook.xml'))],
  [
    'xl/_rels/workbook.xml.rels',
    relations(
      relation(1, 'worksheet', 'worksheets/sheet1.xml') +
        relation(2, 'worksheet', 'worksheets/sheet2.xml') +
        relation(3, 'styles', 'styles.xml'),
    ),
  ],
  [
    'xl/workbook.xml',
    `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Answer" sheetId="1" r:id="rId1"/><sheet name="About" sheetId="2" r:id="rId2"/></sheets></workbook>`,
  ],
  [
    'xl/styles.xml',
    `${xml}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`,
  ],
];

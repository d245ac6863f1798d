/** What a person may rely on when handing in a table: every row has one outcome, and what is wrong is named by its line. */
import { describe, expect, it } from 'vitest';
import { type TableMappingInput, tableMapping } from '../../server/http/contract/imports.ts';
import { BadTable, mapTable } from '../../server/import/map-table.ts';

const sales: TableMappingInput = {
  kind: 'sales',
  source: 'history',
  channel: 'web',
  node: 'BER-1',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  delimiter: ';',
  decimalMark: ',',
  columns: { order: 'Order', time: 'Ordered', sku: 'Article', quantity: 'Qty', unitPrice: 'Price', name: 'Name' },
  timeFormat: 'dd.MM.yyyy HH:mm',
  dispatchedAfterHours: 24,
  defines: ['workspace', 'node', 'channel'],
};
const stock: TableMappingInput = {
  kind: 'stock',
  source: 'opening',
  node: 'BER-1',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  columns: { sku: 'sku', quantity: 'units', node: 'node' },
  at: '2026-11-01T06:00:00Z',
  defines: ['node'],
};
const map = (csv: string, mapping: TableMappingInput) => mapTable(csv, tableMapping.parse(mapping));
type Data = Record<string, unknown>;
const dataOf = (answer: Awaited<ReturnType<typeof map>>, type: string) =>
  answer.events.filter(({ event }) => event['type'] === type).map(({ event }) => event['data'] as Data);

const orders = `Order;Article;Name;Qty;Price;Ordered
2001;MUG-1;"Mug; blue";2;14,90;01.06.2026 09:12
2001;BOWL-3;=1+1;1;22,50;01.06.2026 09:12
2002;MUG-1;Mug, blue;six;14,90;01.06.2026 11:40
2003;LAMP-7;Desk lamp;1;1.049,00;31.02.2026 08:03
2004;LAMP-7;Desk lamp
2005;BOWL-3;Bowl;0;22,50;02.06.2026 16:55
2006;LAMP-7;Desk lamp;1;1.049,00;01.06.2026 08:03
`;

describe('a table of sales', () => {
  it('becomes orders in the order of the business, and names every row it cannot take by its line', async () => {
    const answer = await map(orders, sales);
    const { report } = answer;
    expect(report).toMatchObject({ rows: 7, rejectedRows: 3, rejectedEvents: 0 });
    expect(report.rejected.map(({ lines, problem }) => [lines[0], problem])).toEqual([
      [4, expect.stringContaining('"six" is not a number')],
      [5, expect.stringContaining('31.02.2026')],
      [6, expect.stringContaining('has 3 columns where the header has 6')],
    ]);
    const rows = report.outcomes.reduce((sum, outcome) => sum + outcome.rows, 0);
    expect(rows + report.rejectedRows).toBe(report.rows);
    expect(dataOf(answer, 'order.placed').map(({ order }) => order)).toEqual(['2006', '2001']);
    expect(dataOf(answer, 'order.placed')[1]).toMatchObject({
      channel: 'web',
      lines: [
        { sku: 'MUG-1', quantity: 2, unitPrice: 1_490 },
        { sku: 'BOWL-3', quantity: 1, unitPrice: 2_250 },
      ],
    });
    // Text that a spreadsheet would run is a name like any other.
    expect(dataOf(answer, 'item.defined').map(({ name }) => name)).toContain('=1+1');
    expect(dataOf(answer, 'node.defined')).toEqual([expect.objectContaining({ node: 'BER-1' })]);
    expect(answer.events.filter(({ event }) => event['type'] === 'fulfilment.dispatched')).toHaveLength(2);
  });

  it('gives the same events each time, so that a second import is recognised', async () => {
    const ids = async () => (await map(orders, sales)).events.map(({ event }) => event['id']);
    const first = await ids();
    expect(new Set(first).size).toBe(first.length);
    expect(await ids()).toEqual(first);
  });

  it('comes with its mapping as a file, which does the same', async () => {
    const chosen = await map(orders, sales);
    const written = await map(orders, { kind: 'written', yaml: chosen.mapping! });
    expect(written.events).toEqual(chosen.events);
  });

  it('is refused as a whole when a column is missing, a quote never ends, or nothing is in it', async () => {
    const renamed = orders.replace('Article', 'Artikel');
    await expect(map(renamed, sales)).rejects.toThrow(/no column "Article".*"Artikel"/);
    await expect(map(`${orders}2007;"LAMP`, sales)).rejects.toThrow(/quote opened .* is never closed/);
    await expect(map('', sales)).rejects.toThrow(BadTable);
    const wrong = { kind: 'written', yaml: 'tidelineMapping: 2' } as const;
    await expect(map(orders, wrong)).rejects.toThrow(/mapping:1:\d+ tidelineMapping/);
  });
});

describe('a table of opening stock', () => {
  it('states each SKU at each node once, and leaves out what is not there', async () => {
    const answer = await map('sku,units,node\nMUG-1,40,BER-1\nMUG-1,5,MUC-1\nVASE-1,0,BER-1\nBOWL-3,12,\n', stock);
    expect(dataOf(answer, 'stock.adjusted').map(({ sku, node, quantity }) => [sku, node, quantity])).toEqual([
      ['MUG-1', 'BER-1', 40],
      ['MUG-1', 'MUC-1', 5],
      ['BOWL-3', 'BER-1', 12],
    ]);
    expect(answer.report.outcomes).toContainEqual(expect.objectContaining({ kind: 'left out', rows: 1 }));
    // A file without names must not rename what has one.
    expect(dataOf(answer, 'item.defined')).toEqual([]);
    const times = answer.events.filter(({ lines }) => lines.length > 0).map(({ event }) => event['time']);
    expect(new Set(times)).toEqual(new Set(['2026-11-01T06:00:00.000Z']));
  });

  it('names the items where the file does', async () => {
    const columns = { sku: 'sku', quantity: 'units', name: 'called' };
    const answer = await map('sku,units,called\nMUG-1,40,Mug\n', { ...stock, columns } as TableMappingInput);
    expect(dataOf(answer, 'item.defined')).toEqual([{ sku: 'MUG-1', name: 'Mug' }]);
  });

  it('names a SKU that stands twice at one node', async () => {
    const { report } = await map('sku,units,node\nMUG-1,40,BER-1\nMUG-1,5,BER-1\n', stock);
    expect(report.rejectedEvents).toBe(1);
    expect(report.rejected).toEqual([expect.objectContaining({ lines: [3] })]);
  });
});

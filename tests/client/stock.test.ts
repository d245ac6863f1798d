/** What the pages of stock say, without a browser. */
import { describe, expect, test } from 'vitest';
import { addressOfPurchaseOrder, fewOf } from '../../client/purchase-orders/words.ts';
import { cellWords, columnsFor, coverWords, percentWords, stockColumns } from '../../client/stock/columns.ts';
import { shortnessOf } from '../../client/stock/shortness.ts';
import type { StockLine } from '../../server/http/contract/inventory.ts';
import { stockSorts } from '../../server/http/contract/inventory.ts';

const DAY = 86_400_000;
const line: StockLine = {
  sku: 'MUG-1',
  node: 'BOS-1',
  name: 'Mug',
  category: null,
  sellable: 12,
  allocated: 3,
  quarantined: 1,
  damaged: 2,
  returnPending: 4,
  inTransit: 0,
  onHand: 22,
  safetyStock: 2,
  atp: 10,
  lastMovementAt: 10 * DAY,
  lastCountAt: null,
  unitCost: 250,
  stockValue: 5_500,
  perDay: 4,
  coverDays: 2.5,
  confidence: 0.999,
  drift: { source: 'shop', measure: 'available', difference: -7, since: DAY },
  stockoutExpected: false,
};
const words = (column: string, differ: Partial<StockLine> = {}) =>
  cellWords({ ...line, ...differ }, column, 12 * DAY, 'EUR');

describe('the columns of the stock list', () => {
  test('cost is there only for who may see it, on whatever screen', () => {
    for (const width of [390, 1_280, 1_920]) {
      expect(columnsFor(width, false).map(({ id }) => id)).not.toContain('value');
      const shown = columnsFor(width, true).map(({ id }) => id);
      expect(shown.at(-1)).toBe('atp');
    }
    expect(columnsFor(1_920, true).map(({ id }) => id)).toContain('value');
  });

  test('what is set aside stands in one column or in three, never in both', () => {
    const apart = ['quarantined', 'damaged', 'returnPending'];
    for (const width of [1_280, 1_699, 1_700, 1_920]) {
      const shown = columnsFor(width, true).map(({ id }) => id);
      expect(apart.some((id) => shown.includes(id))).toBe(!shown.includes('aside'));
    }
  });

  test('every column that can be sorted by is one the server sorts by', () => {
    for (const { sort } of stockColumns) if (sort !== undefined) expect(stockSorts).toContain(sort);
  });

  test('a cell says its number, and what is not known is no zero', () => {
    expect(words('aside')).toBe('7');
    expect(words('inTransit')).toBe('–');
    expect(words('drift')).toBe('−7');
    expect(words('drift', { drift: null })).toBe('–');
    expect(words('value')).toBe('€55');
    expect(words('value', { stockValue: null })).toBe('–');
    expect(words('moved')).toBe('2d');
    expect(words('counted')).toBe('never');
    expect(words('atp', { atp: -3 })).toBe('−3');
  });
});

test('cover is exact while it is short, and nothing that sells nothing runs out', () => {
  expect([0, 2.5, 14.4, 5_000, null].map(coverWords)).toEqual(['0.0d', '2.5d', '14d', '>999d', '–']);
});

test('no confidence is told as certainty', () => {
  expect([1, 0.999, 0.954, 0].map(percentWords)).toEqual(['99%', '99%', '95%', '0%']);
});

test('shortness has a shape and a word, the worst first', () => {
  const at = (atp: number, stockoutExpected = false) => shortnessOf({ atp, stockoutExpected });
  expect(at(-1, true)).toEqual({ state: 'critical', word: 'Owed' });
  expect(at(0)).toEqual({ state: 'high', word: 'None left' });
  expect(at(5, true)).toEqual({ state: 'medium', word: 'Runs out' });
  expect(at(5)).toBeNull();
});

test('a purchase order is addressed whatever signs its number has, and names few of its SKUs', () => {
  expect(addressOfPurchaseOrder('PO/1 ä')).toBe('/purchase-orders/PO%2F1%20%C3%A4');
  expect(fewOf(['a'])).toBe('a');
  expect(fewOf(['a', 'b', 'c', 'd'])).toBe('a, b and 2 more');
});

/**
 * Ten questions to three months of a real shop, as an analyst asks them: some with the builder, some with SQL. What is
 * said of an answer is worked out from it, and most answers are held against the file itself, read without Tideline.
 */
import type { MetricQuestionInput } from '../../../server/http/contract/questions.ts';

export type Cell = string | number | boolean | null;
export type Table = { columns: string[]; rows: Cell[][] };
/** One row of the file's own figures: see tests/support/online-retail-file.sql. */
export type Figure = { measure: string; day: string; country: string; sku: string; value: number };

export type NotebookQuestion = {
  title: string;
  why: string;
  ask: { builder: MetricQuestionInput } | { contribution: object } | { sql: string };
  /** Columns of the answer that are minor units of money. */
  money?: readonly string[];
  /** Rows that are printed; the rest is counted. */
  shown?: number;
  /** What the answer says, in a sentence or two, with its numbers taken from it. */
  says(table: Table): string;
  /** The same from the file; `null` where the file cannot tell. Compared row by row with what `compared` takes of the answer. */
  file: ((figures: Figure[]) => Cell[][]) | null;
  compared?(table: Table): Cell[][];
  /** The name of its picture in docs/images. */
  picture?: string;
};

const FROM = Date.UTC(2010, 11, 1);
const TO = Date.UTC(2011, 2, 1);
const all = { from: FROM, to: TO };
const DAY_MS = 86_400_000;

export const pounds = (minor: number): string =>
  `${minor < 0 ? '−' : ''}£${(Math.abs(minor) / 100).toLocaleString('en-GB', { minimumFractionDigits: 0, maximumFractionDigits: 0 })}`;
export const count = (value: number): string => value.toLocaleString('en-GB');
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
const at = (table: Table, row: number, column: string): Cell =>
  table.rows[row]?.[table.columns.indexOf(column)] ?? null;
const column = (table: Table, name: string): number[] =>
  table.rows.map((row) => Number(row[table.columns.indexOf(name)] ?? 0));
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const monday = (day: string): string => {
  const date = Date.parse(`${day}T00:00:00Z`);
  return new Date(date - ((new Date(date).getUTCDay() + 6) % 7) * DAY_MS).toISOString().slice(0, 10);
};
const month = (day: string): string => `${day.slice(0, 7)}-01`;

/** Sums of some measures per key, largest key order left to the caller. */
function sums(figures: Figure[], measure: string, keyOf: (figure: Figure) => string): Map<string, number> {
  const found = new Map<string, number>();
  for (const figure of figures) {
    if (figure.measure !== measure) continue;
    const key = keyOf(figure);
    found.set(key, (found.get(key) ?? 0) + Number(figure.value));
  }
  return found;
}
const byKey = (entries: Iterable<[string, number]>): [string, number][] =>
  [...entries].filter(([, value]) => value !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
const bySize = (entries: Iterable<[string, number]>): [string, number][] =>
  [...entries].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
/** The answer without the rows in which nothing happened. */
const known = (table: Table): Cell[][] => table.rows.filter((row) => row.at(-1) !== null && row.at(-1) !== 0);

export const questions: readonly NotebookQuestion[] = [
  {
    title: 'How did revenue go, week by week?',
    why: 'The first thing anybody asks. Weeks, because days of a wholesaler jump with single orders.',
    ask: { builder: { measures: ['revenue'], grain: 'week', over: all } },
    money: ['revenue'],
    says: (table) => {
      const revenue = column(table, 'revenue');
      const best = revenue.indexOf(Math.max(...revenue));
      return `Three months brought ${pounds(total(revenue))}. The best week began on ${at(table, best, 'week')} with ${pounds(revenue[best]!)}; in the one that began on ${at(table, revenue.indexOf(Math.min(...revenue)), 'week')} nobody bought anything.`;
    },
    file: (figures) => byKey(sums(figures, 'revenue', ({ day }) => monday(day))),
    compared: known,
    picture: 'online-retail-weeks',
  },
  {
    title: 'Who buys, besides Britain?',
    why: 'A British wholesaler that ships abroad: which countries are worth an own price list?',
    ask: {
      builder: {
        measures: ['revenue'],
        by: ['country'],
        grain: 'none',
        where: [{ dimension: 'country', is: 'not-in', values: ['United Kingdom'] }],
        over: all,
      },
    },
    money: ['revenue'],
    shown: 8,
    says: (table) => {
      const revenue = column(table, 'revenue');
      return `${count(table.rows.length)} other countries bought for ${pounds(total(revenue))}. The first three, ${[0, 1, 2].map((row) => at(table, row, 'country')).join(', ')}, are ${percent(total(revenue.slice(0, 3)), total(revenue))} of it.`;
    },
    file: (figures) =>
      bySize(
        sums(
          figures.filter(({ country }) => country !== 'United Kingdom'),
          'revenue',
          ({ country }) => country,
        ),
      ),
    picture: 'online-retail-countries',
  },
  {
    title: 'What moved revenue from December to January?',
    why: 'It fell. Is that everybody, or a few?',
    ask: {
      contribution: {
        measure: 'revenue',
        by: ['country'],
        over: { from: Date.UTC(2011, 0, 1), to: Date.UTC(2011, 1, 1) },
        compare: { from: FROM, to: Date.UTC(2011, 0, 1) },
      },
    },
    money: ['before', 'after', 'change'],
    shown: 8,
    says: (table) => {
      const change = column(table, 'change');
      const britain = table.rows.findIndex(([country]) => country === 'United Kingdom');
      const rose = change.filter((value) => value > 0).length;
      return `It fell by ${pounds(-total(change))}, and Britain alone by ${pounds(-change[britain]!)}. ${count(rose)} countries bought more than in December; ${at(
        table,
        table.rows.findIndex((row) => row.at(-1) === Math.max(...change)),
        'country',
      )} most of all.`;
    },
    file: (figures) => {
      const change = new Map<string, number>();
      for (const { measure, day, country, value } of figures) {
        const sign = day.startsWith('2010-12') ? -1 : day.startsWith('2011-01') ? 1 : 0;
        if (measure === 'revenue' && sign !== 0) change.set(country, (change.get(country) ?? 0) + sign * Number(value));
      }
      return byKey(change);
    },
    compared: (table) => byKey(table.rows.map((row) => [String(row[0]), Number(row.at(-1))] as [string, number])),
  },
  {
    title: 'At what hours of which weekdays do orders come?',
    why: 'When must somebody be there to release them?',
    ask: {
      sql: `SELECT toDayOfWeek(placed_at, 0, 'Europe/London') AS weekday, toHour(placed_at, 'Europe/London') AS hour, count() AS orders
FROM orders
WHERE placed_at >= '2010-12-01' AND placed_at < '2011-03-01'
GROUP BY weekday, hour
ORDER BY orders DESC, weekday, hour`,
    },
    shown: 6,
    says: (table) => {
      const orders = column(table, 'orders');
      const noon = total(
        orders.filter((_, row) => Number(at(table, row, 'hour')) >= 10 && Number(at(table, row, 'hour')) < 16),
      );
      const days = new Set(table.rows.map(([weekday]) => Number(weekday)));
      const silent = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'].filter(
        (_, day) => !days.has(day + 1),
      );
      return `${percent(noon, total(orders))} of all orders come between ten and four. ${silent.length > 0 ? `Nobody orders on ${silent.join(' and ')}.` : ''}`;
    },
    file: null,
  },
  {
    title: 'Which products bring the most?',
    why: 'The list a buyer wants on the wall.',
    ask: {
      sql: `SELECT sku, any(name) AS product, sum(sign * quantity) AS units, sum(sign * amount) AS revenue
FROM order_steps
LEFT JOIN items USING (sku)
WHERE step IN ('line-accepted', 'line-edited')
GROUP BY sku
ORDER BY revenue DESC, sku
LIMIT 10`,
    },
    money: ['revenue'],
    says: (table) => {
      const revenue = column(table, 'revenue');
      return `The first is ${at(table, 0, 'product')} with ${pounds(revenue[0]!)}; ten of more than three thousand products bring ${pounds(total(revenue))}. The ${count(Number(at(table, 0, 'units')))} units of the first were one order that was cancelled within minutes: revenue counts what was accepted, what was cancelled stands beside it as Cancelled value.`;
    },
    file: (figures) => bySize(sums(figures, 'revenue', ({ sku }) => sku)).slice(0, 10),
    compared: (table) => table.rows.map((row) => [row[0]!, Number(row[3])]),
    picture: 'online-retail-products',
  },
  {
    title: 'How many lines are cancelled, month by month?',
    why: 'A credit within a day of its sale is a cancellation; the shop calls everything a credit.',
    ask: { builder: { measures: ['cancelled-lines-customer'], grain: 'month', over: all } },
    says: (table) => {
      const lines = column(table, 'cancelled-lines-customer');
      return `${count(total(lines))} lines in three months, most of them in the month that began on ${at(table, lines.indexOf(Math.max(...lines)), 'month')}.`;
    },
    file: (figures) => byKey(sums(figures, 'cancelled lines', ({ day }) => month(day))),
    compared: known,
  },
  {
    title: 'How large is an order, and does that change?',
    why: 'Revenue is orders times what one is worth: which of the two moved?',
    ask: { builder: { measures: ['orders', 'average-order-value'], grain: 'month', over: all } },
    money: ['average-order-value'],
    says: (table) => {
      const orders = column(table, 'orders');
      const worth = column(table, 'average-order-value');
      return `An order was worth ${pounds(worth[0]!)} in December, ${pounds(worth[1]!)} in January and ${pounds(worth[2]!)} in February, at ${orders.map(count).join(', ')} orders: fewer orders, and each worth as much as before or more until February.`;
    },
    file: (figures) => {
      const orders = sums(figures, 'orders', ({ day }) => month(day));
      const revenue = sums(figures, 'revenue', ({ day }) => month(day));
      return byKey(orders).map(([key, value]) => [key, value, Math.round((100 * revenue.get(key)!) / value) / 100]);
    },
    compared: (table) => table.rows.map((row) => [row[0]!, Number(row[1]), Math.round(100 * Number(row[2])) / 100]),
  },
  {
    title: 'How much of it comes from customers who had ordered before?',
    why: 'A shop that must win every customer anew is another business.',
    ask: {
      sql: `WITH customers AS (
    SELECT customer, min(placed_at) AS first_order
    FROM orders
    WHERE customer != ''
    GROUP BY customer
)
SELECT toStartOfMonth(placed_at, 'Europe/London') AS month, uniqExact(customer) AS customers,
       count() AS orders, countIf(placed_at > first_order) AS returning
FROM orders
INNER JOIN customers USING (customer)
GROUP BY month
ORDER BY month`,
    },
    says: (table) => {
      const returning = column(table, 'returning');
      const orders = column(table, 'orders');
      return `In February ${percent(returning[2]!, orders[2]!)} of the orders with a known customer came from one who had ordered since December. That is a floor: who ordered before December is not known here.`;
    },
    file: null,
  },
  {
    title: 'What was written off, and what was found?',
    why: 'Lines at a price of nothing are stock: broken, lost, thrown away, or suddenly there.',
    ask: {
      sql: `SELECT if(to_place IN ('loss', 'unknown'), 'written off', 'found') AS what,
       count() AS movements, sum(quantity) AS units, uniqExact(sku) AS products
FROM movements
WHERE event_type = 'stock.adjusted' AND 'supplier' NOT IN (from_place, to_place)
GROUP BY what
ORDER BY what`,
    },
    says: (table) => {
      const units = column(table, 'units');
      return `${count(units[1]!)} units were written off and ${count(units[0]!)} were found. Netting them would hide both.`;
    },
    file: (figures) =>
      byKey([...sums(figures, 'written off', () => 'written off'), ...sums(figures, 'found', () => 'found')]),
    compared: (table) => table.rows.map((row) => [row[0]!, Number(row[2])]),
  },
  {
    title: 'Which products sold in December and never again?',
    why: 'Christmas stock, or something that broke: money on a shelf either way.',
    ask: {
      sql: `SELECT sku, any(name) AS product, sumIf(sign * quantity, at < '2011-01-01') AS december,
       sumIf(sign * quantity, at >= '2011-01-01') AS later
FROM order_steps
LEFT JOIN items USING (sku)
WHERE step = 'line-accepted'
GROUP BY sku
HAVING december >= 100 AND later = 0
ORDER BY december DESC, sku`,
    },
    shown: 8,
    says: (table) =>
      `${count(table.rows.length)} products sold a hundred units or more in December and none in the two months after.`,
    file: (figures) => {
      const december = sums(
        figures.filter(({ day }) => day < '2011'),
        'units sold',
        ({ sku }) => sku,
      );
      const later = sums(
        figures.filter(({ day }) => day > '2011'),
        'units sold',
        ({ sku }) => sku,
      );
      return bySize([...december].filter(([sku, units]) => units >= 100 && !later.get(sku)));
    },
    compared: (table) => table.rows.map((row) => [row[0]!, Number(row[2])]),
  },
];

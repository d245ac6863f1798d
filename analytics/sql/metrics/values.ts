/** The values of a dimension that are on record, with their names where they have one. */
import { columnOf, isAmong, itemDimensions, rollUpDimensions } from '../../metrics/dimensions.ts';
import type { AskedMeasure } from '../../metrics/measures.ts';
import { bracketed, select } from './layout.ts';
import type { Statement } from './statement.ts';

const named: Record<string, string> = { channel: 'channels', node: 'nodes' };

/** Null: nothing that can be asked has this dimension. */
export function valuesStatement(
  dimension: string,
  measures: Iterable<AskedMeasure>,
  search: string,
  limit: number,
): Statement | null {
  const rows = valueRows(dimension, [...measures]);
  if (rows === null) return null;
  const view = named[dimension];
  const join = view === undefined ? {} : { join: `LEFT JOIN ${view} ON ${view}.${dimension} = found.value` };
  const name = dimension === 'sku' ? 'name' : view === undefined ? "''" : `${view}.name`;
  const sql = select({
    columns: ['value', `any(${name}) AS words`, 'sum(times) AS weight'],
    from: `${bracketed(rows)} AS found`,
    ...join,
    where: [`positionCaseInsensitiveUTF8(concat(value, ' ', ${name}), {search:String}) > 0`],
    groupBy: ['value'],
    orderBy: ['weight DESC', 'value'],
  });
  return { sql: `${sql}\nLIMIT ${limit + 1}`, parameters: { search } };
}

function valueRows(dimension: string, measures: AskedMeasure[]): string | null {
  if (dimension === 'sku') return `SELECT sku AS value, name, 1 AS times\nFROM items`;
  if (isAmong(itemDimensions, dimension)) return `SELECT ${dimension} AS value, 1 AS times\nFROM items`;
  if (dimension === 'order-source') return `SELECT source AS value, events AS times\nFROM sources`;
  const ofRows = measures.find(({ rows, dimensions }) => rows.from === 'rows' && dimensions.includes(dimension));
  if (isAmong(rollUpDimensions, dimension)) {
    return `SELECT ${dimension} AS value, arrivals AS times\nFROM kpi_days\nWHERE step IN ('order-accepted', 'line-cancelled', 'line-returned')`;
  }
  if (ofRows === undefined || ofRows.rows.from !== 'rows') return null;
  const { asked } = ofRows.rows;
  const from = asked.rows.startsWith('SELECT') ? bracketed(asked.rows) : asked.rows;
  return `SELECT toString(${asked.dimensions[dimension] ?? columnOf(dimension)}) AS value, 1 AS times\nFROM ${from}`;
}

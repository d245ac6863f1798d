/** What a figure can be split by, and from which rows each dimension is read. */

export type Dimension = { id: string; name: string; words: string };

export const dimensions: readonly Dimension[] = [
  { id: 'channel', name: 'Channel', words: 'Where the order came from.' },
  { id: 'node', name: 'Node', words: 'The warehouse, store or other place that holds stock and ships.' },
  { id: 'country', name: 'Country', words: 'Where the order goes.' },
  { id: 'currency', name: 'Currency', words: 'What the order is paid in.' },
  { id: 'cause', name: 'Cause', words: 'Of a cancellation: who caused it. Of a return: its reason.' },
  { id: 'order-source', name: 'Order source', words: 'The system that told us of the step.' },
  { id: 'sku', name: 'SKU', words: 'The item.' },
  { id: 'category', name: 'Category', words: 'Of the item, as it is defined now.' },
  { id: 'supplier', name: 'Supplier', words: 'Who supplies the item, as it is defined now.' },
  { id: 'abc', name: 'ABC class', words: 'Of the item, as it is defined now.' },
  { id: 'weekday', name: 'Weekday', words: '1 is Monday, in the time zone of the workspace.' },
  { id: 'hour-of-day', name: 'Hour of day', words: '0 to 23, in the time zone of the workspace.' },
  { id: 'source', name: 'Source', words: 'Who sends events.' },
  { id: 'kind', name: 'Kind', words: 'Of the exception.' },
  { id: 'severity', name: 'Severity', words: 'Of the exception.' },
  { id: 'reason', name: 'Reason', words: 'Why it happened, in the words of its source.' },
  { id: 'purchase-order', name: 'Purchase order', words: 'The order to a supplier.' },
];

const byId = new Map(dimensions.map((one) => [one.id, one]));
/** Also one that only a KPI knows. */
export const dimensionOf = (id: string): Dimension =>
  byId.get(id) ?? { id, name: id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' '), words: '' };

/** Columns of the roll-ups and of the steps alike. */
export const rollUpDimensions = ['channel', 'node', 'country', 'currency', 'cause'] as const;
/** Read off the moment a row counts at. */
export const timeDimensions = ['weekday', 'hour-of-day'] as const;
/** Read off the items, by their SKU. */
export const itemDimensions = ['category', 'supplier', 'abc'] as const;
/** Steps have these beside those of the roll-ups. */
export const stepDimensions = ['order-source'] as const;
export const lineDimensions = ['sku', ...itemDimensions] as const;

export const isAmong = (list: readonly string[], id: string): boolean => list.includes(id);
/** The name of its column in an answer. */
export const columnOf = (id: string): string => id.replaceAll('-', '_');

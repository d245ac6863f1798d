/** Columns that mean the same wherever they appear. */
import type { ColumnDefinition } from './definition.ts';

export const seq: ColumnDefinition = [
  'sequence',
  'Place of the event in the one order in which everything was applied.',
];
export const sku: ColumnDefinition = ['id', 'The item.'];
export const orderId: ColumnDefinition = ['id', 'The order, as its source calls it.'];
export const line: ColumnDefinition = ['id', 'The line of the order.'];
export const channel: ColumnDefinition = ['name', 'Where the order came from.'];
export const node: ColumnDefinition = ['name', 'The warehouse, store or other place that holds stock and ships.'];
export const country: ColumnDefinition = ['name', 'Where the order goes; empty when nobody said.'];
export const currency: ColumnDefinition = [
  'name',
  'ISO 4217. Amounts of different currencies must not be added up: filter or group by it.',
];
export const source: ColumnDefinition = ['name', 'The system that said so.'];
export const receivedAt: ColumnDefinition = ['time', 'When we received it.'];
export const shipBy: ColumnDefinition = ['time', 'The promise to ship; null when none was given.', 'nullable'];

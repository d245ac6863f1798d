/** The physical buckets of a node: how the stock row names them, and how people and the API do. */
import type { StockRow } from '../../server/live/contract.ts';

export type BucketName = 'sellable' | 'allocated' | 'quarantined' | 'damaged' | 'return-pending' | 'in-transit';
export type BucketField = 'sellable' | 'allocated' | 'quarantined' | 'damaged' | 'returnPending' | 'inTransit';

export const buckets: { name: BucketName; field: BucketField; words: string; onHand: boolean }[] = [
  { name: 'sellable', field: 'sellable', words: 'Sellable', onHand: true },
  { name: 'allocated', field: 'allocated', words: 'Allocated', onHand: true },
  { name: 'quarantined', field: 'quarantined', words: 'Quarantined', onHand: true },
  { name: 'damaged', field: 'damaged', words: 'Damaged', onHand: true },
  { name: 'return-pending', field: 'returnPending', words: 'Return pending', onHand: true },
  { name: 'in-transit', field: 'inTransit', words: 'In transit', onHand: false },
];

export function bucketQuantity(row: StockRow, name: string): number {
  const bucket = buckets.find((bucket) => bucket.name === name);
  return bucket === undefined ? 0 : row[bucket.field];
}

export function bucketWords(name: string): string {
  return buckets.find((bucket) => bucket.name === name)?.words ?? name;
}

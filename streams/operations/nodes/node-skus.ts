/** Which SKUs have a record at a node: what a complete snapshot leaves out, it states to be zero. */
import type { Draft } from '../draft.ts';

const CHUNKS = 32;

/** FNV-1a over UTF-16 units: any even spread that never changes will do. */
function chunkOf(sku: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < sku.length; index++) hash = Math.imul(hash ^ sku.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % CHUNKS;
}

const idOf = (node: string, chunk: number): string => `${node}|${chunk}`;

/** The states that know the SKUs of a node. */
export const nodeSkusIds = (node: string): string[] => Array.from({ length: CHUNKS }, (_, chunk) => idOf(node, chunk));

/** Notes a new record. */
export function noteSkuAt(draft: Draft, node: string, sku: string): void {
  const id = idOf(node, chunkOf(sku));
  const known = draft.get('node-skus', id);
  draft.put('node-skus', id, { skus: [...(known?.skus ?? []), sku].sort() }, known);
}

export const skusAt = (draft: Draft, node: string): string[] =>
  nodeSkusIds(node).flatMap((id) => draft.get('node-skus', id)?.skus ?? []);

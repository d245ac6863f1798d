/** The company's stock twice: as the systems record it, and as it lies on the shelves. They part by faults only. */
import { nodes } from './company.ts';

export type Stock = ReturnType<typeof createStock>;

/** All quantities per node and SKU; `at(node, sku)` is the index. */
export function createStock(skuCount: number) {
  const cells = () => new Int32Array(nodes.length * skuCount);
  const sellable = cells();
  const allocated = cells();
  /** Allocated units already taken from the shelf and waiting for the truck. */
  const staged = cells();
  /** Units that are really on the shelf in good condition, for whomever they are meant. */
  const shelf = cells();
  /** Units in quarantine, damaged or not yet judged. */
  const aside = cells();
  /** Ordered or on the way to the node. */
  const expected = cells();
  const carried = new Uint8Array(nodes.length * skuCount);
  const at = (node: number, sku: number) => node * skuCount + sku;

  return {
    at,
    sellable,
    allocated,
    staged,
    shelf,
    aside,
    expected,
    carried,

    allocate(cell: number, quantity: number): void {
      sellable[cell]! -= quantity;
      allocated[cell]! += quantity;
    },
    release(cell: number, quantity: number): void {
      sellable[cell]! += quantity;
      allocated[cell]! -= quantity;
    },
    /** Takes what is there, at most `wanted`, and says how much it was. */
    takeFromShelf(cell: number, wanted: number): number {
      const taken = Math.min(wanted, Math.max(0, shelf[cell]!));
      shelf[cell]! -= taken;
      staged[cell]! += taken;
      return taken;
    },
    dispatch(cell: number, quantity: number): void {
      staged[cell]! -= quantity;
      allocated[cell]! -= quantity;
    },
    putAway(cell: number, quantity: number): void {
      sellable[cell]! += quantity;
      shelf[cell]! += quantity;
    },
    /** Good units leave both the record and the shelf, for instance onto a truck to another node. */
    takeAway(cell: number, quantity: number): void {
      sellable[cell]! -= quantity;
      shelf[cell]! -= quantity;
    },
    /** True minus recorded units on the shelf: zero as long as nothing went wrong unseen. */
    gap: (cell: number): number => shelf[cell]! - (sellable[cell]! + allocated[cell]! - staged[cell]!),
  };
}

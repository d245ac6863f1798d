/** What the routes of stock lists, purchase orders and the search box ask for. */
import type { Principal } from '../../access/abilities.ts';
import type { StockFacets, StockLine, StockMatrix, StockPage, StockQuery } from '../../http/contract/inventory.ts';
import type { PurchaseOrdersPage, PurchaseOrdersQuery } from '../../http/contract/purchase-orders.ts';
import type { SearchAnswer } from '../../http/contract/search.ts';
import type { SkuDetails } from '../../http/contract/sku.ts';
import { Refusal } from '../../http/problems.ts';
import type { Mirror } from '../../live/mirror.ts';
import type { Runtime } from '../../runtime.ts';
import { createPurchaseOrderModel } from '../purchase-orders/model.ts';
import { openSearch } from '../search/search.ts';
import { stockFacetsOf, stockLinesOf, stockList, stockMatrixPage } from './list.ts';
import { openInventory } from './records.ts';
import { readSkuDetails } from './sku-details.ts';

export type InventoryModel = ReturnType<typeof createInventoryModel>;

type AtpsOf = Parameters<typeof readSkuDetails>[3];

/** @param atpsOf what channels may promise of a SKU now */
export function createInventoryModel(runtime: Runtime, mirror: Mirror, atpsOf: AtpsOf) {
  const inventory = openInventory(runtime, mirror);
  const search = openSearch(runtime, mirror, inventory);
  const purchaseOrders = createPurchaseOrderModel(runtime, mirror, inventory);
  return {
    ...purchaseOrders,
    purchaseOrdersPage: (query: PurchaseOrdersQuery): Promise<PurchaseOrdersPage> =>
      paged(() => purchaseOrders.purchaseOrdersPage(query)),
    skuDetails: (sku: string): Promise<SkuDetails | null> => readSkuDetails(runtime, mirror, sku, atpsOf),
    stockPage: (query: StockQuery): Promise<StockPage> =>
      paged(async () => stockList(await inventory.now(), query, mirror.businessNow())),
    stockMatrix: (query: StockQuery): Promise<StockMatrix> =>
      paged(async () => stockMatrixPage(await inventory.now(), query, mirror.businessNow(), mirror.states.node)),
    stockLines: async (ids: readonly string[]): Promise<StockLine[]> => stockLinesOf(await inventory.now(), ids),
    stockFacets: async (): Promise<StockFacets> => stockFacetsOf(await inventory.now()),
    search: (q: string, limit: number, principal: Principal): Promise<SearchAnswer> => search(q, limit, principal),
  };
}

/** A cursor that is none of ours is the fault of who asks. */
async function paged<A>(answer: () => Promise<A>): Promise<A> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(400, { title: 'This cannot be asked', detail: error.message });
    throw error;
  }
}

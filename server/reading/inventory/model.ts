/** What the routes of stock lists, purchase orders and the search box ask for. */
import type { Principal } from '../../access/abilities.ts';
import type { StockFacets, StockLine, StockMatrix, StockPage, StockQuery } from '../../http/contract/inventory.ts';
import type { SearchAnswer } from '../../http/contract/search.ts';
import { Refusal } from '../../http/problems.ts';
import type { Mirror } from '../../live/mirror.ts';
import type { Runtime } from '../../runtime.ts';
import { openSearch } from '../search/search.ts';
import { stockFacetsOf, stockLinesOf, stockList, stockMatrixPage } from './list.ts';
import { openInventory } from './records.ts';

export type InventoryModel = ReturnType<typeof createInventoryModel>;

export function createInventoryModel(runtime: Runtime, mirror: Mirror) {
  const inventory = openInventory(runtime, mirror);
  const search = openSearch(runtime, mirror, inventory);
  return {
    stockPage: async (query: StockQuery): Promise<StockPage> =>
      paged(await inventory.now(), (now) => stockList(now, query, mirror.businessNow())),
    stockMatrix: async (query: StockQuery): Promise<StockMatrix> =>
      paged(await inventory.now(), (now) => stockMatrixPage(now, query, mirror.businessNow(), mirror.states.node)),
    stockLines: async (ids: readonly string[]): Promise<StockLine[]> => stockLinesOf(await inventory.now(), ids),
    stockFacets: async (): Promise<StockFacets> => stockFacetsOf(await inventory.now()),
    search: (q: string, limit: number, principal: Principal): Promise<SearchAnswer> => search(q, limit, principal),
  };
}

function paged<N, A>(now: N, answer: (now: N) => A): A {
  try {
    return answer(now);
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(400, { title: 'This cannot be asked', detail: error.message });
    throw error;
  }
}

/** The 2,000 SKUs: names, prices, costs, suppliers, and how popular each one is. */
import { furnitureAndDecor } from './furniture-and-decor.ts';
import type { Random } from './random.ts';
import { makeSuppliers, type Supplier } from './suppliers.ts';
import { tableAndTextiles } from './table-and-textiles.ts';

export const SKU_COUNT = 2_000;

export type Item = {
  sku: string;
  name: string;
  category: string;
  unitPrice: number;
  unitCost: number;
  supplier: number;
  abc: 'A' | 'B' | 'C';
  safetyStock: number;
  packSize: number;
  /** 0 is the best seller. */
  rank: number;
  /** Share of the demand of an average day. */
  weight: number;
};
export type Assortment = { items: Item[]; suppliers: Supplier[]; byRank: number[] };

export function makeAssortment(random: Random): Assortment {
  const suppliers = makeSuppliers(random);
  const drafts = [...tableAndTextiles, ...furnitureAndDecor].flatMap((line) =>
    line.products.flatMap(([product, low, high]) => {
      const supplier = random.int(0, suppliers.length - 1);
      const price = random.between(low, high);
      return line.variants.map((variant) => ({
        name: `${product}, ${variant}`,
        category: line.category,
        unitPrice: roundPrice(price * random.between(0.94, 1.08)),
        supplier,
      }));
    }),
  );
  shuffle(drafts, random);
  const chosen = drafts.slice(0, SKU_COUNT);
  const byRank = chosen.map((_, index) => index);
  shuffle(byRank, random);
  const rankOf = new Int32Array(SKU_COUNT);
  byRank.forEach((index, rank) => {
    rankOf[index] = rank;
  });
  const weightSum = chosen.reduce((sum, _, rank) => sum + popularity(rank), 0);

  const items = chosen.map((draft, index): Item => {
    const rank = rankOf[index]!;
    const abc = rank < 220 ? 'A' : rank < 640 ? 'B' : 'C';
    return {
      ...draft,
      sku: `HP-${10_001 + index}`,
      unitCost: Math.round(draft.unitPrice * random.between(0.28, 0.46)),
      abc,
      safetyStock: abc === 'A' ? 6 : abc === 'B' ? 2 : 0,
      packSize: draft.unitPrice < 3_000 ? 12 : draft.unitPrice < 9_000 ? 6 : 2,
      rank,
      weight: popularity(rank) / weightSum,
    };
  });
  return { items, suppliers, byRank };
}

/** Zipf-Mandelbrot with a cut tail: the best seller takes 2 %, the last third sells less than once a week. */
const popularity = (rank: number) => (rank + 10) ** -0.9 * Math.exp(-rank / 400);

/** Whole dollars below 100, else the nearest 9 above a ten: 49, 129, 899. */
function roundPrice(dollars: number): number {
  return dollars < 100 ? Math.max(5, Math.round(dollars)) * 100 : (Math.round((dollars - 9) / 10) * 10 + 9) * 100;
}

function shuffle<T>(list: T[], random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.int(0, i);
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
}

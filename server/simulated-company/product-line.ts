/** A category of what Harbor & Pine sells: products with their lowest and highest price in USD, each in every variant. */
export type ProductLine = {
  category: string;
  variants: readonly string[];
  products: readonly (readonly [name: string, low: number, high: number])[];
};

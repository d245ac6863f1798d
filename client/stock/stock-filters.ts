/** What is asked of the stock, kept in the address: a link shows what its sender saw. */
import { computed } from 'vue';
import { useRouter } from 'vue-router';
import { type StockSort, stockSorts } from '../../server/http/contract/stock-sorts.ts';
import { useAddress } from '../navigation/address.ts';
import { useSession } from '../session/session.ts';

export const LOW_CONFIDENCE = 0.8;
export const NOT_COUNTED_DAYS = 30;

/** Filters that are on or off; together they narrow. */
export const stockChips = [
  { name: 'short', words: 'Short', meaning: 'Available to promise is zero or below' },
  { name: 'stockout', words: 'Runs out', meaning: 'A stockout is expected before the next receipt' },
  { name: 'negative', words: 'Negative', meaning: 'A bucket is below zero' },
  { name: 'drifting', words: 'Drifting', meaning: 'A system states something else' },
  { name: 'doubtful', words: 'Low confidence', meaning: `The record is right with less than ${LOW_CONFIDENCE * 100}%` },
  { name: 'uncounted', words: 'Not counted', meaning: `Not counted for ${NOT_COUNTED_DAYS} days` },
] as const;
export type StockChip = (typeof stockChips)[number]['name'];

/** Ascending is the natural way for what is worst when it is small. */
const downFirst: readonly StockSort[] = ['onHand', 'sellable', 'allocated', 'inTransit', 'value', 'drift', 'moved'];

export function useStockFilters() {
  const router = useRouter();
  const session = useSession();
  const view = useAddress('view', 'push');
  const text = useAddress('q');
  const node = useAddress('node', 'push');
  const category = useAddress('category', 'push');
  const sortInAddress = useAddress('sort', 'push');
  const directionInAddress = useAddress('dir', 'push');
  const chips = Object.fromEntries(stockChips.map(({ name }) => [name, useAddress(name, 'push')])) as Record<
    StockChip,
    ReturnType<typeof useAddress>
  >;

  const sort = computed<StockSort>(() => {
    const wanted = stockSorts.find((one) => one === sortInAddress.value) ?? 'sku';
    return wanted === 'value' && !session.may('see-cost') ? 'sku' : wanted;
  });
  const direction = computed<'up' | 'down'>(() => (directionInAddress.value === 'down' ? 'down' : 'up'));
  const isOn = (name: StockChip): boolean => chips[name].value === 'yes';
  const query = computed(() => ({
    q: text.value,
    node: node.value,
    category: category.value,
    short: isOn('short'),
    stockout: isOn('stockout'),
    negative: isOn('negative'),
    drifting: isOn('drifting'),
    confidenceBelow: isOn('doubtful') ? LOW_CONFIDENCE : null,
    notCountedDays: isOn('uncounted') ? NOT_COUNTED_DAYS : null,
    sort: sort.value,
    direction: direction.value,
  }));
  const filtered = computed(
    () => [text, node, category].some(({ value }) => value !== '') || stockChips.some(({ name }) => isOn(name)),
  );

  return {
    view,
    text,
    node,
    category,
    sort,
    direction,
    query,
    filtered,
    isOn,
    toggle(name: StockChip) {
      chips[name].value = isOn(name) ? '' : 'yes';
    },
    sortBy(wanted: StockSort) {
      const other = direction.value === 'up' ? 'down' : 'up';
      const way = wanted === sort.value ? other : downFirst.includes(wanted) ? 'down' : 'up';
      sortInAddress.value = wanted === 'sku' ? '' : wanted;
      directionInAddress.value = way === 'up' ? '' : way;
    },
    clear() {
      const { view: kept } = router.currentRoute.value.query;
      router.push({ path: '/stock', query: kept === undefined ? {} : { view: kept } });
    },
  };
}
export type StockFilters = ReturnType<typeof useStockFilters>;

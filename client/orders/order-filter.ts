/** What the list of orders shows, kept in the address: it can be shared, saved and gone back to. */
import { computed } from 'vue';
import { dueWords, orderSorts } from '../../streams/events/order-statuses.ts';
import { useAddress } from '../navigation/address.ts';
import { useWorkspace } from '../workspace/workspace.ts';

const DAY_MS = 86_400_000;
export const periods = { '1d': 'Last 24 hours', '7d': 'Last 7 days', '30d': 'Last 30 days' } as const;
/** An answer is asked again when the beginning of its period has moved by this. */
const PERIOD_STEP_MS = 15 * 60_000;

export function useOrderFilter() {
  const workspace = useWorkspace();
  const status = useAddress('status', 'push');
  const channel = useAddress('channel', 'push');
  const node = useAddress('node', 'push');
  const due = useAddress('due', 'push');
  const risk = useAddress('risk', 'push');
  const wave = useAddress('wave', 'push');
  const period = useAddress('period', 'push');
  const sort = useAddress('sort', 'push');
  const text = useAddress('q');

  const statuses = computed(() => status.value.split(',').filter(Boolean));
  const known = <T extends string>(value: string, words: readonly T[]) => (words as readonly string[]).includes(value);
  const from = computed(() => {
    const days = Number.parseInt(period.value, 10);
    if (!(period.value in periods)) return '';
    return String(Math.floor((workspace.now - days * DAY_MS) / PERIOD_STEP_MS) * PERIOD_STEP_MS);
  });
  /** Without the status, as the counts of each status are asked for. */
  const common = computed(() => ({
    channel: channel.value,
    node: node.value,
    q: text.value,
    wave: wave.value,
    due: known(due.value, dueWords) ? due.value : '',
    risk: risk.value === 'true' ? 'true' : '',
    from: from.value,
  }));
  const asked = computed(() => ({
    ...common.value,
    status: status.value,
    sort: known(sort.value, orderSorts) && sort.value !== 'newest' ? sort.value : '',
  }));
  const filtered = computed(() => Object.entries(asked.value).some(([name, value]) => name !== 'sort' && value !== ''));
  const merge = computed(() => ({
    statuses: statuses.value,
    channel: channel.value,
    node: node.value,
    q: text.value,
    serverOnly: asked.value.due !== '' || asked.value.risk !== '' || wave.value !== '' || from.value !== '',
    openOnly: asked.value.due !== '' || asked.value.risk !== '',
    sorted: asked.value.sort !== '',
  }));

  return { status, statuses, channel, node, due, risk, wave, period, sort, text, common, asked, filtered, merge };
}
export type OrderFilterState = ReturnType<typeof useOrderFilter>;

/** What stands around the figures of one SKU. */

import { defaultPolicy } from '../../../streams/operations/policy.ts';
import type { Availability } from '../../../streams/operations/reservations/availability-state.ts';
import { type Item, ids, type Ledger, type Policy, type Stock } from '../../../streams/operations/states.ts';
import type { SkuDetails } from '../../http/contract/sku.ts';
import type { Mirror } from '../../live/mirror.ts';
import type { Runtime } from '../../runtime.ts';

const WAITING_SHOWN_MAX = 100;
const EXCEPTIONS_SHOWN_MAX = 50;

/** @param atpsOf what channels may promise of a SKU now */
export async function readSkuDetails(
  { redis, keys }: Pick<Runtime, 'redis' | 'keys'>,
  mirror: Mirror,
  sku: string,
  atpsOf: (sku: string, channels: readonly string[]) => Promise<Map<string, { atp: number }>>,
): Promise<SkuDetails | null> {
  const [[ledger], [item]] = await Promise.all([
    mirror.readStates<Ledger>('ledger', [sku]),
    mirror.readStates<Item>('item', [sku]),
  ]);
  if (ledger === undefined && item === undefined) return null;
  const channels = [...mirror.states.channel.keys()];
  const [stocks, told, atps, policies] = await Promise.all([
    mirror.readStates<Stock>(
      'stock',
      (ledger?.nodes ?? []).map((node) => ids.stock(sku, node)),
    ),
    mirror.readStates<Availability>(
      'availability',
      channels.map((channel) => ids.availability(sku, channel)),
    ),
    atpsOf(sku, channels),
    redis.hmGet(keys.state('policy'), ['stockout', 'assertion', 'protection', 'accuracy']),
  ]);
  const waiting = ledger?.waiting ?? [];
  return {
    sku,
    statements: statementsOf(stocks, mirror),
    told: told.map(({ channel, published: quantity, atp, at }) => {
      return { channel, quantity, atp, at, atpNow: atps.get(channel)?.atp ?? null };
    }),
    waiting: waiting.slice(0, WAITING_SHOWN_MAX).map(({ order, line, quantity, since }) => {
      return { order, line, quantity, since };
    }),
    waitingLines: waiting.length,
    exceptions: [...mirror.states.exception.values()]
      .filter((one) => one.id !== '' && one.sku === sku)
      .sort((a, b) => b.moneyAtRisk - a.moneyAtRisk)
      .slice(0, EXCEPTIONS_SHOWN_MAX)
      .map(({ id, title, detail, severity, node, since }) => ({
        id,
        title,
        detail,
        severity,
        node: node ?? null,
        since,
      })),
    rules: rulesOf(item, mirror, policies),
  };
}

function statementsOf(stocks: readonly Stock[], mirror: Mirror): SkuDetails['statements'] {
  return stocks
    .flatMap(({ node, assertions }) =>
      assertions.map(({ source, measure, quantity, drift, at, since }) => ({
        source,
        sourceName: mirror.states.source.get(source)?.name ?? source,
        node,
        measure,
        stated: quantity,
        drift,
        at,
        since: since === 0 ? null : since,
      })),
    )
    .sort((a, b) => Number(b.since !== null) - Number(a.since !== null) || Math.abs(b.drift) - Math.abs(a.drift));
}

/** @param texts of the policies `stockout`, `assertion`, `protection` and `accuracy` as they are stored */
function rulesOf(
  item: Item | undefined,
  mirror: Mirror,
  [stockoutText, assertionText, protectionText, accuracyText]: readonly (string | null)[],
): SkuDetails['rules'] {
  const read = (text: string | null | undefined) => (text ? (JSON.parse(text) as Policy) : undefined);
  const version = (policy: Policy | undefined) => (policy === undefined ? 'as built in' : `version ${policy.version}`);
  const [stockout, assertion, protection, accuracy] = [stockoutText, assertionText, protectionText, accuracyText].map(
    read,
  );
  const { learnDays, horizonDays } = (stockout?.body ?? defaultPolicy('stockout')) as ReturnType<
    typeof defaultPolicy<'stockout'>
  >;
  const { driftUnits, driftShare } = (assertion?.body ?? defaultPolicy('assertion')) as ReturnType<
    typeof defaultPolicy<'assertion'>
  >;
  const { rules } = (protection?.body ?? defaultPolicy('protection')) as ReturnType<typeof defaultPolicy<'protection'>>;
  const buffers = [...mirror.states.channel.values()].filter(({ buffer }) => buffer > 0);
  return [
    { words: 'Safety stock at each node', value: `${item?.safetyStock ?? 0}`, policy: null },
    ...(item?.abc === undefined ? [] : [{ words: 'Class', value: item.abc, policy: null }]),
    ...(item?.lotTracked === true ? [{ words: 'Lots', value: 'tracked', policy: null }] : []),
    ...buffers.map(({ name, buffer }) => ({ words: `Buffer of ${name}`, value: `${buffer}`, policy: null })),
    {
      words: 'A stockout is expected',
      value: `by the sales of ${learnDays} days, ${horizonDays} days ahead; ${version(stockout)}`,
      policy: 'stockout',
    },
    {
      words: 'A system disagrees',
      value: `beyond ${driftUnits} units and ${Math.round(100 * driftShare)}%; ${version(assertion)}`,
      policy: 'assertion',
    },
    {
      words: 'Kept for others',
      value: `${rules.length === 0 ? 'nothing' : `${rules.length} rules`}; ${version(protection)}`,
      policy: 'protection',
    },
    { words: 'Confidence', value: version(accuracy), policy: 'accuracy' },
  ];
}

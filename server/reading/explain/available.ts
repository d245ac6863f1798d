/** Why so much may be promised: the steps of the waterfall, each with what explains it in turn. */
import { movementsOf } from '../../../analytics/clickhouse/queries/movements.ts';
import { channelAtpOf, nodeAtpOf } from '../../../streams/operations/reservations/promise.ts';
import { ids } from '../../../streams/operations/states.ts';
import type { Explanation } from '../../http/contract/explain.ts';
import { reachable } from '../ask-history.ts';
import { atOneMoment, type Moment } from '../at-one-moment.ts';
import { eventsBehind } from '../events-behind.ts';
import { eventOf } from './bucket.ts';
import { type EventsAsked, type ExplainDeps, explanationOf, partsOfSteps, sumOf } from './told.ts';

const rules = {
  node: { rule: 'node ATP', says: 'available to promise at a node = sellable - safety stock; the sign is kept' },
  channel: {
    rule: 'channel ATP',
    says: 'what the nodes of the channel may promise - what is kept for others - its buffer - demand that waits',
  },
  receipts: {
    rule: 'time-phased ATP',
    says: 'and confirmed receipts up to the date, by the share of units their supplier has delivered on time so far',
  },
};

type Atp = NonNullable<ReturnType<typeof channelAtpOf>>;

/** @param id `SKU|NODE` for a node, `SKU@CHANNEL` for a channel; `~2026-12-01T00:00:00Z` counts receipts until then */
export async function explainAtp(deps: ExplainDeps, id: string, asked: EventsAsked): Promise<Explanation | null> {
  const { redis, keys } = deps.runtime;
  const [whose = '', date] = splitLast(id, '~');
  const until = date === undefined ? undefined : Date.parse(date);
  if (Number.isNaN(until)) return null;
  const at = deps.mirror.businessNow();
  const moments = until === undefined ? { at } : { at, until };
  const dated = until === undefined ? '' : ` until ${new Date(until).toISOString()}`;
  if (whose.includes('|')) {
    const [sku = '', node = ''] = whose.split('|');
    const moment = await atOneMoment(redis, keys, (draft) =>
      draft.get('stock', ids.stock(sku, node)) === undefined ? null : nodeAtpOf(draft, sku, node, moments),
    );
    const name = `Available to promise of ${sku} at ${node}${dated}`;
    return tell(
      deps,
      moment,
      { id, name, sku, node, related: [`bucket:${whose}|allocated`, `confidence:${whose}`] },
      asked,
    );
  }
  const [sku = '', channel] = splitLast(whose, '@');
  if (channel === undefined) return null;
  const moment = await atOneMoment(redis, keys, (draft) => {
    const known = draft.get('item', sku) ?? draft.get('ledger', sku);
    return known === undefined ? null : channelAtpOf(draft, sku, channel, moments);
  });
  const nodes = [...moment.seen('stock')].flatMap(([stock, known]) => (known === undefined ? [] : `atp:${stock}`));
  const name = `Available to promise of ${sku} on ${channel}${dated}`;
  return tell(deps, moment, { id, name, sku, related: nodes.sort() }, asked);
}

async function tell(
  deps: ExplainDeps,
  moment: Moment<Atp | null>,
  about: { id: string; name: string; sku: string; node?: string; related: string[] },
  asked: EventsAsked,
): Promise<Explanation | null> {
  if (moment.answer === null) return null;
  const { id, name, sku, node, related } = about;
  const { atp, steps } = moment.answer;
  const place = node === undefined ? { sku } : { sku, node, bucket: 'sellable' };
  const [movements, behind] = await Promise.all([
    reachable(movementsOf(deps.runtime.history, { ...place, ...asked })),
    eventsBehind(deps.runtime),
  ]);
  const parts = partsOfSteps(steps);
  const told = {
    number: `atp:${id}`,
    name,
    value: atp,
    unit: 'units' as const,
    formula: steps
      .map(({ step, quantity }, index) => `${index === 0 ? '' : quantity > 0 ? '+ ' : '- '}${step}`)
      .join(' ')
      .replace(/^\+ /, ''),
    parts,
    partsAddUpTo: { words: 'available to promise', value: sumOf(parts) },
    rules: [...(node === undefined ? [rules.channel] : []), rules.node, ...(id.includes('~') ? [rules.receipts] : [])],
    events: { items: movements.items.map(eventOf), next: movements.next === null ? null : String(movements.next) },
    related,
  };
  return explanationOf(moment, told, behind);
}

/** In two at the last of these characters; the second part is undefined when there is none. */
export function splitLast(text: string, at: string): [string, string | undefined] {
  const cut = text.lastIndexOf(at);
  return cut < 0 ? [text, undefined] : [text.slice(0, cut), text.slice(cut + 1)];
}

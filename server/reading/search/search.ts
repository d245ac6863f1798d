/** One question to everything that has a name: whatever the asker may see, best first. */
import { kpis } from '../../../analytics/kpis/index.ts';
import type { OpenException } from '../../../streams/operations/exception-state.ts';
import { outstanding } from '../../../streams/operations/purchasing/purchase-order-receipts.ts';
import type { PurchaseOrder } from '../../../streams/operations/purchasing/purchase-order-state.ts';
import { type Transfer, transferStatus } from '../../../streams/operations/stock/transfer-state.ts';
import type { Principal } from '../../access/abilities.ts';
import { may } from '../../access/abilities.ts';
import { costKpis, seesCost } from '../../access/cost.ts';
import type { SearchAnswer, SearchHit } from '../../http/contract/search.ts';
import type { Mirror } from '../../live/mirror.ts';
import type { Runtime } from '../../runtime.ts';
import type { Inventory, KnownItem } from '../inventory/records.ts';
import { keepStates } from '../kept-states.ts';
import { bestOf, type Found, matchOf } from './matching.ts';
import { findOrders } from './orders.ts';

/** Also the order in which kinds stand where nothing else tells them apart. */
const kinds = ['SKU', 'Order', 'Purchase order', 'Transfer', 'Exception', 'Node', 'Channel', 'Source', 'KPI'] as const;
type Kind = (typeof kinds)[number];
type Candidate = { code: string; words: string; over?: boolean; hit: () => Omit<SearchHit, 'kind'> };

const at = (path: string, name: string): string => `${path}/${encodeURIComponent(name)}`;
const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export type Search = ReturnType<typeof openSearch>;

export function openSearch(runtime: Runtime, mirror: Mirror, inventory: Inventory) {
  const purchaseOrders = keepStates<PurchaseOrder, Candidate>(
    runtime,
    mirror.follow,
    'purchase-order',
    asPurchaseOrder,
  );
  const transfers = keepStates<Transfer, Candidate>(runtime, mirror.follow, 'transfer', asTransfer);
  // The text of an exception is put together once for each state of it.
  const texts = new WeakMap<OpenException, string>();

  function* exceptions(): Iterable<Candidate> {
    for (const one of mirror.states.exception.values()) {
      if (one.id === '') continue;
      let words = texts.get(one);
      if (words === undefined) {
        const { title, kind, sku, node, channel, order, source, detail } = one;
        words = [title, kind, sku, node, channel, order, source, detail].filter(Boolean).join(' ').toLowerCase();
        texts.set(one, words);
      }
      const over = one.work === 'resolved' || one.work === 'dismissed';
      const hit = () => ({
        title: `${one.id} ${one.title}`,
        detail: one.detail,
        address: `/exceptions?ex=${encodeURIComponent(one.id)}`,
      });
      yield { code: one.id, words, over, hit };
    }
  }

  function* items(known: ReadonlyMap<string, KnownItem>): Iterable<Candidate> {
    for (const { sku, name, category, text } of known.values()) {
      const hit = () => ({
        title: name,
        detail: [sku, category].filter(Boolean).join(' · '),
        address: at('/stock', sku),
      });
      yield { code: sku, words: text.slice(sku.length + 1), hit };
    }
  }

  function* nodes(): Iterable<Candidate> {
    for (const { node, name, kind } of mirror.states.node.values()) {
      const hit = () => ({ title: name, detail: `${node} · ${kind}`, address: at('/nodes', node) });
      yield { code: node, words: name.toLowerCase(), hit };
    }
  }
  function* channels(): Iterable<Candidate> {
    for (const { channel, name } of mirror.states.channel.values()) {
      const hit = () => ({ title: name, detail: channel, address: `/orders?channel=${encodeURIComponent(channel)}` });
      yield { code: channel, words: name.toLowerCase(), hit };
    }
  }
  function* sources(): Iterable<Candidate> {
    for (const { source, name, kind } of mirror.states.source.values()) {
      const hit = () => ({ title: name, detail: `${source} · ${kind}`, address: at('/sources', source) });
      yield { code: source, words: name.toLowerCase(), hit };
    }
  }
  function* figures(principal: Principal): Iterable<Candidate> {
    for (const { id, name, question } of kpis) {
      if (costKpis.has(id) && !seesCost(principal)) continue;
      yield {
        code: id,
        words: `${name} ${question}`.toLowerCase(),
        hit: () => ({ title: name, detail: question, address: at('/kpis', id) }),
      };
    }
  }

  return async (q: string, limit: number, principal: Principal): Promise<SearchAnswer> => {
    const wanted = q.trim().toLowerCase();
    const found: Found<SearchHit>[] = [];
    const look = (kind: Kind, candidates: Iterable<Candidate>) => {
      const place = kinds.indexOf(kind);
      for (const { code, words, over = false, hit } of candidates) {
        const match = matchOf(wanted, code, words);
        if (match !== null) found.push({ hit: { kind, ...hit() }, match, over, kind: place });
      }
    };
    if (may(principal.role, 'see-exceptions')) look('Exception', exceptions());
    if (may(principal.role, 'see-kpis')) look('KPI', figures(principal));
    if (may(principal.role, 'see-sources')) look('Source', sources());
    if (!may(principal.role, 'see-operations')) return { items: bestOf(found, limit) };
    const ordersAnswer = findOrders(runtime, q.trim(), limit);
    look('SKU', items(await inventory.items()));
    look('Purchase order', (await purchaseOrders.entries()).values());
    look('Transfer', (await transfers.entries()).values());
    look('Node', nodes());
    look('Channel', channels());
    const { orders, incomplete } = await ordersAnswer;
    look('Order', orders);
    return { items: bestOf(found, limit), ...(incomplete === undefined ? {} : { incomplete }) };
  };
}

function asPurchaseOrder(order: PurchaseOrder): Candidate {
  const { purchaseOrder, supplier, received } = order;
  const left = outstanding(order).reduce((sum, { units }) => sum + units, 0);
  const came = received.reduce((sum, [, , units]) => sum + units, 0);
  const detail = [supplier, left > 0 ? `${left} still to come` : `${came} received`].filter(Boolean).join(' · ');
  return {
    code: purchaseOrder,
    words: supplier.toLowerCase(),
    over: left === 0,
    hit: () => ({ title: purchaseOrder, detail, address: at('/purchase-orders', purchaseOrder) }),
  };
}

function asTransfer(transfer: Transfer): Candidate {
  const { fromNode, toNode, lines } = transfer;
  const status = transferStatus(transfer);
  const detail = `${fromNode} to ${toNode} · ${status.replace('-', ' ')} · ${countOf(lines.length, 'SKU')}`;
  return {
    code: transfer.transfer,
    words: `${fromNode} ${toNode}`.toLowerCase(),
    over: ['received', 'closed', 'cancelled'].includes(status),
    hit: () => ({
      title: transfer.transfer,
      detail,
      address: `/explain?number=${encodeURIComponent(`inbound:${transfer.transfer}`)}`,
    }),
  };
}

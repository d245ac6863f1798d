/** What random producers say about stock beyond the first deliveries: packs, lots, transfers, corrections, snapshots. */
import { type Company, nodes, skus } from './random-company.ts';
import { addUnderWay, atNode, type Entry, stockEntry, takeUnderWay, warehouseOf } from './random-entries.ts';

type Transfer = { transfer: string; sku: string; fromNode: string; toNode: string; quantity: number };

const transferLines = ({ random }: Company, { sku, quantity }: Transfer) => [
  { sku, quantity: random.chance(0.7) ? quantity : random.int(1, quantity) },
];

const reasonAnd = (transfer: Transfer) => ({ transfer: transfer.transfer, reason: 'nobody waits for it' });

const ofTransfer = (
  type: 'transfer.sent' | 'transfer.received' | 'transfer.closed' | 'transfer.cancelled',
  weight: number,
  ends: number,
): Entry => ({
  type,
  weight,
  say(company) {
    const known = takeUnderWay(company, 'transfer', ends) as Transfer | undefined;
    if (known === undefined) return undefined;
    const { transfer, fromNode, toNode } = known;
    const moves = type === 'transfer.sent' || type === 'transfer.received';
    const data = moves
      ? { transfer, fromNode, toNode, lines: transferLines(company, known) }
      : { ...reasonAnd(known), ...(type === 'transfer.closed' ? { to: 'loss' } : {}) };
    return { source: warehouseOf(type === 'transfer.received' ? toNode : fromNode), type, data };
  },
});

export const stockEntries: Entry[] = [
  stockEntry('stock.received', 8, ({ random }) => ({
    quantity: random.int(1, 15),
    ...(random.chance(0.2) ? { into: 'quarantined' } : {}),
    ...(random.chance(0.4) ? { unitCost: random.int(200, 400) } : {}),
    ...(random.chance(0.1) ? { unit: 'case', quantity: 1 } : {}),
    ...(random.chance(0.2) ? { lot: `lot${random.int(1, 4)}` } : {}),
  })),
  stockEntry('stock.adjusted', 2, ({ random }) => ({
    quantity: random.chance(0.5) ? random.int(1, 4) : -random.int(1, 4),
    reason: 'found on the floor',
    against: random.pick(['unknown', 'loss']),
  })),
  // Somebody changes what is promised by hand: a leak.
  stockEntry('stock.adjusted', 1, ({ random }) => ({
    bucket: 'allocated',
    quantity: random.chance(0.5) ? 1 : -1,
    reason: 'a script of the warehouse',
  })),
  stockEntry('stock.leak-released', 1, () => ({ by: 'ann', reason: 'looked into' })),
  stockEntry('stock.counted', 4, ({ random, now }) => ({
    quantity: random.int(0, 30),
    ...(random.chance(0.3) ? { bucket: random.pick(['sellable', 'quarantined', 'on-hand']) } : {}),
    ...(random.chance(0.3) ? { countedAt: new Date(now - random.int(0, 7_200_000)).toISOString() } : {}),
  })),
  stockEntry('stock.asserted', 3, ({ random }) => ({
    measure: random.pick(['available', 'on-hand', 'sellable']),
    quantity: random.int(0, 30),
    ...(random.chance(0.5) ? { policy: random.pick(['authoritative', 'advisory', 'ignored']) } : {}),
  })),
  stockEntry('stock.count-requested', 1, () => ({ by: 'ann' })),
  stockEntry('stock.condition-changed', 2, ({ random }) => ({
    quantity: random.int(1, 3),
    from: random.pick(['sellable', 'quarantined', 'damaged']),
    to: random.pick(['sellable', 'quarantined', 'damaged', 'loss']),
    reason: 'looked at',
  })),
  {
    type: 'stock.transferred',
    weight: 1,
    say(company) {
      const { random } = company;
      const sent = takeUnderWay(company, 'old transfer', 1) as Transfer | undefined;
      if (sent !== undefined)
        return { source: warehouseOf(sent.toNode), type: 'stock.transferred', data: { ...sent, stage: 'received' } };
      const [fromNode, toNode] = random.chance(0.5) ? nodes : [nodes[1], nodes[0]];
      const transfer = `ot${company.next('old transfer')}`;
      const data = { transfer, sku: random.pick(skus), quantity: random.int(1, 4), fromNode, toNode };
      addUnderWay(company, 'old transfer', data);
      return { source: warehouseOf(fromNode), type: 'stock.transferred', data: { ...data, stage: 'sent' } };
    },
  },
  {
    type: 'transfer.requested',
    weight: 2,
    say(company) {
      const { random } = company;
      const [fromNode, toNode] = random.chance(0.5) ? nodes : [nodes[1], nodes[0]];
      const transfer = `t${company.next('transfer')}`;
      const known: Transfer = { transfer, sku: random.pick(skus), quantity: random.int(1, 5), fromNode, toNode };
      addUnderWay(company, 'transfer', known);
      const lines = [{ sku: known.sku, quantity: known.quantity }];
      return { source: 'erp', type: 'transfer.requested', data: { transfer, fromNode, toNode, lines, by: 'ann' } };
    },
  },
  ofTransfer('transfer.sent', 2, 0),
  ofTransfer('transfer.received', 2, 0.3),
  ofTransfer('transfer.closed', 0.5, 0.5),
  ofTransfer('transfer.cancelled', 0.5, 0.5),
  {
    type: 'stock.voided',
    weight: 1,
    say(company) {
      const known = company.said.filter(({ type }) => type.startsWith('stock.')).slice(-12);
      if (known.length === 0) return undefined;
      const { source, id } = company.random.pick(known);
      return { source, type: 'stock.voided', corrects: id, data: { reason: 'typed twice' } };
    },
  },
  {
    type: 'stock.received',
    weight: 0.7,
    say(company) {
      const known = company.said.filter(({ type }) => type === 'stock.received').slice(-6);
      if (known.length === 0) return undefined;
      const { source, id } = company.random.pick(known);
      const { node, sku } = atNode(company);
      const data = { sku, node, quantity: company.random.int(1, 9) };
      return { source, type: 'stock.received', corrects: id, data };
    },
  },
];

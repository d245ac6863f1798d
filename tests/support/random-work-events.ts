/** What random producers say about nodes that fail, and what people do about it all. */
import { nodes, skus } from './random-company.ts';
import { addUnderWay, anOrder, type Entry, takeUnderWay, warehouseOf } from './random-entries.ts';

const iso = (at: number) => new Date(at).toISOString();
type Impairment = { node: string; impairment: string };

const onException = (type: Entry['type'], weight: number, more: (now: number) => object = () => ({})): Entry => ({
  type,
  weight,
  say: ({ random, now }) => {
    const record = `${random.pick(skus)}|${random.pick(nodes)}`;
    const exception = random.pick([
      `negative-stock:${record}`,
      `count-variance:${record}`,
      `reservation-leak:${record}`,
      `oversold:${random.pick(skus)}`,
      'source-silent:wms',
    ]);
    return { source: 'tideline', type, data: { exception, by: 'ann', ...more(now) } };
  },
});

/** What the prediction job says and settles, about records of the shop. */
const aboutTheFuture = (type: 'prediction.made' | 'prediction.settled', weight: number): Entry => ({
  type,
  weight,
  say: ({ random, now }) => {
    const at = Math.floor(now / 3_600_000) * 3_600_000;
    const rows = Array.from({ length: random.int(1, 4) }, (_, index) => {
      const probability = random.int(0, 100) / 100;
      const row = { subject: `${skus[index]}|${random.pick(nodes)}`, probability, uncorrected: probability / 2 };
      return type === 'prediction.made' ? row : { ...row, happened: random.chance(0.5) };
    });
    const data = { prediction: 'stockout', at: iso(at), horizon: iso(at + 3_600_000), rows };
    return { source: 'tideline', type, data };
  },
});

export const workEntries: Entry[] = [
  {
    type: 'node.defined',
    weight: 1,
    always: true,
    say: ({ random }) => {
      const node = random.pick(nodes);
      return {
        source: 'erp',
        type: 'node.defined',
        data: {
          node,
          name: node,
          kind: 'warehouse',
          timeZone: 'Europe/Berlin',
          cutOff: random.pick(['12:00', '18:00', '23:30']),
          workdays: [1, 2, 3, 4, 5, 6, 7],
          linesPerHour: random.int(5, 60),
          ...(random.chance(0.3) ? { capacityLinesPerDay: random.int(3, 40) } : {}),
          costPerShipment: random.int(100, 900),
        },
      };
    },
  },
  {
    type: 'node.impaired',
    weight: 1,
    say(company) {
      const { random, now } = company;
      const node = random.pick(nodes);
      const known: Impairment = { node, impairment: `i${company.next('impairment')}` };
      addUnderWay(company, 'impairment', known);
      const expectedUntil = iso(now + random.int(0, 6) * 3_600_000);
      const data = { ...known, capacityShare: random.pick([0, 0.3]), expectedUntil, reason: 'power cut' };
      return { source: warehouseOf(node), type: 'node.impaired', data };
    },
  },
  {
    type: 'node.recovered',
    weight: 1,
    say(company) {
      const known = takeUnderWay(company, 'impairment', 1) as Impairment | undefined;
      if (known === undefined) return undefined;
      return { source: warehouseOf(known.node), type: 'node.recovered', data: known };
    },
  },
  {
    type: 'wave.released',
    weight: 2,
    say(company) {
      const orders = company.orders.slice(-8).filter(() => company.random.chance(0.5));
      if (orders.length === 0) return undefined;
      const data = {
        wave: `w${company.next('wave')}`,
        node: company.random.pick(nodes),
        orders: orders.map(({ order }) => order),
        by: 'ann',
      };
      return { source: 'tideline', type: 'wave.released', data };
    },
  },
  {
    type: 'order.rerouted',
    weight: 2,
    say(company) {
      const order = anOrder(company);
      if (order === undefined) return undefined;
      const data = { order: order.order, toNode: company.random.pick(nodes), by: 'ann', reason: 'node impaired' };
      return { source: 'tideline', type: 'order.rerouted', data };
    },
  },
  {
    type: 'fulfilment.scanned',
    weight: 4,
    say(company) {
      const order = anOrder(company);
      if (order === undefined) return undefined;
      const node = order.node || company.random.pick(nodes);
      return { source: 'carrier', type: 'fulfilment.scanned', data: { order: order.order, node } };
    },
  },
  {
    type: 'fulfilment.short-picked',
    weight: 2,
    say(company) {
      const order = anOrder(company);
      if (order === undefined) return undefined;
      const node = order.node || company.random.pick(nodes);
      const lines = [{ line: company.random.pick(order.lines).line, quantity: company.random.int(1, 2) }];
      return { source: warehouseOf(node), type: 'fulfilment.short-picked', data: { order: order.order, node, lines } };
    },
  },
  {
    type: 'order.reallocated',
    weight: 1,
    say(company) {
      const [from, to] = [anOrder(company), anOrder(company)];
      if (from === undefined || to === undefined || from === to) return undefined;
      const data = {
        order: to.order,
        fromOrder: from.order,
        sku: from.lines[0]!.sku,
        node: company.random.pick(nodes),
        quantity: 1,
      };
      return { source: 'tideline', type: 'order.reallocated', data };
    },
  },
  onException('exception.acknowledged', 1),
  onException('exception.assigned', 0.5, () => ({ to: 'ben' })),
  onException('exception.started', 0.5),
  onException('exception.snoozed', 1, (now) => ({ until: { time: iso(now + 60_000), worse: true } })),
  onException('exception.resolved', 1),
  onException('exception.dismissed', 0.5, () => ({ because: 'accepted-risk', reason: 'known' })),
  onException('exception.reopened', 0.5, () => ({ reason: 'not over' })),
  {
    type: 'exception.rated',
    weight: 0.5,
    say({ random }) {
      const exception = random.pick([`negative-stock:${random.pick(skus)}|${random.pick(nodes)}`, 'source-silent:wms']);
      const said = { by: random.pick(['ann', 'ben']), number: `EX-${random.int(1, 6)}`, useful: random.chance(0.5) };
      return { source: 'tideline', type: 'exception.rated', data: { exception, ...said } };
    },
  },
  {
    type: 'action.taken',
    weight: 3,
    say(company) {
      const { random } = company;
      const sku = random.pick(skus);
      const node = random.pick(nodes);
      const order = anOrder(company)?.order ?? 'o1';
      const reason = 'decided';
      const chosen = random.pick([
        { kind: 'transfer', input: { sku, fromNode: node, toNode: node === 'north' ? 'south' : 'north', quantity: 2 } },
        { kind: 'quarantine', input: { sku, node, quantity: 1, reason } },
        { kind: 'write-off', input: { sku, node, quantity: 1, reason } },
        { kind: 'hold-order', input: { order, reason } },
        { kind: 'release-order', input: { order } },
        { kind: 'cancel-lines', input: { order, reason: 'stock' } },
      ]);
      const action = `a${company.next('action')}`;
      addUnderWay(company, 'action', { action });
      return { source: 'tideline', type: 'action.taken', data: { action, by: 'ann', ...chosen } };
    },
  },
  {
    type: 'action.undone',
    weight: 1,
    say(company) {
      const known = takeUnderWay(company, 'action', 1);
      if (known === undefined) return undefined;
      return { source: 'tideline', type: 'action.undone', data: { action: known['action'], by: 'ann' } };
    },
  },
  aboutTheFuture('prediction.made', 1),
  aboutTheFuture('prediction.settled', 1),
];

/** The business the benchmark does: orders of two lines over two thousand items at two nodes, the same at every run. */

export const ITEMS = 2_000;
export const NODES = ['north', 'south'] as const;
const UNITS_PER_NODE = 10_000_000;

type Cloud = { specversion: '1.0'; id: string; source: string; type: string; time: string; data: object };

const cloud = (id: string, type: string, at: number, data: object): Cloud => ({
  specversion: '1.0',
  id,
  source: 'bench',
  type,
  time: new Date(at).toISOString(),
  data,
});

export function opening(at: number): Cloud[] {
  const skus = Array.from({ length: ITEMS }, (_, index) => `SKU-${index}`);
  return [
    cloud('workspace', 'workspace.configured', at, { name: 'Benchmark', currency: 'EUR' }),
    cloud('channel', 'channel.defined', at, { channel: 'web', name: 'Web', kind: 'web', nodes: [...NODES] }),
    ...NODES.map((node) => cloud(`node-${node}`, 'node.defined', at, { node, name: node, kind: 'warehouse' })),
    ...skus.map((sku) => cloud(`item-${sku}`, 'item.defined', at, { sku, name: sku, unitCost: 500, unitPrice: 1_200 })),
    ...skus.flatMap((sku) =>
      NODES.map((node) =>
        cloud(`opening-${sku}-${node}`, 'stock.received', at, { sku, node, quantity: UNITS_PER_NODE }),
      ),
    ),
  ];
}

/** @param first number of the first order, so that runs do not repeat ids */
export function orders(first: number, count: number, at: number): Cloud[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const line = (name: string, step: number) => ({
      line: name,
      sku: `SKU-${(number * step) % ITEMS}`,
      quantity: 1 + (number % 3),
      unitPrice: 1_200,
    });
    const shipBy = new Date(at + (1 + (number % 8)) * 3_600_000).toISOString();
    const data = {
      order: `B-${number}`,
      channel: 'web',
      currency: 'EUR',
      country: 'DE',
      shipBy,
      lines: [line('1', 7), line('2', 13)],
    };
    return cloud(`order-${number}`, 'order.placed', at, data);
  });
}

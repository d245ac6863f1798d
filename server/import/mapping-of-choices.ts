/** From what was chosen on the page to a mapping, as somebody would have written it. Pure. */
import type { TableMapping } from '../http/contract/imports.ts';

type Sales = Extract<TableMapping, { kind: 'sales' }>;
type Stock = Extract<TableMapping, { kind: 'stock' }>;

/** The column that a stock file does not have: the moment it speaks of. */
export const MOMENT_COLUMN = '@moment';

export function mappingOfChoices(choices: Sales | Stock): object {
  return choices.kind === 'sales' ? salesMapping(choices) : stockMapping(choices);
}

function salesMapping(choices: Sales): object {
  const { source, channel, node, timeZone: zone, currency, decimalMark, columns, dispatchedAfterHours } = choices;
  const thousandsMark = decimalMark === ',' ? '.' : ',';
  const dispatch = {
    type: 'fulfilment.dispatched',
    id: 'dispatch:{order}',
    after: `${dispatchedAfterHours}h`,
    data: {
      order: '{order}',
      node,
      shipment: '{order}',
      lines: { forEach: 'standing', make: { line: '{line}', quantity: '{quantity}' } },
    },
  };
  return {
    tidelineMapping: 1,
    name: 'Sales history',
    source,
    zone,
    file: { delimiter: choices.delimiter, sorted: false },
    fields: {
      order: { type: 'text', column: columns.order },
      sku: { type: 'text', column: columns.sku },
      quantity: { type: 'integer', column: columns.quantity, decimalMark, thousandsMark },
      unitPrice: {
        type: 'money',
        column: columns.unitPrice,
        currency,
        decimalMark,
        thousandsMark,
        rounding: 'half-even',
      },
      time: { type: 'datetime', column: columns.time, format: choices.timeFormat, zone },
      ...(columns.name === undefined ? {} : { name: { type: 'text', column: columns.name, optional: true } }),
    },
    time: 'time',
    totals: ['quantity'],
    preamble: preambleOf(choices, [
      [
        'channel',
        {
          type: 'channel.defined',
          id: `channel:${channel}`,
          data: { channel, name: channel, kind: 'web', nodes: [node] },
        },
      ],
    ]),
    ...itemsOf(columns.name, 'sold', { unitPrice: { field: 'unitPrice', take: 'last' } }),
    ...(choices.openingStock ? { stock: { node, opening: 'enough' } } : {}),
    rules: [
      { name: 'sold', when: { field: 'quantity', above: 0 }, lineOf: 'orders' },
      { name: 'without a quantity', leaveOut: 'nothing was sold: a quantity of zero or less' },
    ],
    groups: {
      orders: {
        by: '{order}',
        gapRows: 1_000,
        events: [
          {
            type: 'order.placed',
            id: 'order:{order}',
            data: {
              order: '{order}',
              channel,
              currency,
              lines: {
                forEach: 'lines',
                make: { line: '{line}', sku: '{sku}', quantity: '{quantity}', unitPrice: '{unitPrice}' },
              },
            },
          },
          ...(dispatchedAfterHours === undefined ? [] : [dispatch]),
        ],
      },
    },
  };
}

function stockMapping({ source, node, timeZone: zone, delimiter, decimalMark, columns, ...choices }: Stock): object {
  const where = columns.node === undefined ? node : '{node}';
  const thousandsMark = decimalMark === ',' ? '.' : ',';
  const data = { sku: '{sku}', node: where, quantity: '{quantity}', reason: 'opening balance', against: 'supplier' };
  return {
    tidelineMapping: 1,
    name: 'Opening stock',
    source,
    zone,
    file: { delimiter, sorted: false },
    fields: {
      sku: { type: 'text', column: columns.sku },
      quantity: { type: 'integer', column: columns.quantity, decimalMark, thousandsMark },
      time: { type: 'datetime', column: MOMENT_COLUMN, format: 'iso', zone },
      ...(columns.node === undefined ? {} : { node: { type: 'text', column: columns.node, default: node } }),
      ...(columns.name === undefined ? {} : { name: { type: 'text', column: columns.name, optional: true } }),
    },
    time: 'time',
    totals: ['quantity'],
    preamble: preambleOf({ ...choices, node, timeZone: zone }, []),
    ...itemsOf(columns.name, 'counted', {}),
    rules: [
      { name: 'nothing there', when: { field: 'quantity', is: 0 }, leaveOut: 'nothing lies there' },
      {
        name: 'counted',
        // One opening balance per SKU and node: the same file again, corrected or not, adds nothing a second time.
        events: [{ type: 'stock.adjusted', id: `opening:${where}:{sku}`, data }],
      },
    ],
  };
}

/** Only where the file names them: a SKU for a name would hide the name that an item has. */
function itemsOf(nameColumn: string | undefined, rule: string, more: object): object {
  if (nameColumn === undefined) return {};
  return { items: { sku: 'sku', from: [rule], name: { field: 'name', take: 'last' }, ...more } };
}

type Defining = Pick<Sales | Stock, 'defines' | 'node' | 'timeZone' | 'currency' | 'workspaceName'>;

function preambleOf(
  { defines, node, timeZone, currency, workspaceName }: Defining,
  more: [string, object][],
): object[] {
  const known: [string, object][] = [
    ['workspace', { type: 'workspace.configured', id: 'workspace', data: { name: workspaceName, currency, timeZone } }],
    ['node', { type: 'node.defined', id: `node:${node}`, data: { node, name: node, kind: 'warehouse', timeZone } }],
    ...more,
  ];
  return known.filter(([what]) => (defines as string[]).includes(what)).map(([, event]) => event);
}

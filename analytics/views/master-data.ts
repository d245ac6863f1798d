import { defineView } from './definition.ts';

export const nodes = defineView({
  name: 'nodes',
  words: 'Warehouses, stores and other places that hold stock and ship, as they are defined now.',
  grain: 'a node',
  columns: {
    node: ['id', 'Its id, as other views name it.'],
    name: ['text', 'Its name.'],
    kind: ['name', 'warehouse, store, 3pl or supplier.'],
    time_zone: ['name', 'Its time zone, such as Europe/Berlin.'],
    cut_off: ['text', 'Local time after which an order leaves the next working day, HH:MM.'],
    lines_per_hour: ['count', 'Order lines it can pick in an hour; null when nobody said.', 'nullable'],
    active: ['flag', 'Whether it works.'],
    defined_at: ['time', 'The time of the newest definition.'],
  },
  examples: [
    {
      question: 'Open units by node, with its name and how many lines an hour it can pick',
      sql: `SELECT node, any(nodes.name) AS name, sum(open_units) AS units_to_ship, any(lines_per_hour) AS lines_per_hour
FROM orders
LEFT JOIN nodes USING (node)
WHERE open_units > 0
GROUP BY node
ORDER BY units_to_ship DESC`,
    },
  ],
});

export const channels = defineView({
  name: 'channels',
  words: 'Channels orders come from, as they are defined now.',
  grain: 'a channel',
  columns: {
    channel: ['id', 'Its id, as other views name it.'],
    name: ['text', 'Its name.'],
    kind: ['name', 'web, marketplace, wholesale, store or other.'],
    currency: ['name', 'ISO 4217; empty when nobody said.'],
    nodes: ['names', 'Nodes that may ship its orders, first choice first.'],
    buffer: ['units', 'Units never shown to it.'],
    penalty: ['money', 'What one late or cancelled order costs besides its margin.'],
    active: ['flag', 'Whether it sells.'],
    defined_at: ['time', 'The time of the newest definition.'],
  },
  examples: [
    {
      question: 'Which nodes may ship the orders of each channel?',
      sql: `SELECT channel, name, arrayStringConcat(nodes, ', ') AS ships_from
FROM channels
WHERE active
ORDER BY channel`,
    },
  ],
});

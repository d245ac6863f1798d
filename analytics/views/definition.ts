/** What a view for analysts is: its words, its columns, examples of questions to it. Its SELECT is `analytics/sql/views/<name>.sql`. */

/** What a column holds. It gives the type in the engine, and what has to be said of every such column. */
const kinds = {
  id: { type: 'String', words: '' },
  text: { type: 'String', words: '' },
  json: { type: 'String', words: 'JSON, to be taken apart with JSONExtract.' },
  /** One of few values. */
  name: { type: 'LowCardinality(String)', words: '' },
  time: { type: "DateTime64(3, 'UTC')", words: '' },
  minute: { type: "DateTime('UTC')", words: '' },
  units: { type: 'Int64', words: '' },
  money: { type: 'Int64', words: 'In minor units (cents).' },
  milliseconds: { type: 'Int64', words: 'In milliseconds.' },
  count: { type: 'Int64', words: '' },
  share: { type: 'Float64', words: 'Between 0 and 1.' },
  sequence: { type: 'UInt64', words: '' },
  sign: { type: 'Int8', words: '' },
  flag: { type: 'Bool', words: '' },
  names: { type: 'Array(String)', words: '' },
  histogram: { type: 'Map(Int64, Int64)', words: '' },
  arrivals: { type: 'Map(UInt32, UInt64)', words: '' },
  sketch: { type: 'AggregateFunction(uniqCombined64(14), String)', words: '' },
} as const;
export type ColumnKind = keyof typeof kinds;

/** `nullable` columns are null where nothing is known: never zero, never 1970. */
export type ColumnDefinition = readonly [kind: ColumnKind, words: string, presence?: 'nullable'];
export type Column = { name: string; type: string; words: string };
export type Example = { question: string; sql: string };

export type View = {
  /** As it is written in a question. */
  name: string;
  words: string;
  /** One row is one of these. */
  grain: string;
  columns: Column[];
  examples: Example[];
};

export type ViewDefinition = Omit<View, 'columns'> & { columns: Record<string, ColumnDefinition> };

export function defineView({ columns, ...view }: ViewDefinition): View {
  return { ...view, columns: Object.entries(columns).map(([name, definition]) => columnOf(name, definition)) };
}

function columnOf(name: string, [kind, words, presence]: ColumnDefinition): Column {
  const { type, words: always } = kinds[kind];
  return {
    name,
    type: presence === 'nullable' ? nullable(type) : type,
    words: always === '' ? words : `${words} ${always}`,
  };
}

// LowCardinality goes around Nullable, not inside of it.
const nullable = (type: string): string =>
  type.startsWith('LowCardinality(') ? `LowCardinality(Nullable(${type.slice(15, -1)}))` : `Nullable(${type})`;

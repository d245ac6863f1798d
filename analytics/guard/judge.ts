/** The rules for the tree of a question. Whatever is not known to be harmless is refused. */
import { argumentFindings, numbersFindings } from './arguments.ts';
import { didYouMean, type Finding } from './faults.ts';
import { allowedFunctionNames, isNameOfRefused, judgeFunction } from './functions.ts';
import type { Node } from './tree.ts';

export type GuardSchema = {
  /** The database of the views, by which they may be called as well. */
  database: string;
  views: readonly { name: string; columns: readonly { name: string }[] }[];
};

const kinds = new Set([
  'SelectWithUnionQuery',
  'SelectIntersectExceptQuery',
  'SelectQuery',
  'ExpressionList',
  'WithElement',
  'Subquery',
  'Function',
  'Identifier',
  'Literal',
  'Asterisk',
  'QualifiedAsterisk',
  'ColumnsListMatcher',
  'ColumnsRegexpMatcher',
  'ColumnsTransformerList',
  'ColumnsExceptTransformer',
  'ColumnsReplaceTransformer',
  'ColumnsReplaceTransformer::Replacement',
  'TablesInSelectQuery',
  'TablesInSelectQueryElement',
  'TableExpression',
  'TableIdentifier',
  'TableJoin',
  'ArrayJoin',
  'OrderByElement',
  'InterpolateElement',
  'WindowDefinition',
  'WindowListElement',
]);

/** What refused kinds are called by those who write them. */
const clauses = new Map([
  ['ColumnsApplyTransformer', { name: 'APPLY', remedy: 'write the function around each column' }],
  ['Set', { name: 'SETTINGS', remedy: 'settings cannot be changed' }],
  ['SampleRatio', { name: 'SAMPLE', remedy: 'use WHERE cityHash64(order_id) % 10 = 0' }],
  ['QueryParameter', { name: 'a parameter without a value', remedy: 'give it one' }],
]);

const tableFunctions = new Set(['numbers']);
const NODES_MAX = 20_000;

export type Judgement = { findings: Finding[]; views: string[] };

export function judgeTree(root: Node, named: readonly string[], schema: GuardSchema): Judgement {
  const views = new Map(schema.views.map((view) => [view.name, view]));
  const tables = new Set([...views.keys(), ...named]);
  const { starts, others } = namesIn(root, tables, schema);
  const unambiguous = tables.difference(others);
  const scope = { schema, views, named: new Set(named), tables, unambiguous, starts, others };
  const findings: Finding[] = [];
  if (root.kind !== 'SelectWithUnionQuery') findings.push({ what: `${root.kind} is not available` });
  for (const name of named) {
    if (views.has(name)) {
      const remedy = 'give the subquery another name';
      findings.push({ what: `\`${name}\` is a view: a subquery of that name would hide it`, remedy, at: name });
    }
  }
  const used = new Set<string>();
  const waiting: { node: Node; parent: Node | null }[] = [{ node: root, parent: null }];
  for (let done = 0; waiting.length > 0; done += 1) {
    if (done >= NODES_MAX)
      return { findings: [{ what: 'the question has too many parts', remedy: 'make it shorter' }], views: [] };
    const { node, parent } = waiting.pop()!;
    findings.push(...judgeNode(node, parent, scope));
    if (node.kind === 'TableIdentifier') used.add(node.value.slice(node.value.indexOf('.') + 1));
    for (const child of node.children) waiting.push({ node: child, parent: node });
  }
  return { findings, views: [...used].filter((name) => views.has(name) && !scope.named.has(name)).sort() };
}

type Scope = {
  schema: GuardSchema;
  views: Map<string, GuardSchema['views'][number]>;
  named: Set<string>;
  tables: Set<string>;
  /** Tables whose name is that of nothing else in the question. */
  unambiguous: Set<string>;
  starts: Set<string>;
  /** Names of everything that is not a table. */
  others: Set<string>;
};

function judgeNode(node: Node, parent: Node | null, scope: Scope): Finding[] {
  if (!kinds.has(node.kind)) {
    const { name, remedy } = clauses.get(node.kind) ?? { name: node.kind, remedy: null };
    return [{ what: `${name} is not available`, remedy, at: name }];
  }
  switch (node.kind) {
    // A second child would be a format or a file.
    case 'SelectWithUnionQuery':
      return node.children.length === 1 && node.children[0]!.kind === 'ExpressionList'
        ? []
        : [{ what: 'only a SELECT without FORMAT or INTO OUTFILE can be run' }];
    case 'Function':
      return parent?.kind === 'TableExpression' ? judgeTableFunction(node) : judgeCall(node, scope);
    case 'TableIdentifier':
      return judgeTable(node.value, scope);
    case 'Identifier':
      return judgeName(node.value, parent, scope);
    default:
      return [];
  }
}

function judgeTableFunction(node: Node): Finding[] {
  const name = node.value;
  if (!tableFunctions.has(name)) {
    return [{ what: `the table function ${name} is not available`, remedy: 'read the views, or numbers(…)', at: name }];
  }
  return numbersFindings(node);
}

function judgeCall(node: Node, scope: Scope): Finding[] {
  const name = node.value;
  const verdict = judgeFunction(name);
  if (verdict === 'refused') return [{ what: `the function ${name} is not available`, at: name }];
  if (verdict === 'unknown') {
    return [{ what: `there is no function ${name}`, remedy: didYouMean(name, allowedFunctionNames), at: name }];
  }
  return argumentFindings(node, scope.unambiguous);
}

function judgeTable(name: string, { schema, views, named, tables }: Scope): Finding[] {
  if (named.has(name) || views.has(name)) return [];
  const dot = name.indexOf('.');
  if (dot > 0 && name.slice(0, dot) === schema.database && views.has(name.slice(dot + 1))) return [];
  const remedy = didYouMean(name.slice(dot + 1), tables) ?? `there are ${[...views.keys()].join(', ')}`;
  return [{ what: `there is no view \`${name}\``, remedy, at: name }];
}

/** `a.b`: `a` must be a table of this question or a column of a view, not another database. */
function judgeName(name: string, parent: Node | null, { starts, others }: Scope): Finding[] {
  const dot = name.indexOf('.');
  if (dot < 0 && isNameOfRefused(name) && !starts.has(name) && !others.has(name)) {
    return [
      {
        what: `there is no column \`${name}\``,
        remedy: 'it is the name of a function that is not available',
        at: name,
      },
    ];
  }
  if (dot < 0 || parent?.kind === 'TableExpression') return [];
  const start = name.slice(0, dot);
  if (starts.has(start)) return [];
  return [
    {
      what: `\`${name}\`: there is no table \`${start}\` in this question`,
      remedy: didYouMean(start, starts),
      at: name,
    },
  ];
}

/** What may stand before a dot (tables and their aliases, columns that have parts), and the names of everything else. */
function namesIn(root: Node, tables: ReadonlySet<string>, schema: GuardSchema) {
  const starts = new Set([...tables, schema.database]);
  const others = new Set<string>();
  for (const { columns } of schema.views) for (const { name } of columns) starts.add(name);
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const child of node.children) {
      if (child.alias !== null) (node.kind === 'TableExpression' ? starts : others).add(child.alias);
      waiting.push(child);
    }
  }
  return { starts, others };
}

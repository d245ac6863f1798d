// What a file may do. Every rule returns one sentence per violation, none when all is well.
import ts from 'typescript';
import type { SourceFile, SourceTree } from './source-tree.ts';
import { lineOf, walk } from './source-tree.ts';

/** Same input, same output: these files get time, ids and random values as arguments. */
export const purePlaces = [
  'streams/events/',
  'streams/operations/',
  'streams/policies/',
  'streams/exceptions/',
  'streams/actions/',
  'streams/processing/process-batch.ts',
  'analytics/kpis/',
  'analytics/metrics/',
  'analytics/anomalies/',
  'analytics/forecasting/',
];

export const environmentReaders = ['server/config.ts', 'server/bootstrap.mjs', 'server/bootstrap/'];
// Processes of their own, which get what they need as arguments.
export const argumentReaders = [...environmentReaders, 'analytics/clickhouse/embedded/engine.ts'];
export const clientMakers = ['server/runtime.ts', 'analytics/clickhouse/client.ts'];
export const keyNamers = ['streams/processing/keys.ts'];
export const sqlHolders = [
  'analytics/sql/',
  'analytics/clickhouse/client.ts',
  'analytics/clickhouse/migrate.ts',
  'analytics/clickhouse/create-views.ts',
  // Examples of questions to the views: they are shown to readers, and run by tests only.
  'analytics/views/',
  'analytics/clickhouse/embedded/',
  // A lab sees its own program and a snapshot, and no other file of ours.
  'analytics/analyst-sql/lab/lab.ts',
];

const impureCalls = [
  'Date.now',
  'Date',
  'Math.random',
  'performance.now',
  'DateTime.now',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'randomUUID',
  'randomBytes',
  'randomInt',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
];
const impurePackages = /^(node:(?!crypto$)|redis$|bullmq|@clickhouse|chdb|express|socket\.io|pino)/;

const isIn = (path: string, places: string[]): boolean =>
  places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));

function violations(tree: SourceTree, find: (file: SourceFile, report: (node: ts.Node, what: string) => void) => void) {
  return [...tree.values()].flatMap((file) => {
    const found: string[] = [];
    find(file, (node, what) => found.push(`${file.path}:${lineOf(file, node)} ${what}`));
    return found;
  });
}

/** Pure files read no clock, chance, environment, disk or network. */
export function purity(tree: SourceTree): string[] {
  return violations(tree, (file, report) => {
    if (!isIn(file.path, purePlaces)) return;
    for (const name of file.imports) if (impurePackages.test(name)) report(file.script, `is pure and imports ${name}`);
    walk(file.script, (node) => {
      if (ts.isCallExpression(node)) {
        const name = node.expression.getText(file.script).replace(/^globalThis\./, '');
        if (impureCalls.includes(name)) report(node, `is pure and calls ${name}`);
      } else if (
        ts.isNewExpression(node) &&
        node.expression.getText(file.script) === 'Date' &&
        !node.arguments?.length
      ) {
        report(node, 'is pure and reads the clock by new Date()');
      } else if (isProcess(node)) {
        report(node, 'is pure and uses process');
      }
    });
  });
}

/** `process.env` and `process.argv` are read in one place each. */
export function environmentReadOnce(tree: SourceTree): string[] {
  return violations(tree, (file, report) => {
    walk(file.script, (node) => {
      if (ts.isVariableDeclaration(node) && node.initializer && isProcess(node.initializer)) {
        if (!isIn(file.path, environmentReaders)) report(node, 'takes process apart; server/config.ts does');
      }
      if (!ts.isPropertyAccessExpression(node) || !isProcess(node.expression)) return;
      const name = node.name.text;
      if (name === 'env' && !isIn(file.path, environmentReaders))
        report(node, 'reads process.env; server/config.ts does');
      if (name === 'argv' && !isIn(file.path, argumentReaders))
        report(node, 'reads process.argv; server/config.ts does');
    });
  });
}

/** Clients of Redis and ClickHouse are made in one place and handed over. */
export function clientsMadeOnce(tree: SourceTree): string[] {
  return violations(tree, (file, report) => {
    if (isIn(file.path, clientMakers)) return;
    walk(file.script, (node) => {
      if (
        ts.isCallExpression(node) &&
        /(^|\.)(createClient|createCluster)$/.test(node.expression.getText(file.script))
      ) {
        report(node, 'makes a client; server/runtime.ts does');
      }
    });
  });
}

/** Redis keys (`{workspace}:…`) are named in one place. */
export function keysNamedOnce(tree: SourceTree): string[] {
  return violations(tree, (file, report) => {
    if (isIn(file.path, keyNamers)) return;
    walk(file.script, (node) => {
      const named =
        (ts.isStringLiteralLike(node) && /^\{[\w-]+\}:\w/.test(node.text)) ||
        (ts.isTemplateExpression(node) &&
          node.head.text.endsWith('{') &&
          node.templateSpans[0]?.literal.text.startsWith('}:'));
      if (named) report(node, 'names a Redis key; streams/processing/keys.ts does');
    });
  });
}

const statement =
  /^\s*(SELECT\s|INSERT\s+INTO\s|CREATE\s+(OR\s+REPLACE\s+)?(TABLE|DATABASE|MATERIALIZED|VIEW|DICTIONARY|USER)\s|ALTER\s+TABLE\s|DROP\s+(TABLE|DATABASE|VIEW)\s|TRUNCATE\s|OPTIMIZE\s+TABLE\s|DELETE\s+FROM\s|WITH\s[\s\S]*\bSELECT\s)/;

/** SQL statements live in analytics/sql; only the code that speaks to the engine has words of its own. */
export function sqlHeldOnce(tree: SourceTree): string[] {
  return violations(tree, (file, report) => {
    if (isIn(file.path, sqlHolders)) return;
    walk(file.script, (node) => {
      const text = ts.isStringLiteralLike(node) ? node.text : ts.isTemplateExpression(node) ? node.head.text : '';
      if (statement.test(text)) report(node, 'holds an SQL statement; analytics/sql does');
    });
  });
}

/** A helper lives with its owner: there is no folder or file for leftovers. */
export function noLeftoverFolders(paths: Iterable<string>): string[] {
  return [...paths].flatMap((path) => {
    const bad = path.split('/').find((part) => /^(shared|utils?|helpers?|common|misc)(\.|$)/.test(part));
    return bad ? [`${path} lies in "${bad}"; put it with its owner`] : [];
  });
}

/** Files longer than can be read in one go. */
export function filesStayReadable(tree: SourceTree, linesMax: number): string[] {
  return [...tree.values()].flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > linesMax ? [`${path} has ${lines} lines; ${linesMax} is the limit`] : [];
  });
}

/** Nothing but a test may depend on what lies outside of the project. */
export function staysInTheProject(texts: Map<string, string>): string[] {
  return [...texts].flatMap(([path, text]) =>
    !path.startsWith('tests/') && /\.\.\/shared\b|(?<![\w.])\/work\//.test(text)
      ? [`${path} names a place outside of the project`]
      : [],
  );
}

/** Paths that a document cites exist: its relative links, and `folder/file` in code style below one of our folders. */
export function citedPathsExist(documents: Map<string, string>, exists: (path: string) => boolean): string[] {
  return [...documents].flatMap(([document, text]) => {
    const folder = document.includes('/') ? document.slice(0, document.lastIndexOf('/') + 1) : '';
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((match) => match[1] ?? '');
    const inCode = [...text.matchAll(/`((?:server|client|streams|analytics|tests|docs|\.ci)\/[\w./-]*[\w/])`/g)];
    const cited = [
      ...links
        .filter((link) => !/^([a-z]+:|\/)/i.test(link))
        .map((link) => normalize(folder + decodeURIComponent(link))),
      ...inCode.map((match) => match[1] ?? ''),
    ];
    return [...new Set(cited)]
      .filter((path) => !exists(path))
      .map((path) => `${document} cites ${path}, which does not exist`);
  });
}

function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function isProcess(node: ts.Node): boolean {
  if (!ts.isIdentifier(node) || node.text !== 'process') return false;
  const parent = node.parent;
  const isName =
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ts.isPropertyAssignment(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isBindingElement(parent) ||
    ts.isParameter(parent) ||
    (ts.isVariableDeclaration(parent) && parent.name === node);
  return !isName;
}

// Which file may import which. Every rule returns one sentence per violation, none when all is well.
import type { SourceTree } from './source-tree.ts';
import { resolveImport } from './source-tree.ts';

const contracts = [
  /^server\/http\/contract(\/|[\w.-]*\.ts$)/,
  /^server\/live\/contract(\/|[\w.-]*\.ts$)/,
  /^streams\/events\//,
];
const packagesOfContracts = new Set(['zod']);

/** Folders of the project in which a file of the first may import. `contracts` stands for the files the client may read. */
const mayImport: Record<string, string[]> = {
  streams: ['streams'],
  analytics: ['analytics', 'streams'],
  server: ['server', 'analytics', 'streams'],
  client: ['client', 'contracts'],
};

function isContract(path: string): boolean {
  return contracts.some((pattern) => pattern.test(path));
}

function* edges(tree: SourceTree): Generator<{ from: string; to: string | undefined; specifier: string }> {
  for (const { path, imports } of tree.values()) {
    for (const specifier of imports) yield { from: path, to: resolveImport(tree, path, specifier), specifier };
  }
}

const folderOf = (path: string): string => path.split('/')[0] ?? '';

/** Imports point one way: client -> contracts; server -> analytics -> streams -> nothing. */
export function importDirections(tree: SourceTree): string[] {
  return [...edges(tree)].flatMap(({ from, to }) => {
    const allowed = mayImport[folderOf(from)];
    if (to === undefined || allowed === undefined) return [];
    if (allowed.includes(folderOf(to)) || (allowed.includes('contracts') && isContract(to))) return [];
    return [`${from} imports ${to}; ${folderOf(from)} may import only ${allowed.join(', ')}`];
  });
}

/** A contract is loaded by the browser: it needs nothing but other contracts and zod. */
export function contractsLoadInABrowser(tree: SourceTree): string[] {
  return [...edges(tree)].flatMap(({ from, to, specifier }) => {
    if (!isContract(from)) return [];
    const fine = to === undefined ? packagesOfContracts.has(specifier) : isContract(to);
    return fine ? [] : [`${from} is a contract and imports ${to ?? specifier}`];
  });
}

/** Imports of our own files that lead nowhere. */
export function importsResolve(tree: SourceTree): string[] {
  return [...edges(tree)].flatMap(({ from, to, specifier }) =>
    to === undefined && /^(\.|@\/).*\.(ts|vue|mjs)$/.test(specifier)
      ? [`${from} imports ${specifier}, which does not exist`]
      : [],
  );
}

/** No file imports itself by way of others: each group of files that import one another, as one sentence. */
export function importCycles(tree: SourceTree): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges(tree)) if (to) targets.set(from, [...(targets.get(from) ?? []), to]);
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: string[]): void => {
    const position = way.indexOf(path);
    if (position >= 0) {
      found.push(`${[...way.slice(position), path].join(' -> ')} is a cycle`);
      return;
    }
    if (done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...way, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return found;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** Source files by their path in the project (`server/http/contract.ts`). */
export type SourceTree = Map<string, SourceFile>;

export interface SourceFile {
  path: string;
  text: string;
  /** The program in it: the text itself, or the script blocks of a Vue component. */
  script: ts.SourceFile;
  imports: string[];
}

const endings = ['.ts', '.vue', '.mjs'];
const skipped = new Set(['node_modules', 'dist', '.git', '.data', 'artifacts']);

export function readTree(root: string, folders: string[]): SourceTree {
  return treeOf(
    Object.fromEntries(
      folders
        .flatMap((folder) => listFiles(root, folder))
        .filter((path) => endings.some((ending) => path.endsWith(ending)) && !path.endsWith('.d.ts'))
        .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
    ),
  );
}

/** Paths of all files below a folder, relative to `root`; none when the folder does not exist. */
export function listFiles(root: string, folder: string): string[] {
  let entries: import('node:fs').Dirent[];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? listFiles(root, path) : [path];
  });
}

export function treeOf(texts: Record<string, string>): SourceTree {
  return new Map(Object.entries(texts).map(([path, text]) => [path, parse(path, text)]));
}

function parse(path: string, text: string): SourceFile {
  const code = path.endsWith('.vue') ? scriptsOf(text) : text;
  const script = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const imports = ts.preProcessFile(code, true, true).importedFiles.map((file) => file.fileName);
  return { path, text, script, imports };
}

function scriptsOf(component: string): string {
  return [...component.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n');
}

/** The file of the tree that an import means; undefined for packages, styles and files that do not exist. */
export function resolveImport(tree: SourceTree, from: string, specifier: string): string | undefined {
  const bare = specifier.replace(/\?.*$/, '');
  const base = bare.startsWith('.')
    ? posix.join(posix.dirname(from), bare)
    : bare.startsWith('@/')
      ? `client/${bare.slice(2)}`
      : undefined;
  if (base === undefined) return undefined;
  return [base, `${base}.ts`, `${base}.vue`, `${base}/index.ts`].find((path) => tree.has(path));
}

/** Calls `visit` for every node of the program. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

export function lineOf(file: SourceFile, node: ts.Node): number {
  return file.script.getLineAndCharacterOfPosition(node.getStart(file.script)).line + 1;
}

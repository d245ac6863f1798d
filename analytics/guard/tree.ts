/** The dump of `EXPLAIN AST` as a tree. Lines of an unknown shape are an error: nothing is skipped. */

export type Node = {
  kind: string;
  /** What follows the kind: a name, a literal. */
  value: string;
  alias: string | null;
  children: Node[];
};

// Names with brackets or quotes never come here: the canonical text is refused before.
const shape =
  /^( *)([A-Za-z][A-Za-z:]*)(?: ((?!\((?:alias|children) ).+?))?(?: \(alias ([^()]+)\))?(?: \(children (\d+)\))?$/;
const literalShape = /^( *)Literal (.+?)(?: \(alias ([^()'"]+)\))?$/;

/** @returns the root, or the line that has no known shape */
export function readTree(lines: readonly string[]): { root: Node } | { problem: string } {
  const open: { node: Node; depth: number; due: number }[] = [];
  let root: Node | null = null;
  for (const line of lines) {
    const read = readLine(line);
    if (read === null) return { problem: line };
    const { depth, due, node } = read;
    while (open.length > 0 && open.at(-1)!.depth >= depth) if (open.pop()!.due !== 0) return { problem: line };
    const parent = open.at(-1);
    if (parent === undefined) {
      if (root !== null || depth !== 0) return { problem: line };
      root = node;
    } else {
      if (depth !== parent.depth + 1 || parent.due === 0) return { problem: line };
      parent.due -= 1;
      parent.node.children.push(node);
    }
    open.push({ node, depth, due });
  }
  if (root === null || open.some(({ due }) => due !== 0)) return { problem: 'the dump ends early' };
  return { root };
}

function readLine(line: string): { depth: number; due: number; node: Node } | null {
  const literal = literalShape.exec(line);
  if (literal !== null) {
    const [, spaces = '', value = '', alias = null] = literal;
    return { depth: spaces.length, due: 0, node: { kind: 'Literal', value, alias, children: [] } };
  }
  const found = shape.exec(line);
  if (found === null) return null;
  const [, spaces = '', kind = '', value = '', alias = null, due = '0'] = found;
  return { depth: spaces.length, due: Number(due), node: { kind, value, alias, children: [] } };
}

/** The text of a literal that is a string; null for any other literal. */
export function stringOf(literal: Node): string | null {
  const quoted = /^'((?:[^'\\]|\\.)*)'$/s.exec(literal.value);
  return quoted === null ? null : quoted[1]!.replaceAll(/\\(.)/gs, '$1');
}

/** The number of a literal that is a whole one; null for any other literal. */
export function wholeOf(literal: Node): number | null {
  const number = /^U?Int\d+_(-?\d+)$/.exec(literal.value);
  return number === null ? null : Number(number[1]);
}

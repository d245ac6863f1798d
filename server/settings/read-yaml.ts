/** Reads a document of settings (YAML, of which JSON is a part) and remembers on which line each part of it stands. */
import { isNode, isPair, LineCounter, parseDocument } from 'yaml';

export type ReadYaml = { value: unknown; lineOf(path: readonly (string | number)[]): number };

/** Text -> its value, or what is wrong with it and where. Pure. Aliases are refused: a few can stand for gigabytes. */
export function readYaml(text: string): ReadYaml | { problems: { line: number; message: string }[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    return { problems: document.errors.map(({ pos, message }) => ({ line: at(pos[0]), message })) };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    return { problems: [{ line: 1, message: (error as Error).message }] };
  }
  /** The line of the deepest part that is there: what is missing stands where it should be. */
  const lineOf = (path: readonly (string | number)[]): number => {
    for (let length = path.length; length > 0; length--) {
      const inside = document.getIn(path.slice(0, length - 1), true);
      const step = path[length - 1]!;
      const items = isNode(inside) && 'items' in inside ? inside.items : [];
      const found = items.find((item, index) =>
        isPair(item) ? isNode(item.key) && String(item.key) === String(step) : String(index) === String(step),
      );
      const node = isPair(found) ? found.key : found;
      if (isNode(node) && node.range) return at(node.range[0]);
    }
    return 1;
  };
  return { value, lineOf };
}

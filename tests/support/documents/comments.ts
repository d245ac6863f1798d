/** The doc comments of a zod catalog, by type and by field: `order.placed lines[].unitPrice`. */
import ts from 'typescript';

type Comments = Map<string, string>;

/** Reads `{ 'type': z.object({ field: … }) }` and everything it is made of in the same file. */
export function readComments(fileName: string, text: string): Comments {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (ts.isIdentifier(name) && initializer) constants.set(name.text, initializer);
    }
  }
  const comments: Comments = new Map();
  for (const value of constants.values()) {
    if (!ts.isObjectLiteralExpression(value)) continue;
    for (const type of value.properties) {
      if (!ts.isPropertyAssignment(type) || !ts.isStringLiteral(type.name)) continue;
      keep(comments, type.name.text, type);
      fieldsOf(type.initializer, type.name.text, '');
    }
  }
  return comments;

  /** Follows `z.object({…})`, `.extend({…})`, `z.array(…)` and names of constants. */
  function fieldsOf(node: ts.Node, type: string, path: string): void {
    if (ts.isIdentifier(node)) {
      const constant = constants.get(node.text);
      if (constant) fieldsOf(constant, type, path);
    } else if (ts.isObjectLiteralExpression(node)) {
      for (const field of node.properties) {
        if (ts.isShorthandPropertyAssignment(field)) fieldsOf(field.name, type, `${path}${field.name.text}`);
        if (!ts.isPropertyAssignment(field)) continue;
        const name = `${path}${field.name.getText(file).replaceAll("'", '')}`;
        keep(comments, `${type} ${name}`, field);
        fieldsOf(field.initializer, type, name);
      }
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const method = node.expression.name.text;
      fieldsOf(node.expression.expression, type, path);
      const inside =
        method === 'array' ? `${path}[].` : method === 'object' || method === 'extend' ? dotted(path) : null;
      if (inside !== null && node.arguments[0]) fieldsOf(node.arguments[0], type, inside);
    }
  }

  function keep(into: Comments, name: string, node: ts.Node): void {
    const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
    const last = ranges.at(-1);
    if (last === undefined || !text.startsWith('/**', last.pos)) return;
    const words = text.slice(last.pos + 3, last.end - 2).replaceAll(/\s*\n\s*\*\s?/g, ' ');
    into.set(name, words.trim());
  }
}

const dotted = (path: string): string => (path === '' || path.endsWith('.') ? path : `${path}.`);

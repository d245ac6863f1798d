/**
 * Every small lie a rule could tell: comparisons moved by one, conditions taken for true or false, sums for differences,
 * calls left out. All of them are compiled into the code at once, each behind a question that one of them answers.
 */
import ts from 'typescript';

export type Mutant = { id: number; file: string; line: number; what: string };

/** The one question that mutated code asks: whether this lie is told now. */
const QUESTION = '__mutant';

const swapped: Partial<Record<ts.SyntaxKind, ts.BinaryOperator>> = {
  [ts.SyntaxKind.LessThanToken]: ts.SyntaxKind.LessThanEqualsToken,
  [ts.SyntaxKind.LessThanEqualsToken]: ts.SyntaxKind.LessThanToken,
  [ts.SyntaxKind.GreaterThanToken]: ts.SyntaxKind.GreaterThanEqualsToken,
  [ts.SyntaxKind.GreaterThanEqualsToken]: ts.SyntaxKind.GreaterThanToken,
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ts.SyntaxKind.ExclamationEqualsEqualsToken,
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ts.SyntaxKind.EqualsEqualsEqualsToken,
  [ts.SyntaxKind.PlusToken]: ts.SyntaxKind.MinusToken,
  [ts.SyntaxKind.MinusToken]: ts.SyntaxKind.PlusToken,
  [ts.SyntaxKind.AsteriskToken]: ts.SyntaxKind.SlashToken,
  [ts.SyntaxKind.SlashToken]: ts.SyntaxKind.AsteriskToken,
  [ts.SyntaxKind.AmpersandAmpersandToken]: ts.SyntaxKind.BarBarToken,
  [ts.SyntaxKind.BarBarToken]: ts.SyntaxKind.AmpersandAmpersandToken,
};
const otherMethod: Record<string, string> = { max: 'min', min: 'max', some: 'every', every: 'some' };

/**
 * @param nextId the id of the first mutant of this file
 * @returns JavaScript that answers as the file does while no mutant is told
 */
export function instrument(file: string, source: string, nextId: number): { code: string; mutants: Mutant[] } {
  const mutants: Mutant[] = [];
  const transformer: ts.TransformerFactory<ts.SourceFile> = (context) => (root) => {
    const { factory } = context;
    const ask = (node: ts.Node, what: string): ts.Expression => {
      const id = nextId + mutants.length;
      const line = root.getLineAndCharacterOfPosition(node.getStart(root)).line + 1;
      mutants.push({ id, file, line, what });
      return factory.createCallExpression(factory.createIdentifier(QUESTION), undefined, [
        factory.createNumericLiteral(id),
      ]);
    };
    const either = (node: ts.Node, what: string, lie: ts.Expression, truth: ts.Expression): ts.Expression =>
      factory.createParenthesizedExpression(
        factory.createConditionalExpression(ask(node, what), undefined, lie, undefined, truth),
      );

    const condition = (node: ts.Expression, changed: ts.Expression): ts.Expression =>
      either(
        node,
        `${short(node)} taken for true`,
        factory.createTrue(),
        either(node, `${short(node)} taken for false`, factory.createFalse(), changed),
      );

    /** Top-level code runs once, before any mutant is chosen. */
    let depth = 0;
    const visit = (node: ts.Node): ts.Node => {
      if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return node;
      const isFunction = ts.isFunctionLike(node);
      if (isFunction) depth += 1;
      const changed = ts.visitEachChild(node, visit, context);
      if (isFunction) depth -= 1;
      return depth === 0 ? changed : lieAbout(node, changed);
    };

    const lieAbout = (node: ts.Node, changed: ts.Node): ts.Node => {
      if (ts.isBinaryExpression(node) && ts.isBinaryExpression(changed)) {
        const operator = swapped[node.operatorToken.kind];
        if (operator === undefined) return changed;
        const lie = factory.createBinaryExpression(changed.left, operator, changed.right);
        return either(node, `${short(node)} with ${ts.tokenToString(operator)}`, lie, changed);
      }
      if (
        ts.isPrefixUnaryExpression(node) &&
        ts.isPrefixUnaryExpression(changed) &&
        node.operator === ts.SyntaxKind.ExclamationToken
      )
        return either(node, `${short(node)} without !`, changed.operand, changed);
      if (ts.isIfStatement(node) && ts.isIfStatement(changed))
        return factory.updateIfStatement(
          changed,
          condition(node.expression, changed.expression),
          changed.thenStatement,
          changed.elseStatement,
        );
      if (ts.isConditionalExpression(node) && ts.isConditionalExpression(changed))
        return factory.updateConditionalExpression(
          changed,
          condition(node.condition, changed.condition),
          changed.questionToken,
          changed.whenTrue,
          changed.colonToken,
          changed.whenFalse,
        );
      if (ts.isExpressionStatement(node) && ts.isExpressionStatement(changed) && ts.isCallExpression(node.expression))
        // In a block of its own, or an `else` behind it would become its own.
        return factory.createBlock([
          factory.createIfStatement(factory.createLogicalNot(ask(node, `${short(node)} left out`)), changed),
        ]);
      if (
        ts.isCallExpression(node) &&
        ts.isCallExpression(changed) &&
        ts.isPropertyAccessExpression(changed.expression)
      ) {
        const name = otherMethod[changed.expression.name.text];
        if (name === undefined) return changed;
        const other = factory.createPropertyAccessExpression(changed.expression.expression, name);
        return either(
          node,
          `${short(node)} with ${name}`,
          factory.createCallExpression(other, undefined, changed.arguments),
          changed,
        );
      }
      if (ts.isNumericLiteral(node) && isValue(node))
        return either(
          node,
          `${node.text} one more`,
          factory.createNumericLiteral(Number(node.text.replaceAll('_', '')) + 1),
          node,
        );
      return changed;
    };
    const short = (node: ts.Node) => node.getText(root).replace(/\s+/g, ' ').slice(0, 60);
    return ts.visitNode(root, visit) as ts.SourceFile;
  };
  const { outputText } = ts.transpileModule(source, {
    fileName: file,
    compilerOptions: {
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.ESNext,
      isolatedModules: true,
      verbatimModuleSyntax: true,
    },
    transformers: { before: [transformer] },
  });
  return { code: outputText, mutants };
}

/** Not a name in an object, nor a part of a type. */
const isValue = (node: ts.NumericLiteral): boolean =>
  !ts.isPropertyAssignment(node.parent) || node.parent.initializer === node;

/** Functions whose arguments decide what they cost or do: how much of them a question may ask for. */
import type { Finding } from './faults.ts';
import { takesLambda } from './functions.ts';
import { type Node, stringOf, wholeOf } from './tree.ts';
import { isAllowedType } from './types.ts';

type WholeNumber = { name: string; place: number; max: number; what: string; optional?: true };

/** Functions with the place of an argument that must be a whole number written out, and the most it may be. */
export const wholeNumbers: readonly WholeNumber[] = [
  { name: 'repeat', place: 1, max: 10_000, what: 'how often' },
  { name: 'space', place: 0, max: 10_000, what: 'how many' },
  { name: 'leftPad', place: 1, max: 10_000, what: 'how long' },
  { name: 'lpad', place: 1, max: 10_000, what: 'how long' },
  { name: 'rightPad', place: 1, max: 10_000, what: 'how long' },
  { name: 'rpad', place: 1, max: 10_000, what: 'how long' },
  { name: 'leftPadUTF8', place: 1, max: 10_000, what: 'how long' },
  { name: 'rightPadUTF8', place: 1, max: 10_000, what: 'how long' },
  { name: 'arrayResize', place: 1, max: 10_000, what: 'how long' },
  { name: 'arrayWithConstant', place: 0, max: 10_000, what: 'how long' },
  { name: 'toFixedString', place: 1, max: 10_000, what: 'how long' },
  { name: 'bar', place: 3, max: 1_000, what: 'how wide', optional: true },
  // A week of minutes: the work grows with it, and nothing can end it half-way.
  { name: 'seriesDecomposeSTL', place: 1, max: 10_080, what: 'how long a season is' },
];
const wholeNumberOf = new Map(wholeNumbers.map((limit) => [limit.name.toLowerCase(), limit]));

/** Their last argument names a type. */
const typed = new Set([
  'cast',
  'accuratecast',
  'accuratecastornull',
  'accuratecastordefault',
  'jsonextract',
  'jsonextractcaseinsensitive',
  'jsonextractkeysandvalues',
  'jsonextractkeysandvaluescaseinsensitive',
]);

/** Compare every element with every other: one of the lists must be short, that is, written out. */
const quadratic = new Set(['hasall', 'hasany']);
/** The function takes more than the type after the value: `accurateCastOrDefault(x, 'T', default)`. */
const TYPE_OF_DEFAULT = 'accuratecastordefault';

const membership = /^(not|global|globalNot)?(null)?in$/i;

export const NUMBERS_MAX = 10_000_000;

/** `numbers(count)`, `numbers(first, count)`, `numbers(first, count, step)`. */
export function numbersFindings(node: Node): Finding[] {
  const list = node.children.find(({ kind }) => kind === 'ExpressionList')?.children ?? [];
  const given = list.map(wholeOf);
  const fine = given.length > 0 && given.every((number) => number !== null && number >= 0 && number <= NUMBERS_MAX);
  if (fine) return [];
  const what = `numbers must say how many by numbers of at most ${NUMBERS_MAX.toLocaleString('en')}`;
  return [{ what, remedy: 'write the numbers themselves, not a column or a formula', at: 'numbers' }];
}

export function argumentFindings(node: Node, tables: ReadonlySet<string>): Finding[] {
  const name = node.value;
  const lower = name.toLowerCase();
  const list = node.children.find(({ kind }) => kind === 'ExpressionList')?.children ?? [];
  return [
    ...wholeNumberFindings(name, list),
    ...(typed.has(lower) ? typeFindings(name, lower === TYPE_OF_DEFAULT ? list[1] : list.at(-1)) : []),
    ...(quadratic.has(lower) && !list.some(isWrittenList) ? [quadraticFinding(name)] : []),
    ...(takesLambda(name) ? lambdaFindings(name, list) : []),
    ...(membership.test(name) ? membershipFindings(list[1], tables) : []),
  ];
}

function wholeNumberFindings(name: string, list: Node[]): Finding[] {
  const limit = wholeNumberOf.get(name.toLowerCase());
  if (limit === undefined) return [];
  const argument = list[limit.place];
  if (argument === undefined && limit.optional === true) return [];
  const number = argument === undefined ? null : wholeOf(argument);
  if (number !== null && number >= 0 && number <= limit.max) return [];
  return [
    {
      what: `${name} must say ${limit.what} by a number of at most ${limit.max.toLocaleString('en')}`,
      remedy: 'write the number itself, not a column or a formula',
      at: name,
    },
  ];
}

function typeFindings(name: string, argument: Node | undefined): Finding[] {
  const type = argument === undefined ? null : stringOf(argument);
  if (type !== null && isAllowedType(type)) return [];
  const what = type === null ? `${name} must name its type by a text` : `the type ${type} is not available`;
  return [{ what, remedy: 'use a plain type such as Int64, Decimal(18, 2), String or Array(String)', at: name }];
}

const isWrittenList = ({ kind, value }: Node): boolean => kind === 'Literal' && value.startsWith('Array_');

const quadraticFinding = (name: string): Finding => ({
  what: `${name} must have one list that is written out`,
  remedy: "such as hasAny(list, ['a', 'b']); for two columns use length(arrayIntersect(a, b))",
  at: name,
});

// The engine takes the bare name of any function as well: `arrayMap(file, …)` would run it.
function lambdaFindings(name: string, list: Node[]): Finding[] {
  if (list.length < 2 || isLambda(list[0]!)) return [];
  const named = list.find((argument) => argument.kind === 'Identifier');
  const inPlaceOfLambda = list[0]!.kind === 'Identifier' || list[0]!.kind === 'Function';
  if (!inPlaceOfLambda || named === undefined) return [];
  return [
    { what: `${name} needs a lambda first`, remedy: `write \`x -> …\`, such as ${name}(x -> x + 1, list)`, at: name },
  ];
}

const isLambda = ({ kind, value }: Node): boolean => kind === 'Function' && value === 'lambda';

function membershipFindings(right: Node | undefined, tables: ReadonlySet<string>): Finding[] {
  if (right === undefined || right.kind !== 'Identifier') return [];
  if (tables.has(right.value)) return [];
  return [
    {
      what: `IN \`${right.value}\` names no view`,
      remedy: `write IN (SELECT …), IN ('a', 'b'), or has(${right.value}, …) for a list`,
      at: right.value,
    },
  ];
}

/** Which functions a question may use. What nobody has allowed is refused. */
import {
  aggregateFunctions,
  allowedFunctions,
  caseInsensitiveFunctions,
  higherOrderFunctions,
} from './allowed-functions.ts';
import { refusedFunctions } from './refused-functions.ts';

export const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

const names = Object.values(allowedFunctions).flatMap(wordsOf);
const allowed = new Set(names);
const inAnyCase = new Set(wordsOf(caseInsensitiveFunctions).map((name) => name.toLowerCase()));
const aggregates = new Set(wordsOf(aggregateFunctions));
const higherOrder = new Set(wordsOf(higherOrderFunctions).map((name) => name.toLowerCase()));
const refused = new Set(Object.values(refusedFunctions).flatMap(wordsOf));
const refusedInAnyCase = new Set([...refused].map((name) => name.toLowerCase()));

/** Parts of the language that the engine's list of functions leaves out. */
const language = new Set(['lambda', 'untuple', 'grouping', 'exists']);
/** Resample makes as many states as a number says; State, Merge and SimpleState make and read the inside of states. */
const combinators = ['OrDefault', 'OrNull', 'Distinct', 'ForEach', 'ArgMin', 'ArgMax', 'Array', 'Map', 'If'];
/** The one state the views hold. */
const merges = new Set(['uniqCombined64Merge', 'uniqCombined64MergeIf']);
const COMBINATORS_MAX = 3;

export const allowedFunctionNames: readonly string[] = [...names, ...merges].sort();

export type FunctionVerdict = 'allowed' | 'refused' | 'unknown';

export function judgeFunction(name: string): FunctionVerdict {
  if (isAllowed(name) || language.has(name) || merges.has(name) || isCombined(name, COMBINATORS_MAX)) return 'allowed';
  return refused.has(name) || refusedInAnyCase.has(name.toLowerCase()) || /(Resample|State|Merge)/.test(name)
    ? 'refused'
    : 'unknown';
}

const isAllowed = (name: string): boolean => allowed.has(name) || inAnyCase.has(name.toLowerCase());

function isCombined(name: string, left: number): boolean {
  return combinators.some((suffix) => {
    if (!name.endsWith(suffix)) return false;
    const base = name.slice(0, -suffix.length);
    return (
      aggregates.has(base) ||
      (inAnyCase.has(base.toLowerCase()) && isAggregateInAnyCase(base)) ||
      (left > 1 && isCombined(base, left - 1))
    );
  });
}

const aggregatesInLowerCase = new Set([...aggregates].map((name) => name.toLowerCase()));
const isAggregateInAnyCase = (name: string): boolean => aggregatesInLowerCase.has(name.toLowerCase());

/** Takes a function as its first argument: the engine would take the bare name of one as well as a lambda. */
export const takesLambda = (name: string): boolean => higherOrder.has(name.toLowerCase());

/** The name of a function that must not run: the engine takes bare names of functions in places where a column could stand. */
export const isNameOfRefused = (name: string): boolean => refusedInAnyCase.has(name.toLowerCase());

/**
 * Inventory confidence: the probability that what lies at a node is within tolerance of the record. A logistic model: the
 * terms below add up to the logarithm of the odds that the record is right. Its weights come from records whose truth is
 * known (see docs/accuracy.md); how often a company's own records are right is learned from its counts, as a shift.
 */
import type { RecordFacts } from '../operations/record-facts.ts';

/** What one property of a record adds to the log odds per unit of its value. */
export const confidenceTerms = [
  { term: 'base', words: 'a record counted just now', weight: 4.3, value: () => 1 },
  { term: 'time', words: 'days since the last count', weight: -0.52, value: ({ days }) => Math.log1p(days) },
  { term: 'movements', words: 'units sold since then', weight: -0.64, value: ({ units }) => Math.log1p(units) },
  {
    term: 'pick-failures',
    words: 'a picker found less since then',
    weight: -4.4,
    value: ({ pickFailures }) => Number(pickFailures > 0),
  },
  { term: 'negative', words: 'below zero since then', weight: -2.1, value: ({ negative }) => Number(negative) },
  { term: 'drift', words: 'a system disagrees', weight: -2.8, value: ({ drifting }) => Number(drifting) },
  // By hand: the systems of the simulated company repeat their own record, so that agreement is worth nothing there.
  { term: 'agreement', words: 'a system agreed', weight: 0.05, value: ({ agreed }) => Number(agreed) },
  {
    term: 'stopped-selling',
    words: 'units it should have sold since its last sale, beyond chance',
    weight: -0.1,
    value: ({ missed }) => Math.max(0, Math.min(MISSED_MAX, missed) - MISSED_BY_CHANCE),
  },
  {
    term: 'last-count-wrong',
    words: 'the last count found it wrong',
    weight: -0.46,
    value: ({ lastCountWrong }) => Number(lastCountWrong),
  },
  {
    term: 'tolerance',
    words: 'units it may be off and still be right',
    weight: 0.62,
    value: ({ tolerance }) => Math.log1p(tolerance),
  },
] as const satisfies readonly Term[];

type Term = { term: string; words: string; weight: number; value: (facts: RecordFacts) => number };
/** So many may stay away by chance, and more than so many say no more. */
const MISSED_BY_CHANCE = 2;
const MISSED_MAX = 10;

export type ConfidencePart = { term: string; words: string; value: number; weight: number; logOdds: number };
export type Confidence = { confidence: number; logOdds: number; parts: ConfidencePart[] };

export const logistic = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** @param shift what this company's own counts add to the log odds; see `shiftOf` */
export function logOddsOf(facts: RecordFacts, shift = 0): number {
  let sum = shift;
  for (const { weight, value } of confidenceTerms) sum += weight * value(facts);
  return sum;
}

/** The probability that a record is right. */
export const confidenceOf = (facts: RecordFacts, shift = 0): number => logistic(logOddsOf(facts, shift));

/** The same with the parts it is made of, which add up to the log odds. */
export function explainConfidence(facts: RecordFacts, shift = 0): Confidence {
  const parts: ConfidencePart[] = (confidenceTerms as readonly Term[]).map(({ term, words, weight, value }) => {
    const amount = value(facts);
    return { term, words, value: amount, weight, logOdds: weight * amount };
  });
  parts.push({ term: 'company', words: 'how right its counted records are', value: 1, weight: shift, logOdds: shift });
  const logOdds = parts.reduce((sum, part) => sum + part.logOdds, 0);
  return { confidence: logistic(logOdds), logOdds, parts };
}

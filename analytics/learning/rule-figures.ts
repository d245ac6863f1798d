/** How one kind of exception has done. Pure; times are epoch ms, money minor units. */
import type { Labelled } from './episode.ts';
import { claims } from './outcomes.ts';
import type { Recall } from './recall.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const SAVED_FORMULA =
  'what was at risk when it was first told, less what still was when it came true (nothing, when it did not); of exceptions that are over, whose outcome is known, and on which somebody worked';

export type RuleFigures = {
  kind: string;
  told: number;
  open: number;
  perDay: number;
  medianMinutes: number | null;
  rated: { useful: number; notUseful: number; dismissed: number; precision: number | null };
  outcomes: {
    cameTrue: number;
    didNot: number;
    prevented: number;
    unknown: number;
    precision: number | null;
    question: string | null;
  };
  recall: {
    question: string;
    happened: number;
    told: number;
    share: number | null;
    medianLeadMinutes: number | null;
  } | null;
  money: { exceptions: number; atRiskWhenTold: number; lost: number; saved: number };
};

export const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** @param all exceptions of this kind that opened within so many days */
export function figuresOf(kind: string, all: readonly Labelled[], recall: Recall | null, days: number): RuleFigures {
  const over = all.filter(({ closedAt }) => closedAt !== null);
  const byPeople = all.filter(({ labelledBy }) => labelledBy === 'rating' || labelledBy === 'dismissal');
  const useful = byPeople.filter(({ label }) => label === 'useful').length;
  const notUseful = byPeople.length - useful;
  const cameTrue = all.filter(({ outcome }) => outcome.outcome === 'came-true').length;
  const notTrue = all.filter(({ outcome }) => outcome.outcome === 'did-not');
  const prevented = notTrue.filter(({ worked }) => worked).length;
  const didNot = notTrue.length - prevented;
  return {
    kind,
    told: all.length,
    open: all.length - over.length,
    perDay: all.length / days,
    medianMinutes: median(over.map(({ openedAt, closedAt }) => (closedAt! - openedAt) / MINUTE_MS)),
    rated: {
      useful,
      notUseful,
      dismissed: byPeople.filter(({ labelledBy }) => labelledBy === 'dismissal').length,
      precision: shareOf(useful, byPeople.length),
    },
    outcomes: {
      cameTrue,
      didNot,
      prevented,
      unknown: all.length - cameTrue - notTrue.length,
      precision: shareOf(cameTrue, cameTrue + didNot),
      question: claims[kind]?.question ?? null,
    },
    recall: recall && {
      question: recall.question,
      happened: recall.happened,
      told: recall.told,
      share: shareOf(recall.told, recall.happened),
      medianLeadMinutes: median(recall.leadMs.map((ms) => ms / MINUTE_MS)),
    },
    money: savedBy(over),
  };
}

function savedBy(over: readonly Labelled[]): RuleFigures['money'] {
  const counted = over.filter(({ worked, outcome }) => worked && outcome.outcome !== 'unknown');
  const atRiskWhenTold = counted.reduce((sum, { moneyTold }) => sum + moneyTold, 0);
  const lost = counted.reduce((sum, one) => sum + (one.outcome.outcome === 'came-true' ? one.moneyAtHarm : 0), 0);
  return { exceptions: counted.length, atRiskWhenTold, lost, saved: atRiskWhenTold - lost };
}

export type Totals = {
  told: number;
  perDay: number;
  falseAlarms: number;
  falseAlarmsPerDay: number;
  ratedPrecision: number | null;
  outcomePrecision: number | null;
  saved: number;
};

export function totalsOf(all: readonly Labelled[], rules: readonly RuleFigures[], days: number): Totals {
  const sum = (value: (rule: RuleFigures) => number) => rules.reduce((total, rule) => total + value(rule), 0);
  const falseAlarms = all.filter(({ label }) => label === 'not-useful').length;
  return {
    told: all.length,
    perDay: all.length / days,
    falseAlarms,
    falseAlarmsPerDay: falseAlarms / days,
    ratedPrecision: shareOf(
      sum(({ rated }) => rated.useful),
      sum(({ rated }) => rated.useful + rated.notUseful),
    ),
    outcomePrecision: shareOf(
      sum(({ outcomes }) => outcomes.cameTrue),
      sum(({ outcomes }) => outcomes.cameTrue + outcomes.didNot),
    ),
    saved: sum(({ money }) => money.saved),
  };
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** @returns the number of days, broken ones counting as such */
export const daysBetween = (from: number, to: number): number => Math.max((to - from) / DAY_MS, 1 / 24);

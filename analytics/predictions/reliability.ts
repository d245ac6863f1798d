/** How often what was said came true: scores and bins of settled predictions. Pure. */

/** What was said, what had been worked out before it was corrected, and what came of it. */
export type Settled = {
  probability: number;
  uncorrected: number;
  happened: boolean;
  /** When it was said and up to when it counted, epoch ms. */
  at: number;
  horizon: number;
  /** Its node, its supplier: what habit is told of. */
  among: string;
};

export const BINS = 10;
/** 95 % of a normal distribution lie within so many deviations. */
const Z = 1.959964;
/** What is usual is drawn towards one half as if so many had been seen: the first ones have no habit to go by. */
const HABIT_PRIOR = 2;

export type Bin = {
  from: number;
  to: number;
  count: number;
  said: number | null;
  happened: number | null;
  low: number | null;
  high: number | null;
};

export type Figures = {
  brier: number;
  brierUncorrected: number;
  baseRate: number;
  brierBaseRate: number;
  brierClimatology: number;
  skill: number;
  off: number;
  apart: number;
  calibrationError: number;
};

/** Sums of what fell into one tenth of what was said. */
export type Tenth = { count: number; said: number; happened: number };
/** All that scores are made of, so that a million predictions need not be read to show ten bins. */
export type Sums = {
  tenths: Tenth[];
  /** Sums of squared differences. */
  squares: number;
  squaresUncorrected: number;
  squaresClimatology: number;
};

export const tenthOf = (probability: number): number => Math.min(BINS - 1, Math.floor(probability * BINS));

/** What had happened among the same before, by those settled by then: what somebody says who only knows the habit. */
export function climatology(rows: readonly Settled[]): number[] {
  const habits = new Map<string, { settled: number; happened: number }>();
  const waiting = rows.map((row, index) => ({ ...row, index })).sort((a, b) => a.horizon - b.horizon);
  const asked = rows.map((row, index) => ({ ...row, index })).sort((a, b) => a.at - b.at);
  const answers = new Array<number>(rows.length);
  let next = 0;
  let [settled, happened] = [0, 0];
  for (const { at, among, index } of asked) {
    for (; next < waiting.length && waiting[next]!.horizon <= at; next++) {
      const one = waiting[next]!;
      const habit = habits.get(one.among) ?? { settled: 0, happened: 0 };
      habits.set(one.among, { settled: habit.settled + 1, happened: habit.happened + Number(one.happened) });
      settled += 1;
      happened += Number(one.happened);
    }
    const all = (happened + HABIT_PRIOR / 2) / (settled + HABIT_PRIOR);
    const own = habits.get(among) ?? { settled: 0, happened: 0 };
    answers[index] = (own.happened + all * HABIT_PRIOR) / (own.settled + HABIT_PRIOR);
  }
  return answers;
}

export function sumsOf(rows: readonly Settled[]): Sums {
  const sums: Sums = { tenths: noTenths(), squares: 0, squaresUncorrected: 0, squaresClimatology: 0 };
  const habit = climatology(rows);
  for (const [index, { probability, uncorrected, happened }] of rows.entries()) {
    const outcome = Number(happened);
    const tenth = sums.tenths[tenthOf(probability)]!;
    tenth.count += 1;
    tenth.said += probability;
    tenth.happened += outcome;
    sums.squares += (probability - outcome) ** 2;
    sums.squaresUncorrected += (uncorrected - outcome) ** 2;
    sums.squaresClimatology += (habit[index]! - outcome) ** 2;
  }
  return sums;
}

export const noTenths = (): Tenth[] => Array.from({ length: BINS }, () => ({ count: 0, said: 0, happened: 0 }));

/** Null when nothing is settled. */
export function figuresOf({ tenths, squares, squaresUncorrected, squaresClimatology }: Sums): Figures | null {
  const count = sum(tenths, (tenth) => tenth.count);
  if (count === 0) return null;
  const baseRate = sum(tenths, (tenth) => tenth.happened) / count;
  const [brier, brierClimatology] = [squares / count, squaresClimatology / count];
  const filled = tenths.filter((tenth) => tenth.count > 0);
  const offBy = (tenth: Tenth) => (tenth.said - tenth.happened) / tenth.count;
  return {
    brier,
    brierUncorrected: squaresUncorrected / count,
    baseRate,
    brierBaseRate: baseRate * (1 - baseRate),
    brierClimatology,
    skill: brierClimatology === 0 ? (brier === 0 ? 0 : -1) : 1 - brier / brierClimatology,
    off: sum(filled, (tenth) => tenth.count * offBy(tenth) ** 2) / count,
    apart: sum(filled, (tenth) => tenth.count * (tenth.happened / tenth.count - baseRate) ** 2) / count,
    calibrationError: sum(filled, (tenth) => tenth.count * Math.abs(offBy(tenth))) / count,
  };
}

export function binsOf(tenths: readonly Tenth[]): Bin[] {
  return tenths.map(({ count, said, happened }, index) => {
    const range = { from: index / BINS, to: (index + 1) / BINS, count };
    if (count === 0) return { ...range, said: null, happened: null, low: null, high: null };
    return { ...range, said: said / count, happened: happened / count, ...wilson(happened, count) };
  });
}

/** Where a share lies with 95 % confidence, given so many of so many (Wilson 1927). */
export function wilson(happened: number, count: number): { low: number; high: number } {
  const share = happened / count;
  const middle = (share + Z ** 2 / (2 * count)) / (1 + Z ** 2 / count);
  const half = (Z * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2))) / (1 + Z ** 2 / count);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

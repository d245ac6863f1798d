/** Fits the weights of inventory confidence to some simulated companies and shows how they do on others; some minutes. */
import { defaultPolicy } from '../../streams/operations/policy.ts';
import { recordFacts } from '../../streams/operations/record-facts.ts';
import { shiftOf } from '../../streams/policies/calibration.ts';
import { confidenceTerms, logistic } from '../../streams/policies/confidence.ts';
import { countValue } from '../../streams/policies/count-list.ts';
import { type Observed, runAccuracyCompany, usualWear } from '../support/accuracy-company.ts';

const FIT_SEEDS = [1, 2, 3];
/** Looked at for nothing else: neither the weights nor the companies were changed after seeing them. */
const HELD_OUT_SEEDS = [401, 402, 403];
const DAYS = 24;
const FROM_DAY = 4;
const ORDERS_PER_DAY = 1_500;
/** The company the weights come from, and others that go wrong in another way. */
const regimes = [
  { name: 'usual wear', wear: usualWear, ordersPerDay: ORDERS_PER_DAY, lists: true },
  {
    name: 'quiet company, shelves go wrong by themselves',
    wear: { ...usualWear, errorsPerThousandOrders: 0, lossesPerThousand: 12 },
    ordersPerDay: 600,
    lists: false,
  },
] as const;
/** Weights the simulated company cannot teach: its systems repeat their own record and never look at a shelf. */
const byHand: ReadonlySet<string> = new Set(['agreement']);
/** Keeps weights of terms that hardly ever occur from running away. */
const RIDGE = 0.5;

/** `shift` is what the company's counts had taught by then. */
type Row = { x: number[]; right: boolean; store: boolean; shift: number };

/** What counting the first records of an order would have found, summed over all looks. */
const LISTED = [50, 200] as const;
const found = new Map<string, number[]>();
const off = { wrong: 0, units: 0, onHand: 0, onHandUnits: 0, onHand2: 0 };
const policy = defaultPolicy('accuracy');

function rowOf({ stock, item, node, truth, now }: Observed): Row {
  const facts = recordFacts(stock, { item, node }, policy, now);
  return {
    x: confidenceTerms.map(({ value }) => value(facts)),
    right: Math.abs(truth - facts.onHand) <= facts.tolerance,
    store: node.kind === 'store',
    shift: 0,
  };
}

function rowsOf(seed: number): Row[] {
  const rows: Row[] = [];
  const options = { seed, days: DAYS, fromDay: FROM_DAY, ordersPerDay: ORDERS_PER_DAY, wear: usualWear };
  runAccuracyCompany(options, (records) => {
    for (const record of records) rows.push(rowOf(record));
  });
  return rows;
}

/** Newton's method for the logistic likelihood with a ridge. */
function weightsFor(rows: Row[]): number[] {
  const size = confidenceTerms.length;
  let weights: number[] = confidenceTerms.map(({ term, weight }) => (byHand.has(term) ? weight : 0));
  for (let round = 0; round < 30; round++) {
    const gradient = weights.map((weight, index) => (index === 0 ? 0 : -RIDGE * weight));
    const hessian: number[][] = weights.map((_, i) =>
      weights.map((_, j): number => (i === j ? (i === 0 ? 1e-9 : RIDGE) : 0)),
    );
    for (const { x, right } of rows) {
      const p = logistic(dot(weights, x));
      const error = Number(right) - p;
      for (let i = 0; i < size; i++) {
        if (x[i] === 0) continue;
        gradient[i]! += error * x[i]!;
        for (let j = 0; j < size; j++) hessian[i]![j]! += p * (1 - p) * x[i]! * x[j]!;
      }
    }
    for (const [index, { term }] of confidenceTerms.entries()) {
      if (!byHand.has(term)) continue;
      gradient[index] = 0;
      for (let other = 0; other < size; other++)
        hessian[index]![other] = hessian[other]![index] = Number(index === other);
    }
    const step = solve(hessian, gradient);
    weights = weights.map((weight, index) => weight + step[index]!);
    if (Math.max(...step.map(Math.abs)) < 1e-6) break;
  }
  return weights;
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

/** Gauss with pivots; destroys its arguments. */
function solve(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row;
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    [right[column], right[pivot]] = [right[pivot]!, right[column]!];
    for (let row = column + 1; row < size; row++) {
      const factor = matrix[row]![column]! / matrix[column]![column]!;
      for (let at = column; at < size; at++) matrix[row]![at]! -= factor * matrix[column]![at]!;
      right[row]! -= factor * right[column]!;
    }
  }
  const result = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row--) {
    let rest = right[row]!;
    for (let at = row + 1; at < size; at++) rest -= matrix[row]![at]! * result[at]!;
    result[row] = rest / matrix[row]![row]!;
  }
  return result;
}

function report(name: string, rows: Row[], weights: readonly number[], shifted = false): void {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, right: 0, said: 0 }));
  for (const { x, right, shift } of rows) {
    const p = logistic(dot(weights, x) + (shifted ? shift : 0));
    const bin = bins[Math.min(9, Math.floor(p * 10))]!;
    bin.count += 1;
    bin.right += Number(right);
    bin.said += p;
  }
  console.log(`\n${name}: ${rows.length} records, ${rows.filter((row) => row.right).length} right`);
  console.log('said        records  said   right');
  for (const [index, { count, right, said }] of bins.entries()) {
    if (count === 0) continue;
    const range = `${(index / 10).toFixed(1)}..${((index + 1) / 10).toFixed(1)}`;
    console.log(
      `${range.padEnd(10)} ${String(count).padStart(8)}  ${(said / count).toFixed(3)}  ${(right / count).toFixed(3)}`,
    );
  }
}

function measureLists(records: Observed[], rows: Row[]): void {
  const judged = records.map((record, index) => {
    const facts = recordFacts(record.stock, record, policy, record.now);
    const logOdds = dot(inUse, rows[index]!.x);
    const { unitCost = 0, unitPrice } = record.item;
    const difference = Math.abs(record.truth - facts.onHand);
    if (difference > facts.tolerance) {
      off.wrong += 1;
      off.units += difference;
      off.onHand += facts.onHand;
      off.onHandUnits += facts.onHand * difference;
      off.onHand2 += facts.onHand ** 2;
    }
    const { value, chance } = countValue(facts, logOdds, unitCost, unitPrice);
    return {
      wrong: difference > facts.tolerance,
      worth: difference * unitCost,
      value,
      chance,
      units: facts.units,
      cost: facts.onHand * unitCost,
    };
  });
  const all = judged.filter(({ wrong }) => wrong);
  const orders = { value: 'value', chance: 'chance', fast: 'units', dear: 'cost' } as const;
  for (const [name, key] of Object.entries(orders)) {
    const sorted = [...judged].sort((a, b) => b[key] - a[key]);
    const sums = found.get(name) ?? LISTED.flatMap(() => [0, 0]);
    for (const [index, size] of LISTED.entries()) {
      const top = sorted.slice(0, size).filter(({ wrong }) => wrong);
      sums[index * 2]! += top.length;
      sums[index * 2 + 1]! += top.reduce((sum, { worth }) => sum + worth, 0);
    }
    found.set(name, sums);
  }
  const random = found.get('random') ?? LISTED.flatMap(() => [0, 0]);
  for (const [index, size] of LISTED.entries()) {
    random[index * 2]! += (all.length * size) / judged.length;
    random[index * 2 + 1]! += (all.reduce((sum, { worth }) => sum + worth, 0) * size) / judged.length;
  }
  found.set('random', random);
}

const rows = FIT_SEEDS.flatMap(rowsOf);
const fitted = weightsFor(rows);
console.log('term                 fitted  in use  mean value');
for (const [index, { term, weight }] of confidenceTerms.entries()) {
  const mean = rows.reduce((sum, row) => sum + row.x[index]!, 0) / rows.length;
  console.log(
    `${term.padEnd(18)} ${fitted[index]!.toFixed(3).padStart(8)} ${weight.toFixed(2).padStart(7)} ${mean.toFixed(4)}`,
  );
}
const inUse = confidenceTerms.map(({ weight }) => weight);
report('fitted, seeds it was fitted on', rows, fitted);
let heldOut: Row[] = [];
for (const { name, wear, ordersPerDay, lists } of regimes) {
  const own = HELD_OUT_SEEDS.flatMap((seed) => {
    const rows: Row[] = [];
    runAccuracyCompany({ seed, days: DAYS, fromDay: FROM_DAY, ordersPerDay, wear }, (records, _day, calibration) => {
      const shift = calibration === undefined ? 0 : shiftOf(calibration);
      const looked = records.map((record) => ({ ...rowOf(record), shift }));
      rows.push(...looked);
      if (lists) measureLists(records, looked);
    });
    return rows;
  });
  if (lists) report(`${name}, fitted weights, held out`, own, fitted);
  report(`${name}, weights in use, held out`, own, inUse);
  report(`${name}, weights in use with what its counts had taught, held out`, own, inUse, true);
  if (lists) heldOut = own;
}

console.log('\nfound by counting the first 50 and 200 of each day, held out: records, worth at cost');
for (const [name, sums] of found) console.log(name.padEnd(8), sums.map((sum) => Math.round(sum)).join('  '));
const { wrong, units, onHand, onHandUnits, onHand2 } = off;
const slope = (onHandUnits - (onHand * units) / wrong) / (onHand2 - onHand ** 2 / wrong);
console.log(
  `wrong records are off by ${(units / wrong).toFixed(2)} units at ${(onHand / wrong).toFixed(1)} on hand; share ${slope.toFixed(3)}, rest ${((units - slope * onHand) / wrong).toFixed(2)}`,
);
const store = [...rows, ...heldOut].filter((row) => row.store);
const quiet = confidenceTerms.findIndex(({ term }) => term === 'stopped-selling');
for (const [low, high] of [
  [0, 0.001],
  [0.001, 2],
  [2, 9],
] as const) {
  const some = store.filter(({ x }) => x[quiet]! >= low && x[quiet]! < high);
  console.log(
    `store, quiet ${low}..${high}: ${some.length}, right ${(some.filter(({ right }) => right).length / some.length).toFixed(3)}`,
  );
}

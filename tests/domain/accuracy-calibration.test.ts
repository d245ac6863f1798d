/** Confidence means what it says, and the count list finds more: both on companies whose truth is known and that nobody has fitted. */
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../streams/operations/policy.ts';
import { recordFacts } from '../../streams/operations/record-facts.ts';
import { noCalibration, shiftOf, withCount } from '../../streams/policies/calibration.ts';
import { confidenceTerms, explainConfidence, logistic, logOddsOf } from '../../streams/policies/confidence.ts';
import { countValue } from '../../streams/policies/count-list.ts';
import { runAccuracyCompany, usualWear } from '../support/accuracy-company.ts';

const policy = defaultPolicy('accuracy');
/** The weights were fitted to seeds 1 to 3. One small company differs from another by chance, so three are taken together. */
const HELD_OUT_SEEDS = [311, 321, 322];
const WORN_OUT_SEED = 312;
/** Looks of one record on different days are not independent: a tenth needs many of them to say something. */
const LOOKS_MIN = 1_000;
const LISTED = 50;

/** `said` is what the product shows: with what the company's own counts had taught by then. */
type Judged = { logOdds: number; said: number; right: boolean; worth: number; value: number };

function judgedDays(seed: number, length: number, wear = usualWear): { days: Judged[][]; learnt: number } {
  const days: Judged[][] = [];
  let learnt = 0;
  runAccuracyCompany({ seed, days: length, fromDay: 3, ordersPerDay: 600, wear }, (records, _day, calibration) => {
    learnt = calibration === undefined ? 0 : shiftOf(calibration);
    days.push(
      records.map(({ stock, item, node, truth, now }) => {
        const facts = recordFacts(stock, { item, node }, policy, now);
        const logOdds = logOddsOf(facts);
        const difference = Math.abs(truth - facts.onHand);
        const { unitCost = 0, unitPrice } = item;
        const { value } = countValue(facts, logOdds, unitCost, unitPrice);
        return {
          logOdds,
          said: logistic(logOdds + learnt),
          right: difference <= facts.tolerance,
          worth: difference * unitCost,
          value,
        };
      }),
    );
  });
  return { days, learnt };
}

/** What was said and what was right, by tenths of what was said. */
function reliability(days: Judged[][], shift?: number): { said: number; right: number; count: number }[] {
  const tenths = Array.from({ length: 10 }, () => ({ said: 0, right: 0, count: 0 }));
  for (const { logOdds, said: shown, right } of days.flat()) {
    const said = shift === undefined ? shown : logistic(logOdds + shift);
    const tenth = tenths[Math.min(9, Math.floor(said * 10))]!;
    tenth.said += said;
    tenth.right += Number(right);
    tenth.count += 1;
  }
  return tenths
    .filter(({ count }) => count > 0)
    .map(({ said, right, count }) => ({ said: said / count, right: right / count, count }));
}

/** Mean distance of what was said from what was right, over records. */
const miscalibration = (tenths: ReturnType<typeof reliability>): number =>
  tenths.reduce((sum, { said, right, count }) => sum + Math.abs(said - right) * count, 0) /
  tenths.reduce((sum, { count }) => sum + count, 0);

/** Of a right and a wrong record, how often the right one was given more: the area under the ROC curve, by ranks. */
function toldApart(days: Judged[][]): number {
  const sorted = days.flat().sort((a, b) => a.said - b.said);
  let wrongBelow = 0;
  let pairs = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    let right = 0;
    while (to < sorted.length && sorted[to]!.said === sorted[from]!.said) right += Number(sorted[to++]!.right);
    const wrong = to - from - right;
    pairs += right * (wrongBelow + wrong / 2);
    wrongBelow += wrong;
    from = to;
  }
  return pairs / (wrongBelow * (sorted.length - wrongBelow));
}

const table = (tenths: ReturnType<typeof reliability>): string =>
  tenths.map(({ said, right, count }) => `said ${said.toFixed(2)} right ${right.toFixed(2)} of ${count}`).join('\n');

describe(`companies nobody has fitted (seeds ${HELD_OUT_SEEDS.join(', ')})`, () => {
  let days: Judged[][];
  beforeAll(() => {
    days = HELD_OUT_SEEDS.flatMap((seed) => judgedDays(seed, 11).days);
  }, 120_000);

  test('of the records given 0.8, about 80 % are right; and so for every other number', () => {
    const tenths = reliability(days);
    console.info(`Seeds ${HELD_OUT_SEEDS.join(', ')}:\n${table(tenths)}`);
    expect(miscalibration(tenths)).toBeLessThan(0.03);
    for (const { said, right, count } of tenths)
      if (count >= LOOKS_MIN) expect(Math.abs(said - right)).toBeLessThan(0.08);
    // A number that never moved would be right on average too: it has to tell good records from bad ones.
    const told = toldApart(days);
    console.info(`Of a right and a wrong record, the right one was given more in ${(told * 100).toFixed(0)} %`);
    expect(told).toBeGreaterThan(0.7);
  });

  test('counting by the list finds at least twice the differences that counting at random finds, and far more worth', () => {
    let found = 0;
    let foundWorth = 0;
    let random = 0;
    let randomWorth = 0;
    for (const records of days) {
      const listed = [...records].sort((a, b) => b.value - a.value).slice(0, LISTED);
      const sum = (some: Judged[]) => some.reduce((total, { right, worth }) => total + (right ? 0 : worth), 0);
      const wrong = (some: Judged[]) => some.filter(({ right }) => !right).length;
      found += wrong(listed);
      foundWorth += sum(listed);
      random += (wrong(records) * LISTED) / records.length;
      randomWorth += (sum(records) * LISTED) / records.length;
    }
    console.info(
      `By the list ${found}, at random ${random.toFixed(0)}; worth ${(foundWorth / randomWorth).toFixed(1)} times`,
    );
    expect(found / random).toBeGreaterThan(2);
    expect(foundWorth / randomWorth).toBeGreaterThan(4);
  });
});

test('a company with far worse records learns it from its counts', () => {
  const wear = {
    ...usualWear,
    errorsPerThousandOrders: usualWear.errorsPerThousandOrders * 4,
    lossesPerThousand: usualWear.lossesPerThousand * 4,
    countsPerThousand: 40,
  };
  const { days, learnt } = judgedDays(WORN_OUT_SEED, 9, wear);
  const before = miscalibration(reliability(days.slice(-4), 0));
  const after = miscalibration(reliability(days.slice(-4)));
  console.info(
    `Seed ${WORN_OUT_SEED}: shift ${learnt.toFixed(2)}, off by ${before.toFixed(3)}, then by ${after.toFixed(3)}`,
  );
  expect(learnt).toBeLessThan(-0.5);
  expect(after).toBeLessThan(before / 2);
}, 120_000);

describe('the model', () => {
  const facts = {
    onHand: 40,
    tolerance: 0,
    counted: true,
    days: 10,
    units: 30,
    pickFailures: 0,
    negative: false,
    drifting: false,
    agreed: false,
    missed: 0,
    lastCountWrong: false,
  };
  const confidence = (more: Partial<typeof facts> = {}) => explainConfidence({ ...facts, ...more }).confidence;

  test('confidence falls with all that speaks against a record, and rises with what speaks for it', () => {
    const worse = [
      { days: 20 },
      { units: 60 },
      { pickFailures: 1 },
      { negative: true },
      { drifting: true },
      { missed: 9 },
      { lastCountWrong: true },
    ];
    for (const more of worse) expect(confidence(more), JSON.stringify(more)).toBeLessThan(confidence());
    const better = [{ days: 0, units: 0 }, { agreed: true }, { tolerance: 2 }];
    for (const more of better) expect(confidence(more), JSON.stringify(more)).toBeGreaterThan(confidence());
  });

  test('its parts add up to the log odds, the shift of the company among them', () => {
    const { logOdds, parts } = explainConfidence({ ...facts, pickFailures: 2 }, -0.7);
    expect(parts.reduce((sum, part) => sum + part.logOdds, 0)).toBeCloseTo(logOdds, 12);
    expect(parts.map(({ term }) => term)).toEqual([...confidenceTerms.map(({ term }) => term), 'company']);
    expect(logOdds).toBeCloseTo(logOddsOf({ ...facts, pickFailures: 2 }, -0.7), 12);
  });

  test('a few counts move the shift little, many decide it, and counts made in doubt say nothing', () => {
    const loggedAfter = (counts: number, unbiased = true) => {
      let known = noCalibration;
      for (let count = 0; count < counts; count++) known = withCount(known, 2, logistic(2), count % 2 === 0, unbiased);
      return shiftOf(known);
    };
    expect(loggedAfter(0)).toBe(0);
    expect(loggedAfter(400, false)).toBe(0);
    expect(loggedAfter(4)).toBeGreaterThan(-1.5);
    // Half of the records that were given log odds around 2 were right.
    expect(loggedAfter(4_000)).toBeCloseTo(-2.25, 1);
  });
});

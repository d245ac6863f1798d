/**
 * `npm run measure-predictions`: how often what is predicted comes true, on months and companies that nothing was fitted on,
 * on real demand and on real suppliers. What is said is corrected by what had been settled by then, and by nothing later.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { binsOf, figuresOf, type Settled, sumsOf } from '../../../analytics/predictions/reliability.ts';
import type { Row } from './book.ts';
import { DAY_MS } from './book.ts';
import { onlineRetailFile, playOnlineRetail, readSales } from './online-retail.ts';
import { playPredictions } from './play.ts';
import { playScms, readScms, scmsFile } from './scms.ts';

const { values } = parseArgs({
  options: {
    /** Seed 1 was looked at while the rules were made. */
    seeds: { type: 'string', default: '2,3' },
    days: { type: 'string', default: '90' },
    /** Days before anything counts: stock and suppliers have to become their own first. */
    'learn-days': { type: 'string', default: '30' },
    'orders-per-day': { type: 'string', default: '1000' },
    /** Rows as JSON, to look further into. */
    rows: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
  },
});
const FROM = Date.parse('2026-09-07T00:00:00Z');
const kept: Record<string, Row[]> = {};

function show(title: string, rows: readonly Settled[]): void {
  const sums = sumsOf(rows);
  const figures = figuresOf(sums);
  if (figures === null) {
    console.log(`\n${title}: nothing was settled`);
    return;
  }
  const said = (value: number) => value.toFixed(4);
  console.log(`\n${title}: ${rows.length} predictions, ${(figures.baseRate * 100).toFixed(1)} % happened`);
  console.log(
    `Brier ${said(figures.brier)}; uncorrected ${said(figures.brierUncorrected)}; base rate ${said(figures.brierBaseRate)}; ` +
      `habit ${said(figures.brierClimatology)}; skill over habit ${said(figures.skill)}; ` +
      `off ${said(figures.off)}, apart ${said(figures.apart)}; calibration error ${said(figures.calibrationError)}`,
  );
  const uncorrected = binsOf(sumsOf(rows.map((row) => ({ ...row, probability: row.uncorrected }))).tenths);
  console.table(
    binsOf(sums.tenths).map(({ from, to, count, said: mean, happened, low, high }, index) => {
      const percent = (share: number | null) => (share === null ? '' : (share * 100).toFixed(1));
      const worked = uncorrected[index]!;
      return {
        'said, %': `${from * 100} to ${Math.round(to * 100)}`,
        predictions: count,
        'said on average, %': percent(mean),
        'happened, %': percent(happened),
        'with 95 %': count === 0 ? '' : `${percent(low)} to ${percent(high)}`,
        'uncorrected: predictions': worked.count,
        'said on average, % ': percent(worked.said),
        'happened, % ': percent(worked.happened),
      };
    }),
  );
}

const wants = (name: string) => values.only === '' || values.only === name;

if (wants('simulated')) {
  const all: Row[] = [];
  for (const seed of values.seeds.split(',').map(Number)) {
    const began = Date.now();
    const options = { seed, from: FROM, ordersPerDay: Number(values['orders-per-day']), faults: 'normal' as const };
    const { rows, events } = playPredictions(options, Number(values.days));
    console.log(`seed ${seed}: ${events} events, ${Math.round((Date.now() - began) / 1000)} s`);
    all.push(...rows.filter(({ at }) => at >= FROM + Number(values['learn-days']) * DAY_MS));
    kept[`simulated-${seed}`] = rows;
  }
  const when = `seeds ${values.seeds}, days ${values['learn-days']} to ${values.days}`;
  for (const [prediction, rows] of Map.groupBy(all, (row) => row.prediction)) {
    show(`Simulated company, ${prediction}, ${when}`, rows);
    if (prediction === 'cut-off-miss')
      for (const [from, to] of [
        [8, 12],
        [4, 8],
        [0, 4],
      ] as const)
        show(
          `  of these said ${from} to ${to} hours before`,
          rows.filter((row) => row.horizon - row.at > from * 3_600_000 && row.horizon - row.at <= to * 3_600_000),
        );
  }
}
if (wants('online-retail')) {
  if (!existsSync(onlineRetailFile)) console.log('Online Retail is not there: left out');
  else {
    const rows = playOnlineRetail(readSales(onlineRetailFile), 1);
    kept['online-retail'] = rows;
    // December is Christmas and the first days have no past: the months are told apart.
    const heldOut = Date.parse('2011-01-20T00:00:00Z');
    show(
      'Online Retail, stockout, until 20 January',
      rows.filter(({ at }) => at < heldOut),
    );
    show(
      'Online Retail, stockout, from 20 January on',
      rows.filter(({ at }) => at >= heldOut),
    );
  }
}
if (wants('scms')) {
  if (!existsSync(scmsFile)) console.log('The SCMS delivery history is not there: left out');
  else {
    const rows = playScms(readScms(scmsFile));
    kept['scms'] = rows;
    const heldOut = Date.parse('2008-07-01T00:00:00Z');
    show(
      'SCMS, late-receipt, from July 2008 on',
      rows.filter(({ at }) => at >= heldOut),
    );
  }
}
if (values.rows !== '') writeFileSync(values.rows, JSON.stringify(kept));

/** Where the rows of a part come from: one level of the roll-ups or several, the steps themselves, or a view. */

import type { AskedRows } from '../../kpis/asked.ts';
import { quoted } from '../../kpis/terms.ts';
import { isAmong, itemDimensions } from '../../metrics/dimensions.ts';
import type { Tier } from '../../metrics/levels.ts';
import { endOf, type Frame, type Part, type Plan, tiersFor } from '../../metrics/plan.ts';
import { indented } from './layout.ts';
import { conditionsOf, filterName, parameter, parameterName, stepsOfPart, wordsOf } from './terms.ts';

export type Rows = { from: string; where: string[] };
export type Bound = Record<string, string | number | readonly string[]>;

const views = { day: 'kpi_days', hour: 'kpi_hours', minute: 'kpi_minutes' } as const;
const coarser = { day: '', hour: 'toStartOfDay(at)', minute: 'toStartOfHour(at)' } as const;
/** Parameters that say which days are read by the hour, and which hours by the minute. */
const finer = { day: 'days_by_hour', hour: 'hours_by_minute', minute: '' } as const;
const withinOf = { day: '', hour: 'days_by_hour', minute: 'hours_by_minute' } as const;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Rows of a part that count within a frame; `before`: and all that came before it. Binds what it names. */
export function rowsOf(plan: Plan, part: Part, frame: Frame, before: boolean, bound: Bound): Rows {
  const { rows } = part.measures[0]!;
  const words = wordsOf(part);
  const end = endOf(part, frame) === frame.span.to ? 'to' : 'until';
  bound[nameOf(frame, 'from')] = utc(frame.span.from);
  bound[nameOf(frame, end)] = utc(endOf(part, frame));
  const conditions = conditionsOf(plan, words);
  for (const [index, { values }] of plan.asking.where.entries()) bound[filterName(plan.asking.where, index)] = values;
  const money = part.measures.every((measure) => measure.money) ? ['currency = {workspace_currency:String}'] : [];
  if (part.measures.some((measure) => measure.money)) bound['workspace_currency'] = plan.situation.currency;
  const within = [
    ...(before ? [] : [`${words.moment} >= ${parameter(frame, 'from')}`]),
    `${words.moment} < ${parameter(frame, end)}`,
  ];
  const items = needsItems(plan) ? '\nLEFT JOIN items USING (sku)' : '';
  if (rows.from === 'rows') {
    const { rows: text, where, earlier } = rows.asked;
    if (before && earlier !== undefined && plan.asking.rowByRow !== true) {
      const from = withEarlier(text, earlier, frame, bound);
      return { from: `${from}${items}`, where: [...(where === undefined ? [] : [where]), ...within, ...conditions] };
    }
    const from = text.startsWith('SELECT') ? `(\n${indented(text)}\n) AS found` : text;
    return { from: `${from}${items}`, where: [...(where === undefined ? [] : [where]), ...within, ...conditions] };
  }
  const steps = stepsOfPart(part.measures);
  const ofSteps = steps.length === 1 ? `step = ${quoted(steps)}` : `step IN (${quoted(steps)})`;
  if (part.source.from === 'steps') {
    const promised = rows.clock === 'step' ? [] : ['ship_by IS NOT NULL'];
    return { from: `order_steps${items}`, where: [ofSteps, ...promised, ...within, ...conditions, ...money] };
  }
  const clock = rows.clock === 'step' ? [] : [`clock = '${rows.clock}'`];
  const shared = [ofSteps, ...clock];
  const suffix = rows.clock === 'step' ? '' : '_by_clock';
  const tiers = tiersFor(plan, part, frame);
  const cut = before && tiers[0]!.level !== 'day' ? Math.floor(frame.span.from / DAY_MS) * DAY_MS : null;
  if (tiers.length === 1 && cut === null) {
    return { from: `${views[tiers[0]!.level]}${suffix}`, where: [...shared, ...within, ...conditions, ...money] };
  }
  const selects = tiers.map((tier, index) => {
    const lower = cut !== null && tier.within === null ? [`at >= ${parameter(frame, 'first_day')}`] : [];
    const tests = [
      ...shared,
      ...(before ? [] : [within[0]!]),
      ...lower,
      within.at(-1)!,
      ...tierTests(tier, index < tiers.length - 1, frame, bound),
    ];
    return `SELECT *\nFROM ${views[tier.level]}${suffix}\nWHERE ${tests.join('\n  AND ')}`;
  });
  if (cut !== null) {
    bound[nameOf(frame, 'first_day')] = utc(cut);
    const earlier = [...shared, `at < ${parameter(frame, 'first_day')}`];
    selects.unshift(`SELECT *\nFROM ${views.day}${suffix}\nWHERE ${earlier.join('\n  AND ')}`);
  }
  return { from: `(\n${indented(selects.join('\nUNION ALL\n'))}\n)`, where: [...conditions, ...money] };
}

/** Whole hours before the first bucket, and every row after them. */
function withEarlier(rows: string, { rows: hours, columns }: Earlier, frame: Frame, bound: Bound): string {
  bound[nameOf(frame, 'first_hour')] = utc(Math.floor(frame.span.from / HOUR_MS) * HOUR_MS);
  const cut = parameter(frame, 'first_hour');
  const of = (text: string) => (text.startsWith('SELECT') ? `(\n${indented(text)}\n)` : text);
  const select = (text: string, test: string) =>
    `SELECT ${columns.join(', ')}\nFROM ${of(text)}\nWHERE at ${test} ${cut}`;
  return `(\n${indented(`${select(hours, '<')}\nUNION ALL\n${select(rows, '>=')}`)}\n) AS found`;
}
type Earlier = NonNullable<AskedRows['earlier']>;

function tierTests({ level, within, without }: Tier, hasFiner: boolean, frame: Frame, bound: Bound): string[] {
  const tests: string[] = [];
  if (within !== null) tests.push(`${coarser[level]} IN ${listOf(withinOf[level], within, frame, bound)}`);
  if (hasFiner) tests.push(`at NOT IN ${listOf(finer[level], without, frame, bound)}`);
  return tests;
}

/** Parts of one question may need different lists: then the second has a name of its own. */
function listOf(name: string, moments: readonly number[], frame: Frame, bound: Bound): string {
  const list = moments.map(utc);
  let own = name;
  for (let count = 2; !isSame(bound[nameOf(frame, own)], list); count++) own = `${name}_${count}`;
  bound[nameOf(frame, own)] = list;
  return parameterName(frame, own, `Array(DateTime('UTC'))`);
}

const isSame = (known: Bound[string] | undefined, list: readonly string[]): boolean =>
  known === undefined || String(known) === String(list);

function needsItems({ asking: { by, where } }: Plan): boolean {
  return [...by, ...where.map(({ dimension }) => dimension)].some((one) => isAmong(itemDimensions, one));
}

export const nameOf = (frame: Frame, name: string): string => `${frame.name === 'compared' ? 'compared_' : ''}${name}`;

/** As the engine reads a time: `2026-03-29 01:00:00`. */
export const utc = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/**
 * The SQL of a question: one statement over the views of analysts, with its values as parameters. It is shown, may be changed
 * and run as it is, and its rows are the figures of the answer.
 */
import type { Frame, Part, Plan } from '../../metrics/plan.ts';
import { as, bracketed, indented, select } from './layout.ts';
import { columnsOf, keysOf, partSelect, type Text } from './part.ts';
import type { Bound } from './rows.ts';

export type Statement = { sql: string; parameters: Bound };

export function statementOf(plan: Plan): Statement {
  const bound: Bound = {};
  const keys = keysOf(plan);
  const asked = framed(plan, plan.asked, bound);
  const sql =
    plan.compared === null ? whole(asked, keys) : besideEachOther(asked, framed(plan, plan.compared, bound), keys);
  return { sql, parameters: usedIn(sql, { ...bound, time_zone: plan.situation.timeZone }) };
}

/** A name that the text does not hold would be refused where it is run by hand. */
export const usedIn = (sql: string, bound: Bound): Bound =>
  Object.fromEntries(Object.entries(bound).filter(([name]) => sql.includes(`{${name}:`)));

function whole({ select: last, named }: Text, keys: readonly string[]): string {
  const first = named.map(([name, text]) => `${name} AS ${bracketed(text)}`);
  const from = first.length === 0 ? '' : `WITH\n${indented(first.join(',\n'))}\n`;
  return `${from}${last}${keys.length === 0 ? '' : `\nORDER BY ${keys.join(', ')}`}`;
}

/** The compared period is asked by the same words: its rows say so in a column in front. */
function besideEachOther(asked: Text, compared: Text, keys: readonly string[]): string {
  const named = [...asked.named, ['asked', asked.select], ...compared.named, ['compared', compared.select]] as const;
  const both = `SELECT 'asked' AS period, *\nFROM asked\nUNION ALL\nSELECT 'compared' AS period, *\nFROM compared`;
  return whole({ select: `SELECT *\nFROM ${bracketed(both)}`, named }, ['period', ...keys]);
}

const names = { sum: 'counts', level: 'levels', quantile: 'durations' } as const;

/** Parts of different rows are put under each other and added up per bucket and group: each fills columns of its own. */
function framed(plan: Plan, frame: Frame, bound: Bound): Text {
  const { parts } = plan;
  const of = frame.name === 'compared' ? '_compared' : '';
  if (parts.length === 1) return partSelect(plan, parts[0]!, frame, bound, { finals: true, suffix: of });
  const keys = keysOf(plan);
  const named: (readonly [string, string])[] = [];
  const all = parts.flatMap(sumNames);
  const selects = parts.map((part, index) => {
    const earlier = parts.slice(0, index).filter(({ kind }) => kind === part.kind).length;
    const suffix = `${earlier === 0 ? '' : `_${earlier + 1}`}${of}`;
    const text = partSelect(plan, part, frame, bound, { finals: false, suffix });
    const name = `${names[part.kind]}${suffix}`;
    named.push(...text.named, [name, text.select]);
    const own = sumNames(part);
    return `SELECT ${[...keys, ...all.map((column) => (own.includes(column) ? column : as('NULL', column)))].join(', ')}\nFROM ${name}`;
  });
  const added = select({
    columns: [...keys, ...all.map((name) => as(`sum(parts.${name})`, name))],
    from: `${bracketed(selects.join('\nUNION ALL\n'))} AS parts`,
    groupBy: keys,
  });
  const finals = parts.flatMap(({ measures }) => measures.flatMap((measure) => columnsOf(measure).final ?? []));
  if (finals.length === 0) return { select: added, named };
  return { select: `SELECT\n${indented(['*', ...finals].join(',\n'))}\nFROM ${bracketed(added)}`, named };
}

const sumNames = ({ measures }: Part): string[] =>
  measures.flatMap((measure) => columnsOf(measure).sums.map(({ name }) => name));

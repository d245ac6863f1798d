/** docs/kpis.md: the KPI catalog in words. */
import type { Kpi, Measure, Unit } from '../../../analytics/kpis/definition.ts';
import { kpis } from '../../../analytics/kpis/index.ts';
import { sumInSql } from '../../../analytics/kpis/terms.ts';

const unitWords: Record<Unit, string> = {
  count: 'a number',
  percent: '0 to 100 %',
  money: "minor units of the workspace's currency",
  hours: 'hours',
  minutes: 'minutes',
  milliseconds: 'milliseconds',
  days: 'days',
  ratio: 'a ratio',
  perYear: 'times a year',
};
const directionWords = { up: 'more is better', down: 'less is better', none: 'neither more nor less is better' };
const kindWords: Record<Kpi['live']['kind'], string> = {
  count: 'flow',
  ratio: 'flow',
  quantile: 'flow',
  level: 'level',
  age: 'level',
  history: 'worked out from history',
};

export function describeKpis(): string {
  const index = kpis.map(({ id, name, question }) => `| [\`${id}\`](#${id}) | ${name} | ${question} |`);
  return `# KPIs

<!-- Made from analytics/kpis. To make it anew: npm test -- --project domain tests/domain/docs.test.ts -u -->

Each KPI is one definition that is measured twice: live, from what the processor counts, and in SQL, from history. A test
holds the two against each other and against a third, plain count. A **flow** counts what happened in a time, so that its
hours add up to its days; a **level** says how things stand at a moment. Null means that there is no data, never zero.

\`GET /v1/kpis\` gives the values as they stand, \`GET /v1/kpis/<id>\` a series; see [for analysts](analysts.md).

| id | name | question |
|---|---|---|
${index.join('\n')}

${kpis.map(describe).join('\n\n')}
`;
}

function sqlOf({ live, sql, asked }: Kpi): string {
  if (sql !== undefined) return `\`analytics/sql/kpis/${sql.file}.sql\``;
  const sum = (measures: readonly Measure[] = []) => sumInSql(measures.flatMap(({ terms }) => terms));
  if (live.kind === 'ratio')
    return `\`${live.times ?? 100} * (${sum(live.part)}) / (${sum(live.whole)})\` over ${clockedRows(live.part)}`;
  if (asked?.kind === 'level') {
    return `running sum of \`${sumInSql(asked.terms)}\` over \`kpi_minutes\` where \`clock = '${asked.clock ?? 'step'}'\``;
  }
  if (live.kind !== 'count') return '';
  const less = live.minus === undefined ? '' : ` - (${sum(live.minus)})`;
  return `\`${sum(live.plus)}${less}\` over ${clockedRows(live.plus)}`;
}

const clockedRows = ([first]: readonly Measure[]): string =>
  `\`kpi_minutes\` where \`clock = '${first?.clock ?? 'step'}'\`, or hours or days`;

function describe(kpi: Kpi): string {
  const rows = [
    ['question', kpi.question],
    ['formula', kpi.formula],
    ['unit', `${unitWords[kpi.unit]}; ${directionWords[kpi.direction]}`],
    ['kind', kindWords[kpi.live.kind]],
    ['counted at', kpi.clock],
    ['left out', kpi.exclusions],
    ['by', kpi.dimensions.length === 0 ? 'the workspace as a whole' : kpi.dimensions.join(', ')],
    ['target', kpi.target === null ? 'none' : String(kpi.target)],
    ['owner', kpi.owner],
    ['thresholds', kpi.thresholds === null ? 'none' : `look at ${kpi.thresholds.look}, act at ${kpi.thresholds.act}`],
    ['cadence', `by the ${kpi.cadence}`],
    ...(kpi.recordedSince === undefined
      ? []
      : [['on record', 'since the first order that was accepted by a version that tells these steps; unknown before']]),
    ['made of', kpi.sources.map((type) => `\`${type}\``).join(', ')],
    ...(kpi.exceptions === undefined ? [] : [['exceptions', kpi.exceptions.map((kind) => `\`${kind}\``).join(', ')]]),
    ...(kpi.waitsFor === undefined ? [] : [['waits for', kpi.waitsFor]]),
    ['SQL', sqlOf(kpi)],
    ['version', kpi.changes.map(({ version, on, words }) => `${version} (${on}): ${words}`).join(' ')],
  ];
  return [
    `## ${kpi.id}`,
    `**${kpi.name}**`,
    ['| | |', '|---|---|', ...rows.map(([what, words]) => `| ${what} | ${words} |`)].join('\n'),
  ].join('\n\n');
}

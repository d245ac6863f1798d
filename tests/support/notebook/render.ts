/** docs/online-retail.md: the questions, what was asked, and what came back. */
import type { ContributionAnswer, MetricAnswer } from '../../../server/http/contract/questions.ts';
import { type Cell, count, type NotebookQuestion, pounds, type Table } from './questions.ts';

const ROWS_SHOWN = 14;

/** An answer of the builder as a table: group, bucket, one column per measure. Groups come largest first. */
export function tableOfMetrics({ question, series }: MetricAnswer, timeZone: string): Table {
  const { by, grain, measures } = question;
  const groups = [...new Map(series.map(({ group }) => [JSON.stringify(group), group])).entries()];
  const starts =
    grain === 'none' ? [null] : [...new Set(series.flatMap(({ points }) => points.map(([start]) => start)))];
  const rows = groups.flatMap(([key, group]) =>
    starts.map((start): Cell[] => [
      ...group,
      ...(start === null ? [] : [dayOf(start, timeZone)]),
      ...measures.map((measure) => {
        const own = series.find((one) => one.measure === measure && JSON.stringify(one.group) === key);
        return start === null ? (own?.total ?? null) : (own?.points.find(([at]) => at === start)?.[1] ?? null);
      }),
    ]),
  );
  return { columns: [...by, ...(grain === 'none' ? [] : [grain]), ...measures], rows };
}

export function tableOfContribution({ parts }: ContributionAnswer): Table {
  return {
    columns: ['country', 'before', 'after', 'change'],
    rows: parts.map(({ group, before, after, change }) => [...group, before, after, change]),
  };
}

const dayOf = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);

export function renderNotebook(answers: { question: NotebookQuestion; table: Table; sql: string }[]): string {
  return `# Ten questions to a real shop

<!-- Made by tests/system/online-retail.test.ts, which also holds the numbers against the file. To make it anew: npm test -- --project system tests/system/online-retail.test.ts -u -->

Three months of a British wholesaler of gifts (UCI "Online Retail": Chen, Sain and Guo 2012, CC BY 4.0), December 2010 to
February 2011, poured into Tideline with \`npm run tideline -- replay <file> --mapping online-retail\`. Some of the
questions are asked with the builder of **Query**, some with SQL; what the builder asks is shown as the SQL it becomes.
Every number below, also those in the sentences, is worked out by the test that wrote this page, and where it says so it
was counted once more from the file itself.

${answers.map(({ question, table, sql }, index) => renderOne(index + 1, question, table, sql)).join('\n\n')}
`;
}

function renderOne(number: number, question: NotebookQuestion, table: Table, sql: string): string {
  const asked =
    'sql' in question.ask
      ? 'Asked with SQL:'
      : `Asked with the builder:\n\n\`\`\`json\n${JSON.stringify('builder' in question.ask ? question.ask.builder : question.ask.contribution, null, 2)}\n\`\`\`\n\nwhich becomes`;
  return [
    `## ${number}. ${question.title}`,
    question.why,
    'contribution' in question.ask
      ? asked.replace(/\n\nwhich becomes$/, '\n\nto `POST /v1/questions/contribution`.')
      : `${asked}\n\n\`\`\`sql\n${sql}\n\`\`\``,
    markdownTable(question, table),
    `**${question.says(table)}**${question.file === null ? '' : ' (Counted again from the file: the same.)'}`,
    ...(question.picture === undefined ? [] : [`![${question.title}](images/${question.picture}.jpg)`]),
  ].join('\n\n');
}

function markdownTable({ money = [], shown = ROWS_SHOWN }: NotebookQuestion, { columns, rows }: Table): string {
  const left = rows.length - shown;
  const lines = rows
    .slice(0, shown)
    .map((row) => row.map((cell, index) => cellText(cell, money.includes(columns[index]!))).join(' | '));
  return [
    `| ${columns.join(' | ')} |`,
    `|${columns.map((_, index) => (typeof rows[0]?.[index] === 'number' ? '---:' : '---')).join('|')}|`,
    ...lines.map((line) => `| ${line} |`),
    ...(left > 0 ? [`\n${count(left)} more ${left === 1 ? 'row' : 'rows'}.`] : []),
  ].join('\n');
}

function cellText(cell: Cell, isMoney: boolean): string {
  if (cell === null) return '';
  if (typeof cell !== 'number') return String(cell).replaceAll('|', '\\|');
  return isMoney ? pounds(cell) : count(cell);
}

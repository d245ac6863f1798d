/** docs/views.md: every view analysts can ask, with its columns and questions to start from. */
import { type View, views } from '../../../analytics/views/index.ts';
import { stepWords } from '../../../analytics/views/step-words.ts';

export function describeViews(): string {
  const index = views.map(
    ({ name, grain, words }) => `| [\`${name}\`](#${name}) | ${grain} | ${firstSentence(words)} |`,
  );
  return `# Views

<!-- Made from analytics/views. To make it anew: npm test -- --project domain tests/domain/docs.test.ts -u -->

What analysts see of history: views in a database of their own (\`tideline_ops\` unless another name was given), written without
its name. They show settled figures and rows: nothing has to be merged, moments that were never set are null, and customers
are pseudonyms. How to ask them stands in [SQL](sql.md); every example here is run by a test.

- Times are UTC. \`toDate(at, 'Europe/Berlin')\` gives a local day.
- Money is whole minor units (cents) of the currency beside it; where none is beside it, of the workspace's own.
- Figures count by the time in the business. \`received_at\` is when we heard of it.

| view | one row is | |
|---|---|---|
${index.join('\n')}

${views.map(describe).join('\n\n')}
`;
}

function describe({ name, words, grain, columns, examples }: View): string {
  const rows = columns.map((column) => `| \`${column.name}\` | \`${column.type}\` | ${cell(column.words)} |`);
  return [
    `## ${name}`,
    `${words} One row is ${grain}.`,
    ['| column | type | |', '|---|---|---|', ...rows].join('\n'),
    ...(name === 'order_steps' ? [steps()] : []),
    ...examples.map(
      ({ question, sql }) =>
        `${question.replace(/[?.]?$/, (end) => (end === '?' ? end : ':'))}\n\n\`\`\`sql\n${sql}\n\`\`\``,
    ),
  ].join('\n\n');
}

const steps = (): string =>
  [
    '| step | |',
    '|---|---|',
    ...Object.entries(stepWords).map(([step, words]) => `| \`${step}\` | ${cell(words)} |`),
  ].join('\n');

const firstSentence = (words: string): string => cell(words.replace(/([.:]) .*$/s, '.').replace(/:$/, '.'));
const cell = (words: string): string => words.replaceAll('|', '\\|');

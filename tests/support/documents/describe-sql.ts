/** docs/sql.md: what analysts may write, how it is run, and what stands between a question and the machine. */
import { allowedFunctions, engineVersion } from '../../../analytics/guard/allowed-functions.ts';
import { NUMBERS_MAX, wholeNumbers } from '../../../analytics/guard/arguments.ts';
import { wordsOf } from '../../../analytics/guard/functions.ts';
import { QUESTION_CHARACTERS_MAX } from '../../../analytics/guard/index.ts';
import { analystLimits, describeLimits } from '../../../server/analyst/limits.ts';
import { layers } from '../guard/layers.ts';

/** Depends on the machine. */
const MEMORY_WORDS = '8 % of the machine, at least 512 MiB and at most 2 GiB';

export function describeSql(): string {
  const whole = (value: number) => value.toLocaleString('en');
  const limits = describeLimits(analystLimits).map(
    ({ name, value }) => `| ${name} | ${name === 'memory' ? MEMORY_WORDS : value} |`,
  );
  const numbers = wholeNumbers.map(({ name, max, what }) => `| \`${name}\` | ${what} | ${whole(max)} |`);
  const functions = Object.entries(allowedFunctions).map(
    ([category, names]) =>
      `**${category}**: ${wordsOf(names)
        .map((name) => `\`${name}\``)
        .join(' ')}`,
  );
  return `# SQL

<!-- Made from analytics/guard and server/analyst/limits.ts. To make it anew: npm test -- --project domain tests/domain/docs.test.ts -u -->

One \`SELECT\` over the [views](views.md), in the language of ClickHouse: CTEs, subqueries, joins of every kind, window
functions, \`ARRAY JOIN\`, \`WITH FILL\`, \`LIMIT BY\`, \`QUALIFY\`, \`GROUPING SETS\`, lambdas. The same rules hold at the desk, for
saved questions, exports, reports, BI tools and the command line.

\`\`\`sql
SELECT channel, count() AS orders, sum(amount) / 100 AS revenue
FROM orders
WHERE placed_at >= {from:DateTime} AND currency = {currency:String}
GROUP BY channel
ORDER BY revenue DESC
\`\`\`

## Parameters

\`{name:Type}\` stands for a value that is given beside the text. Values are checked against their type and become literals:
they can be nothing else. Types: \`String\`, \`Bool\`, \`Int8\` to \`Int256\`, \`UInt8\` to \`UInt256\`, \`Float32\`, \`Float64\`, \`Decimal(p, s)\`,
\`Date\`, \`Date32\`, \`DateTime\`, \`DateTime64(3)\`, \`UUID\`, \`FixedString(n)\`, \`IPv4\`, \`IPv6\`, and \`Nullable(…)\` or \`Array(…)\` of them. Times are UTC.

## What is not available

| | instead |
|---|---|
| \`SETTINGS\`, \`FORMAT\`, \`INTO OUTFILE\` | the form of the answer is chosen where it is asked for; an export writes a file |
| statements that change or show something | |
| tables that are not views, table functions but \`numbers(…)\` (up to ${whole(NUMBERS_MAX)}) | |
| functions that read the machine, files, settings, dictionaries, other tables or other questions | |
| \`APPLY\`, and the bare name of a function where a lambda is expected | \`x -> f(x)\` |
| \`WITH RECURSIVE\`, \`SAMPLE\`, \`STREAM\` | \`numbers(…)\`; \`WHERE cityHash64(order_id) % 10 = 0\` |
| casts to states and objects (\`AggregateFunction\`, \`JSON\`, \`Dynamic\`, \`Enum\` …) | plain types; \`JSONExtract\` with a plain type |
| names in quotes with anything but letters, digits, spaces and \`_ % € $ £ # & / + : ? ! -\` | |
| characters that cannot be seen | \`char(…)\`, or a parameter |
| more than ${whole(QUESTION_CHARACTERS_MAX)} characters | long lists as parameters |

Some functions must say how much they make by a number that is written out:

| function | | at most |
|---|---|---|
${numbers.join('\n')}

\`hasAll\` and \`hasAny\` need one list that is written out: of two columns they compare everything with everything.

## Limits

| limit | |
|---|---|
${limits.join('\n')}

A limit that is hit is named with its value, and an answer that was cut says so.

## What stands between a question and the machine

1. **The guard** (\`analytics/guard\`), in the engine's own words. The engine writes the text anew, which is one statement without
   comments; its words and signs are looked at; the engine shows its tree, and every kind of node, function, table and type in it
   must be on a list. What nobody has allowed is refused. What the engine wrote is what runs.
2. **Rights**. The user behind analysts may \`SELECT\` from the views and nothing else, with \`readonly = 1\`. Views read with the
   rights of their definer, so nobody needs a right on the tables.
3. **A throw-away engine** on a snapshot of the data, without environment, network or files, or on a server the limits of that
   user. It is ended when it takes too long.

What each would have let through alone, of ${layers.attacks} attacks of our own (\`npx vitest run --project system tests/system/guard-layers.test.ts\`
measures it; "let through" is an answer in place of an error):

| alone | let through | and of ${layers.corpus} of a corpus | such as |
|---|---|---|---|
${layers.rows.map(({ alone, through, ofCorpus, examples }) => `| ${alone} | ${through} | ${ofCorpus} | ${examples} |`).join('\n')}

So none of them stands alone. Whoever finds a way past the guard still has no right on a table, and whoever finds one past both is in a
process with nothing to read and nobody to tell.

## Functions

As of ClickHouse ${engineVersion}. Aggregate functions take the combinators \`If\`, \`Distinct\`, \`OrNull\`, \`OrDefault\`, \`Array\`, \`Map\`, \`ForEach\`,
\`ArgMin\` and \`ArgMax\`; besides there are \`uniqCombined64Merge\`, \`untuple\` and \`grouping\`.

${functions.join('\n\n')}
`;
}

/** docs/exception-catalog.md: every kind of exception as its rule states it. */
import { exceptionAreas } from '../../../streams/events/exception-words.ts';
import { exceptionDefinitions } from '../../../streams/exceptions/index.ts';
import { inhibitions } from '../../../streams/exceptions/inhibition.ts';
import type { ExceptionDefinition } from '../../../streams/exceptions/rule.ts';

const MINUTE_MS = 60_000;

export function describeExceptions(): string {
  const parts = exceptionAreas
    .map((area) => exceptionDefinitions.filter((definition) => definition.area === area))
    .filter((definitions) => definitions.length > 0)
    .map((definitions) => `## ${capital(definitions[0]!.area)}\n\n${definitions.map(describe).join('\n\n')}`);
  const beneath = inhibitions.map(({ by, field, why }) => `| \`${by}\` | ${field} | ${why} |`);
  return `# The catalog of exceptions

<!-- Made from streams/exceptions. To make it anew: npm test -- --project domain tests/domain/docs.test.ts -u -->

${exceptionDefinitions.length} kinds. What they have in common, and how to work on them, is in [exceptions.md](exceptions.md). Hold times, owners and
limits are what holds by default: the policies \`exceptions\` and \`ownership\` change them, and \`GET /v1/exceptions/catalog\` tells
what holds now.

${parts.join('\n\n')}

## What stands beneath what

While one of the first kind holds, others that name the same source, node or channel stand beneath it.

| while this holds | for the same | because |
|---|---|---|
${beneath.join('\n')}
`;
}

function describe({
  kind,
  question,
  owner,
  playbook,
  endsWhen,
  holdMs,
  recoverMs,
  thresholds,
}: ExceptionDefinition): string {
  const limits = Object.entries(thresholds ?? {}).map(([name, value]) => `\`${name}\` ${value}`);
  const facts = [
    `Owner: ${owner}.`,
    holdMs ? `Opens after it has held for ${minutes(holdMs)}.` : '',
    recoverMs ? `Closes after it was gone for ${minutes(recoverMs)}.` : '',
    limits.length > 0 ? `Limits: ${limits.join(', ')}.` : '',
  ].filter(Boolean);
  const steps = playbook.map((step, index) => `${index + 1}. ${step}`);
  return [`### ${kind}`, question, facts.join(' '), steps.join('\n'), `Over when: ${endsWhen}`].join('\n\n');
}

const minutes = (ms: number): string => `${Math.round((ms / MINUTE_MS) * 10) / 10} min`;
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** docs/events.md: the event catalog in words, from its schemas and their comments. */
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { type EventType, eventCatalog } from '../../../streams/events/index.ts';
import { whyNotFrom } from '../../../streams/ingestion/understand-delivery.ts';
import { readComments } from './comments.ts';
import { eventExamples } from './event-examples.ts';

type Schema = {
  type?: string;
  default?: unknown;
  enum?: string[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema | false;
  prefixItems?: Schema[];
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
};

const folder = new URL('../../../streams/events/', import.meta.url);

export function describeEvents(): string {
  const comments = new Map<string, string>();
  const subjects = new Map<string, string>();
  for (const file of readdirSync(folder).sort()) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    for (const [name, comment] of readComments(file, text)) comments.set(name, comment);
    const opening = /^\/\*\* (.*?) \*\//.exec(text)?.[1] ?? '';
    for (const [type] of text.matchAll(/(?<=^ {2}')[a-z.-]+(?=': )/gm)) subjects.set(type, opening);
  }
  const types = Object.keys(eventCatalog) as EventType[];
  const parts: string[] = [];
  let subject: string | undefined;
  for (const type of types) {
    if (subjects.get(type) !== subject) {
      subject = subjects.get(type);
      parts.push(`## ${subject?.replace(/\.$/, '')}`);
    }
    parts.push(describeEvent(type, comments));
  }
  return `${introduction(types)}\n\n${parts.join('\n\n')}\n`;
}

function describeEvent(type: EventType, comments: Map<string, string>): string {
  const schema = z.toJSONSchema(eventCatalog[type], { io: 'input', unrepresentable: 'any' }) as Schema;
  const own = whyNotFrom({ source: 'some-source', type }, '*') !== undefined;
  const rows = fieldRows(schema, '').map(({ path, kind, need }) =>
    ['', `\`${path}\``, kind, need, comments.get(`${type} ${path}`) ?? '', ''].join(' | ').trim(),
  );
  return [
    `### ${type}`,
    [comments.get(type), own ? 'Stated by Tideline itself only.' : undefined].filter(Boolean).join(' '),
    ['| field | what it is | | |', '|---|---|---|---|', ...rows].join('\n'),
    `\`\`\`json\n${JSON.stringify(eventExamples[type])}\n\`\`\``,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

type Row = { path: string; kind: string; need: string };

function fieldRows({ properties = {}, required = [] }: Schema, prefix: string): Row[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const need =
      field.default !== undefined
        ? `\`${JSON.stringify(field.default).replaceAll('"', '')}\` when left out`
        : required.includes(name)
          ? 'required'
          : '';
    const inner = field.properties ? field : field.items || undefined;
    const below = inner?.properties ? fieldRows(inner, field.items ? `${path}[].` : `${path}.`) : [];
    return [{ path, kind: kindOf(name, field), need }, ...below];
  });
}

const MONEY_MIN = -1_000_000_000_000;
const QUANTITY_MIN = -1_000_000_000;

function kindOf(name: string, field: Schema): string {
  const { type, minimum, maximum, maxItems } = field;
  if (field.enum) return field.enum.map((value) => `\`${value}\``).join(', ');
  if (field.anyOf?.some((one) => one.format === 'date-time')) return 'instant';
  if (field.anyOf) return field.anyOf.map((one) => kindOf(name, one)).join(', ');
  if (type === 'array') {
    const entries = field.items && !field.items.properties ? `: ${listOf(name, field.items)}` : '';
    return `list${maxItems === undefined ? '' : `, at most ${maxItems.toLocaleString('en')}`}${entries}`;
  }
  if (type === 'boolean') return 'true or false';
  if (type === 'integer') {
    if (minimum === MONEY_MIN) return 'minor units';
    if (minimum === QUANTITY_MIN) return 'whole number, may be negative';
    const bounded = maximum !== undefined && maximum < 1_000;
    return bounded ? `whole number, ${minimum} to ${maximum}` : `whole number, ${minimum} or more`;
  }
  if (type === 'number') return minimum === undefined ? 'number' : `number, ${minimum} to ${maximum}`;
  if (name === 'timeZone') return 'IANA time zone';
  if (field.pattern === '^[A-Z]{3}$') return 'ISO 4217 code';
  if (field.pattern?.includes(':[0-5]')) return '`HH:MM`';
  return field.pattern?.startsWith('^[^|') ? 'id' : 'text';
}

const listOf = (name: string, items: Schema): string =>
  items.prefixItems
    ? `pairs of ${items.prefixItems.map((one) => kindOf(name, one)).join(' and ')}`
    : kindOf(name, items);

const introduction = (types: readonly string[]): string => `# Events

<!-- Made from streams/events. To make it anew: npm test -- --project domain tests/domain/docs.test.ts -u -->

Everything Tideline knows came in as one of these ${types.length} events. They are sent to \`POST /v1/events\` as
[CloudEvents 1.0](https://cloudevents.io): one or an array (\`application/json\`, \`application/cloudevents+json\`), or one per
line (\`application/x-ndjson\`), gzipped or not, up to 10,000 events or 10 MB in a request.

| envelope | meaning |
|---|---|
| \`specversion\` | \`1.0\` |
| \`id\`, \`source\` | together they make the event unique: what comes again with the same two changes nothing |
| \`type\` | one of the headings below |
| \`time\` | when it happened in the business, ISO 8601 with a zone. Figures count by this time. At most 2 hours ahead |
| \`observedtime\` | when the source saw it, if that is not when it happened |
| \`corrects\` | the id of an event of the same source that this one puts right |
| \`data\` | the fields below |

- An **id** is a text of at most 200 characters without \`|\`. Numbers from other systems go in as text.
- **Money** is a whole number of minor units (cents). **Quantities** are whole numbers.
- An **instant** is ISO 8601 with a zone (\`2026-06-01T16:00:00+02:00\`), or epoch milliseconds.
- Fields that are not listed are dropped. An item that does not fit is refused with its path and the reason; the other
  items of the same request are kept.
- Events may come in any order. What speaks of an order that has not come yet waits for it.`;

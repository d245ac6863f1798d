/** Mapping files: what is wrong with one is said with line, column and field. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describeMappingProblem, readMapping } from '../../server/replay/read-mapping.ts';

const shipped = readFileSync(new URL('../../server/replay/mappings/online-retail.yaml', import.meta.url), 'utf8');
const small = `tidelineMapping: 1
name: Small
source: small
fields:
  sku: { type: text, column: SKU }
  count: { type: integer, column: Count }
  time: { type: datetime, column: At, format: iso, zone: UTC }
time: time
rules:
  - name: received
    when: { field: count, above: 0 }
    events:
      - type: stock.received
        id: 'in:{row}'
        data: { sku: '{sku}', node: N1, quantity: '{count}' }
`;
const problemsOf = (text: string): string[] => {
  const read = readMapping(text);
  return 'problems' in read ? read.problems.map((problem) => describeMappingProblem('m.yaml', problem)) : [];
};
const broken = (from: string, to: string) => {
  expect(small).toContain(from);
  return problemsOf(small.replace(from, to));
};

describe('a mapping file', () => {
  test('that is right is taken', () => {
    expect(problemsOf(small)).toEqual([]);
    expect(problemsOf(shipped)).toEqual([]);
  });

  test.each([
    ['zone: UTC', 'zone: Mars/Base', /^m\.yaml:7:\d+ fields\.time\.zone: must be an IANA time zone/],
    ['stock.received', 'stock.recieved', /^m\.yaml:13:\d+ rules\.0\.events\.0\.type: is not in the event catalog/],
    ['above: 0', 'abvoe: 0', /^m\.yaml:11:\d+ rules\.0\.when.*is not a setting of mappings/],
    ['field: count', 'field: cuont', /^m\.yaml:11:\d+ rules\.0\.when\.field: there is no field "cuont"/],
    ['field: count, above', 'field: sku, above', /^m\.yaml:11:\d+ rules\.0\.when\.field: field "sku" is of type text/],
    ["'{sku}'", "'{skuu}'", /^m\.yaml:\d+:\d+ rules\.0\.events\.0\.data\.sku: "\{skuu\}" is not known here/],
    ["'{sku}'", '{sku}', /^m\.yaml:15:\d+ rules\.0\.events\.0\.data\.sku: put quotes around '\{sku\}'/],
    ['above: 0', "matches: '('", /^m\.yaml:11:\d+ rules\.0\.when\.matches: is not a regular expression/],
    ['type: integer', 'type: number', /^m\.yaml:6:\d+ fields\.count\.type/],
    ['time: time', 'time: sku', /^m\.yaml:8:\d+ time: field "sku" is of type text, not datetime/],
    ['source: small', 'source: [', /^m\.yaml:\d+:\d+ /],
  ])('with %j as %j is refused with the place', (from, to, expected) => {
    expect(broken(from, to)[0]).toMatch(expected);
  });

  test('may not dispatch lines before it is known that nobody takes them back', () => {
    const problems = problemsOf(shipped.replace('within: 24h', 'within: 48h'));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/reverses\.within: is longer than "after" of fulfilment\.dispatched/);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Grouping, groupings, severities } from '../../streams/events/exception-words.ts';
import { groupExceptions } from '../../streams/exceptions/grouping.ts';
import { findInhibitors } from '../../streams/exceptions/inhibition.ts';
import { areaOf, askInhibitor, callingForSomebody } from '../../streams/exceptions/shown.ts';
import type { OpenException } from '../../streams/operations/exception-state.ts';

const exception = (kind: string, subject: string, more: Partial<OpenException> = {}): OpenException => ({
  id: `EX-${kind}-${subject}`,
  kind,
  subject,
  title: kind,
  detail: '',
  severity: 'medium',
  since: 1_000,
  updatedAt: 1_000,
  deadline: 0,
  moneyAtRisk: 100,
  currency: 'EUR',
  formula: '',
  inputs: {},
  advice: '',
  condition: 'open',
  conditionDue: 0,
  clock: 'test',
  openedAt: 1_000,
  returns: 0,
  work: 'new',
  version: 0,
  owner: 'somebody',
  comments: [],
  ...more,
});

const group = (list: OpenException[], by: Grouping = 'cause') => groupExceptions(list, by, askInhibitor(list), areaOf);
const silent = (more: Partial<OpenException> = {}) => exception('source-silent', 'wms', { source: 'wms', ...more });

test('effects of one cause are one line with the summed amount, also over several steps', () => {
  const list = [
    exception('oversold', 'tea', { moneyAtRisk: 300, severity: 'high', deadline: 9_000, cause: 'supplier-late:ACME' }),
    exception('oversold', 'mug', { moneyAtRisk: 500, deadline: 7_000, since: 500, cause: 'supplier-late:ACME' }),
    exception('ship-by-at-risk', 'north|1', { moneyAtRisk: 50, cause: 'oversold:tea' }),
    exception('parked-too-long', '17'),
  ];
  expect(group(list)).toMatchObject([
    {
      key: 'supplier-late:ACME',
      head: null,
      moneyAtRisk: 850,
      severity: 'high',
      deadline: 7_000,
      since: 500,
      kinds: { oversold: 2, 'ship-by-at-risk': 1 },
    },
    { key: 'parked-too-long:17', head: { kind: 'parked-too-long' }, moneyAtRisk: 100, members: [{ subject: '17' }] },
  ]);
});

test('causes that name each other are one group, with all that follows from them', () => {
  const list = [
    exception('oversold', 'a', { cause: 'negative-stock:n' }),
    exception('negative-stock', 'n', { cause: 'parked-too-long:p' }),
    exception('parked-too-long', 'p', { cause: 'negative-stock:n' }),
  ];
  expect(group(list)).toMatchObject([{ key: 'negative-stock:n', members: { length: 3 }, moneyAtRisk: 300 }]);
});

test('a silent source inhibits what depends on it and heads its group; over or dismissed, it inhibits nothing', () => {
  const leak = exception('reservation-leak', 'tea|north', { dependsOn: ['erp', 'wms'], severity: 'critical' });
  const other = exception('oversold', 'mug');
  expect(callingForSomebody([leak, silent(), other]).map(({ kind }) => kind)).toEqual(['source-silent', 'oversold']);
  expect(group([leak, other, silent()])[0]).toMatchObject({
    key: 'source-silent:wms',
    head: { kind: 'source-silent' },
    moneyAtRisk: 200,
    severity: 'critical',
  });
  for (const quiet of [silent({ work: 'dismissed' }), silent({ condition: 'pending' }), silent({ source: 'erp2' })]) {
    expect(callingForSomebody([leak, quiet])).toContain(leak);
  }
  expect(callingForSomebody([leak, silent({ work: 'acknowledged' })])).not.toContain(leak);
});

test.each([
  ['ship-by-at-risk', 'north|1', 'node-impaired', true],
  ['negative-stock', 'tea|north', 'node-impaired', false],
  ['negative-stock', 'tea|north', 'source-silent', true],
  ['clock-skew', 'erp', 'source-silent', false],
])('%s at a node is inhibited by %s of that node: %s', (kind, subject, by, expected) => {
  const one = exception(kind, subject, { node: 'north' });
  const cause = exception(by, 'x', { node: 'north', source: 'x' });
  expect(askInhibitor([one, cause])(one)).toBe(expected ? `${by}:x` : undefined);
  expect(askInhibitor([one, { ...cause, node: 'south' }])(one)).toBe(undefined);
});

test('an anomaly of a channel is inhibited by the silence of its source, and silences never inhibit each other', () => {
  const anomaly = exception('kpi-anomaly', 'orders/web/', { channel: 'web' });
  const web = silent({ channel: 'web', node: 'north' });
  const north = exception('source-silent', 'pos', { source: 'pos', node: 'north', dependsOn: ['wms'] });
  expect(callingForSomebody([anomaly, web, north])).toEqual([web, north]);
});

test('who needs attention: open or recovering, and neither snoozed nor settled', () => {
  const works = ['new', 'acknowledged', 'in-progress', 'snoozed', 'resolved', 'dismissed'] as const;
  const conditions = ['pending', 'open', 'recovering'] as const;
  const calling = conditions.flatMap((condition) =>
    works.filter((work) => callingForSomebody([exception('oversold', 'x', { condition, work })]).length > 0),
  );
  expect(calling).toEqual(['new', 'acknowledged', 'in-progress', 'new', 'acknowledged', 'in-progress']);
});

test('whatever names whatever as its cause, every exception is in one group and no amount is lost or doubled', () => {
  const kinds = ['oversold', 'negative-stock', 'source-silent', 'node-impaired', 'kpi-anomaly', 'clock-skew'];
  const some = fc.constantFrom('a', 'b', 'c');
  const one = fc.record({
    kind: fc.constantFrom(...kinds),
    subject: some,
    severity: fc.constantFrom(...severities),
    moneyAtRisk: fc.integer({ min: 0, max: 1_000 }),
    node: fc.option(some, { nil: undefined }),
    source: fc.option(some, { nil: undefined }),
    cause: fc.option(fc.tuple(fc.constantFrom(...kinds), some), { nil: undefined }),
    dependsOn: fc.option(fc.array(some), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(one, { selector: ({ kind, subject }) => `${kind}:${subject}`, maxLength: 18 }),
      fc.constantFrom(...groupings),
      fc.integer(),
      (shapes, by, seed) => {
        const list = shapes.map(({ kind, subject, cause, ...more }) =>
          exception(kind, subject, { ...more, cause: cause?.join(':') } as Partial<OpenException>),
        );
        const groups = group(list, by);
        const members = groups.flatMap((found) => found.members);
        expect(new Set(members).size).toBe(members.length);
        expect(members.length).toBe(list.length);
        const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
        expect(sum(groups.map(({ moneyAtRisk }) => moneyAtRisk))).toBe(sum(list.map(({ moneyAtRisk }) => moneyAtRisk)));
        for (const { key, head, members: own } of groups) {
          if (head === null) continue;
          expect(own).toContain(head);
          expect(key).toBe(`${head.kind}:${head.subject}`);
        }
        const shuffled = [...list].sort((a, b) => ((a.id.length * seed) % 7) - ((b.id.length * seed) % 7)).reverse();
        expect(group(shuffled, by)).toEqual(groups);
      },
    ),
    { numRuns: 300 },
  );
});

test('without any inhibitor nothing is inhibited', () => {
  expect(findInhibitors([], areaOf)(exception('oversold', 'tea', { dependsOn: ['wms'] }))).toBe(undefined);
});

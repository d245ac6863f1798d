import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entries } from '../../server/live/contract.ts';
import type { Mirror } from '../../server/live/mirror.ts';
import { createTopics } from '../../server/live/topics.ts';
import { exceptionLinesView } from '../../server/live/views/exception-lines.ts';
import type { OpenException } from '../../streams/operations/exception-state.ts';

const kinds = ['oversold', 'pick-delayed', 'node-impaired', 'source-silent', 'stockout-expected'] as const;
type Step = { name: string; number: number; put: Partial<OpenException> | null };

const nodes = ['BOS-1', 'RNO-1'] as const;
const subjects = ['a', 'b'] as const;
const someName = fc
  .tuple(fc.constantFrom(...kinds), fc.constantFrom(...subjects))
  .map(([kind, subject]) => `${kind}:${subject}`);
const someState = fc.record(
  {
    condition: fc.constantFrom('pending', 'open', 'recovering'),
    work: fc.constantFrom('new', 'snoozed', 'resolved', 'dismissed'),
    moneyAtRisk: fc.nat(3),
    node: fc.constantFrom(...nodes),
    source: fc.constantFrom('wms', 'shop'),
    cause: someName,
  },
  { requiredKeys: ['condition', 'work', 'moneyAtRisk'] },
) as fc.Arbitrary<Partial<OpenException>>;
const someStep: fc.Arbitrary<Step> = fc.record({
  name: someName,
  number: fc.nat(2),
  put: fc.option(someState, { freq: 4 }),
});

function apply(states: Map<string, OpenException>, { name, number, put }: Step): void {
  const [kind, subject] = name.split(':') as [string, string];
  if (put === null) states.delete(name);
  else
    states.set(name, {
      id: put.condition === 'pending' ? '' : `EX-${name}-${number}`,
      kind,
      subject,
      title: kind,
      detail: '',
      severity: 'medium',
      since: 0,
      updatedAt: 0,
      deadline: 0,
      currency: 'EUR',
      formula: '',
      inputs: {},
      advice: '',
      conditionDue: 0,
      clock: 'test',
      openedAt: 1,
      returns: 0,
      version: 0,
      owner: 'somebody',
      comments: [],
      ...put,
    } as OpenException);
}

describe.each(['calling', 'aside'] as const)('the lines of exceptions that are %s', (which) => {
  test('after any history of changes, whoever followed the differences has what a newcomer is told', () => {
    fc.assert(
      fc.property(fc.array(fc.array(someStep, { maxLength: 4 }), { maxLength: 12 }), (batches) => {
        const exception = new Map<string, OpenException>();
        const mirror = { states: { exception } } as unknown as Mirror;
        const view = exceptionLinesView(which);
        const topics = createTopics('test');
        topics.update('lines', view.entries(mirror, 'lines') as Entries);
        const followed = new Map<string, unknown>();
        for (const batch of batches) {
          for (const step of batch) apply(exception, step);
          const changed = new Map([['exception', new Set(batch.map(({ name }) => name))]]);
          const difference = view.difference!(mirror, changed);
          const change =
            difference === null
              ? topics.update('lines', view.entries(mirror, 'lines') as Entries)
              : topics.patch('lines', difference);
          for (const id of change?.remove ?? []) followed.delete(id);
          for (const [id, line] of Object.entries(change?.set ?? {})) followed.set(id, line);
        }
        const anew = exceptionLinesView(which).entries(mirror, 'lines') as Entries;
        expect(Object.fromEntries(followed)).toEqual(anew);
        expect(topics.snapshot('lines')?.entries).toEqual(anew);
      }),
      { numRuns: 400 },
    );
  });
});

test('one changed exception among many is told alone', () => {
  const exception = new Map<string, OpenException>();
  const mirror = { states: { exception } } as unknown as Mirror;
  const put = (subject: string, moneyAtRisk: number) =>
    apply(exception, { name: `oversold:${subject}`, number: 0, put: { condition: 'open', work: 'new', moneyAtRisk } });
  for (let index = 0; index < 500; index += 1) put(`sku-${index}`, 10);
  const view = exceptionLinesView('calling');
  expect(Object.keys(view.entries(mirror, 'exceptions') as Entries)).toHaveLength(500);
  put('sku-7', 11);
  const difference = view.difference!(mirror, new Map([['exception', new Set(['oversold:sku-7'])]]));
  expect(difference).toEqual({
    set: { 'EX-oversold:sku-7-0': expect.objectContaining({ moneyAtRisk: 11 }) },
    remove: [],
  });
});

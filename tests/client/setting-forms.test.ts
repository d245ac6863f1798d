/** What whoever fills in a setting may rely on: every field has an input that fits, and what is wrong is said at the field. */
import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../client/settings/check-setting.ts';
import { pathInWords } from '../../client/settings/field-words.ts';
import { type Field, fieldsOf, type Input } from '../../client/settings/form-fields.ts';
import { policyWords } from '../../client/settings/policy-words.ts';
import { repeated } from '../../client/settings/setting-draft.ts';
import {
  policyKinds,
  schemaOfPart,
  schemaOfPolicy,
  settingsPartNames,
  workspaceSchema,
} from '../../client/settings/setting-schemas.ts';
import { rowsOf, sentencesOf } from '../../client/settings/trial-words.ts';
import { valueInWords } from '../../client/settings/value-words.ts';

const all = [
  ...settingsPartNames.map((part) => ({ name: part, fields: fieldsOf(schemaOfPart(part), part) })),
  ...policyKinds.map((policy) => ({ name: policy, fields: fieldsOf(schemaOfPolicy(policy), policy) })),
  { name: 'workspace', fields: fieldsOf(workspaceSchema, 'workspace') },
];
const inside = (input: Input): readonly Field[] => {
  if (input.kind === 'rows' || input.kind === 'group') return input.fields;
  return input.kind === 'names' ? [input.value] : [];
};
const flat = (fields: readonly Field[]): Field[] => fields.flatMap((field) => [field, ...flat(inside(field.input))]);
const field = (name: string, path: string) =>
  flat(all.find((one) => one.name === name)!.fields).find((one) => one.name === path)!;

describe('forms from schemas', () => {
  it.each(all)('$name has a real input for every field, and never asks who made the change', ({ fields }) => {
    expect(fields.length).toBeGreaterThan(0);
    for (const one of flat(fields)) {
      expect(one.input.kind, one.name).not.toBe('json');
      expect(one.label, one.name).not.toBe('');
    }
    expect(fields.map(({ name }) => name)).not.toContain('by');
  });

  it('know times, time zones, weekdays, choices, moments and units', () => {
    expect(field('nodes', 'cutOff').input).toEqual({ kind: 'time' });
    expect(field('nodes', 'timeZone').input).toEqual({ kind: 'time-zone' });
    expect(field('nodes', 'workdays').input).toEqual({ kind: 'weekdays' });
    expect(field('nodes', 'kind')).toMatchObject({ required: true, input: { kind: 'choice' } });
    expect(field('protection', 'lapsesAt').input).toEqual({ kind: 'moment' });
    expect(field('assertion', 'measure').input).toMatchObject({
      choices: expect.arrayContaining(['sellable', 'on-hand']),
    });
    expect(field('items', 'unitCost').input).toEqual({ kind: 'number', unit: 'money', whole: true });
    expect(field('snapshot', 'rowsLostShare').input).toMatchObject({ unit: 'share' });
    expect(field('orders', 'pickWithinMinutes')).toMatchObject({ fallback: 120, input: { unit: 'min' } });
  });

  it('every policy says what it decides and where that shows', () => {
    for (const policy of policyKinds)
      expect(policyWords[policy], policy).toMatchObject({
        decides: expect.stringMatching(/\.$/),
        used: expect.stringMatching(/\S/),
      });
  });
});

describe('what is wrong', () => {
  it('is said at the field, in the unit it is typed in', () => {
    const node = {
      node: 'B|1',
      cutOff: '25:00',
      kind: 'ship',
      workdays: [9],
      timeZone: 'Nowhere',
      costPerUnit: 1.5,
      carriers: [{}],
    };
    expect(Object.fromEntries(problemsOf(schemaOfPart('nodes'), node))).toEqual({
      node: 'must not contain "|" or control characters',
      name: 'is needed',
      kind: 'must be one of warehouse, store, 3pl, supplier',
      timeZone: 'must be an IANA time zone such as Europe/Berlin',
      cutOff: 'must be HH:MM',
      'workdays.0': 'must be at most 7',
      costPerUnit: 'has more decimals than the currency',
      'carriers.0.carrier': 'is needed',
    });
    expect(problemsOf(schemaOfPolicy('snapshot'), { rowsLostShare: 2 }).get('rowsLostShare')).toBe(
      'must be at most 100 %',
    );
    expect(problemsOf(schemaOfPolicy('excess'), { amountFrom: -5 }).get('amountFrom')).toBe('must be at least 0');
    expect(problemsOf(schemaOfPolicy('allocation'), {}).size).toBe(0);
  });

  it('and what changes are named by words, not by paths', () => {
    expect(pathInWords('ranks.1.rank', 'allocation')).toBe('Ranks 2, Rank');
    expect(pathInWords('channels', 'publication')).toBe('Channels that are told');
    expect(valueInWords(0.15, 'snapshot.sumShare', 'EUR', 100)).toBe('15 %');
    expect(valueInWords(1250, 'nodes.costPerUnit', 'EUR', 100)).toBe('12.50 EUR');
    expect(valueInWords(undefined, 'x', 'EUR', 100)).toBe('nothing');
    expect(valueInWords(['A', 'B'], 'channels.nodes', 'EUR', 100)).toBe('A, B');
  });
});

describe('two people who change one setting', () => {
  it('both keep what only they changed, and of the same field the last to look decides', () => {
    const before = { name: 'Berlin', cutOff: '16:00', buffer: 1, linesPerHour: 100 };
    const mine = { name: 'Berlin Mitte', cutOff: '15:00', linesPerHour: 100 };
    const theirs = { name: 'Berlin', cutOff: '14:00', buffer: 1, linesPerHour: 80, active: false };
    expect(repeated(before, mine, theirs)).toEqual({
      name: 'Berlin Mitte',
      cutOff: '15:00',
      linesPerHour: 80,
      active: false,
    });
  });
});

describe('a trial', () => {
  const asItWas = {
    'units short when accepted': 12,
    'exceptions opened': 3,
    'money at risk when opened': 90_000,
    'opened: oversold': 3,
  };
  it('is told in sentences, the decisions first', () => {
    const asTried = { 'units short when accepted': 2, 'exceptions opened': 4, 'money at risk when opened': 100_000 };
    expect(sentencesOf({ asItWas, asTried, differentDecisions: 5 }, 'EUR')).toEqual([
      '5 decisions about orders would have come out differently.',
      '10 fewer units would have been short when ordered.',
      '1 more exception would have opened.',
      'The exceptions that opened would have stood for €100 more at risk.',
    ]);
    expect(rowsOf({ asItWas, asTried }).at(-1)).toMatchObject({ words: 'Exceptions opened: oversold', was: 3, now: 0 });
  });
  it('says so when nothing would have been different', () => {
    expect(sentencesOf({ asItWas, asTried: asItWas, differentDecisions: 0 }, 'EUR')).toEqual([
      'Nothing would have been different in these days.',
    ]);
  });
});

/** A KPI is judged by the terms that hold, and its chart draws the targets that held in their time. */
import { describe, expect, test } from 'vitest';
import { referencesOf } from '../../client/kpis/references.ts';
import { type KpiEntry, matchesSearch, standingOf } from '../../client/kpis/standing.ts';

const kpi = (changes: Partial<KpiEntry>): KpiEntry =>
  ({
    id: 'on-time-dispatch',
    name: 'On-time dispatch',
    question: 'Do orders leave in time?',
    owner: 'Head of fulfilment',
    group: 'promises',
    unit: 'percent',
    direction: 'up',
    value: 95,
    target: 96,
    thresholds: null,
    waitsFor: null,
    ...changes,
  }) as KpiEntry;

describe('how a KPI stands', () => {
  test.each([
    ['no data is no judgement', { value: null }, null],
    ['what waits for events is no judgement', { waitsFor: 'purchase orders' }, null],
    ['a KPI without direction is no judgement', { direction: 'none' as const }, null],
    ['below the target without thresholds', {}, 'high'],
    ['on target', { value: 96 }, 'ok'],
    ['off target but within bounds', { thresholds: { look: 94, act: 90 } }, 'medium'],
    ['below the first threshold', { value: 93, thresholds: { look: 94, act: 90 } }, 'high'],
    ['below the second', { value: 89, thresholds: { look: 94, act: 90 } }, 'critical'],
    [
      'above is worse where less is better',
      { direction: 'down' as const, value: 3, target: 1, thresholds: { look: 2, act: 4 } },
      'high',
    ],
    ['thresholds without a target', { target: null, thresholds: { look: 90, act: 80 } }, 'ok'],
    ['neither target nor thresholds', { target: null }, null],
  ])('%s', (_, changes, state) => {
    expect(standingOf(kpi(changes)).state).toBe(state);
  });
});

test('a search finds words in any order, in name, question and owner', () => {
  expect(matchesSearch(kpi({}), 'fulfilment dispatch')).toBe(true);
  expect(matchesSearch(kpi({}), 'dispatch returns')).toBe(false);
});

describe('the lines of a chart', () => {
  const version = (number: number, from: number, target: number | null) =>
    ({
      version: number,
      from,
      target,
      owner: '',
      thresholds: null,
      setAt: from,
      by: '',
      note: '',
      inForce: false,
    }) as const;

  test('each target holds until the next one does', () => {
    const termsHistory = [version(2, 200, 97), version(1, 100, 95), version(0, 0, 96)];
    expect(referencesOf({ termsHistory, baselines: [] }, 50, 300)).toEqual([
      { name: 'target', value: 96, from: 50, to: 100 },
      { name: 'target', value: 95, from: 100, to: 200 },
      { name: 'target', value: 97, from: 200, to: 300 },
    ]);
  });
  test('a change of owner alone does not break the line, and no target is no line', () => {
    const termsHistory = [version(2, 200, null), version(1, 100, 96), version(0, 0, 96)];
    expect(referencesOf({ termsHistory, baselines: [] }, 50, 300)).toEqual([
      { name: 'target', value: 96, from: 50, to: 200 },
    ]);
  });
  test('what held before the chart begins or will hold after it ends is left out', () => {
    const termsHistory = [version(2, 900, 97), version(1, 100, 95), version(0, 0, 96)];
    expect(referencesOf({ termsHistory, baselines: [] }, 150, 300)).toEqual([
      { name: 'target', value: 95, from: 150, to: 300 },
    ]);
  });
});

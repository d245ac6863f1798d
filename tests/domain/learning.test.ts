/** What is learned from ratings and facts, and what is proposed from it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scoreOf, surpriseNeeded } from '../../analytics/anomalies/watching/incident.ts';
import { rejudged, replayed } from '../../analytics/learning/effect.ts';
import { type Episode, type Labelled, labelled, type Outcome } from '../../analytics/learning/episode.ts';
import { type Facts, indexFacts } from '../../analytics/learning/facts.ts';
import { claims, outcomesOf } from '../../analytics/learning/outcomes.ts';
import { proposalsOf, withChange } from '../../analytics/learning/proposals.ts';
import { recallOf, recalls } from '../../analytics/learning/recall.ts';
import { figuresOf, totalsOf } from '../../analytics/learning/rule-figures.ts';
import { settledSince, toldAsSetNow, type Version } from '../../server/learning/settled-since.ts';
import { policySchemas } from '../../streams/events/policies.ts';
import { exceptionDefinitions } from '../../streams/exceptions/index.ts';
import { HOUR, MINUTE, T0 } from '../support/fold.ts';

const DAY = 24 * HOUR;
const silent: Outcome = { outcome: 'unknown', because: '' };
const nothing: Facts = { waves: [], empty: [], counts: [], late: [], cancelled: [], planned: [] };

let numbers = 0;
function episode(kind: string, subject: string, more: Partial<Episode> = {}): Episode {
  const about = { sku: '', node: '', channel: '', source: '' };
  const money = { moneyTold: 1_000, moneyAtHarm: 1_000, deadline: 0 };
  const base = { number: `EX-${++numbers}`, kind, subject, title: kind, ...about, ...money };
  return { ...base, openedAt: T0, closedAt: T0 + HOUR, worked: false, dismissedAsFalse: false, signal: null, ...more };
}
const said = (by: string, useful: boolean, at = T0) => ({ by, useful, at });
const settings = {
  definitions: exceptionDefinitions,
  exceptions: policySchemas.exceptions.parse({}),
  signals: policySchemas.signals.parse({}),
};

describe('whether it was worth telling', () => {
  const one = episode('negative-stock', 'a|n');
  const true_: Outcome = { outcome: 'came-true', because: '' };
  const false_: Outcome = { outcome: 'did-not', because: '' };

  test('people know better than facts, and more people better than fewer', () => {
    expect(labelled(one, [said('a', false)], true_)).toMatchObject({ label: 'not-useful', labelledBy: 'rating' });
    expect(labelled(one, [said('a', false), said('b', true), said('c', true)], silent).label).toBe('useful');
  });

  test('the newest of each person counts once', () => {
    const ratings = [said('a', true, T0 + 2), said('a', false, T0 + 1), said('a', false, T0)];
    expect(labelled(one, ratings, silent)).toMatchObject({ label: 'useful', ratings: [{ by: 'a', at: T0 + 2 }] });
  });

  test('people who disagree leave it to the facts', () => {
    expect(labelled(one, [said('a', true), said('b', false)], true_)).toMatchObject({ labelledBy: 'facts' });
  });

  test('what was dismissed as a false alarm was one, unless somebody rated it useful', () => {
    const dismissed = { ...one, dismissedAsFalse: true };
    expect(labelled(dismissed, [], true_)).toMatchObject({ label: 'not-useful', labelledBy: 'dismissal' });
    expect(labelled(dismissed, [said('a', true)], silent).label).toBe('useful');
  });

  test('what did not happen after somebody worked on it is no false alarm', () => {
    expect(labelled(one, [], false_).label).toBe('not-useful');
    expect(labelled({ ...one, worked: true }, [], false_).label).toBe('unknown');
  });
});

describe('outcomes by facts', () => {
  const judge = (all: Episode[], facts: Partial<Facts>, now = T0 + 30 * DAY) =>
    outcomesOf(all, indexFacts({ ...nothing, ...facts }), now).map(({ outcome }) => outcome);

  test('a promise was missed when a line of the wave left late, and not before its moment has come', () => {
    const shipBy = T0 + 2 * HOUR;
    const wave = episode('ship-by-at-risk', `BER-1|${shipBy}`, { node: 'BER-1' });
    const due = { node: 'BER-1', shipBy, lines: 10, late: 1 };
    expect(judge([wave], { waves: [due] })).toEqual(['came-true']);
    expect(judge([wave], { waves: [{ ...due, late: 0 }] })).toEqual(['did-not']);
    expect(judge([wave], { waves: [due] }, shipBy - 1)).toEqual(['unknown']);
    expect(judge([wave], { waves: [{ ...due, node: 'MUC-1' }] })).toEqual(['unknown']);
  });

  test('a stockout came true when nothing was left while it stood', () => {
    const expected = episode('stockout-expected', 'MUG|BER-1', { closedAt: T0 + 5 * HOUR });
    const times = (from: number, to: number) => ({ empty: [{ sku: 'MUG', node: 'BER-1', from, to }] });
    expect(judge([expected], times(T0 + 4 * HOUR, Number.POSITIVE_INFINITY))).toEqual(['came-true']);
    expect(judge([expected], times(T0 - 9 * HOUR, T0 + MINUTE))).toEqual(['came-true']);
    expect(judge([expected], times(T0 - 9 * HOUR, T0))).toEqual(['did-not']);
    expect(judge([expected], times(T0 + 6 * HOUR, T0 + 7 * HOUR))).toEqual(['did-not']);
    expect(judge([{ ...expected, closedAt: null }], {})).toEqual(['unknown']);
  });

  test('a silence was real when events came later', () => {
    const gone = episode('source-silent', 'wms', { source: 'wms' });
    const late = [{ source: 'wms', at: T0 - 10 * MINUTE, events: 3 }];
    expect(judge([gone], { late })).toEqual(['came-true']);
    expect(judge([gone], { late: [{ ...late[0]!, source: 'shop' }] })).toEqual(['did-not']);
    expect(judge([gone], { late: [{ ...late[0]!, at: T0 + HOUR }] })).toEqual(['did-not']);
    expect(judge([{ ...gone, closedAt: null }], { late })).toEqual(['unknown']);
  });

  test('a doubtful record was wrong when the next count says so', () => {
    const doubt = episode('confidence-low', 'MUG|BER-1');
    const count = (at: number, short: number) => ({ sku: 'MUG', node: 'BER-1', at, short });
    expect(judge([doubt], { counts: [count(T0 + 2 * DAY, 0), count(T0 + DAY, 4)] })).toEqual(['came-true']);
    expect(judge([doubt], { counts: [count(T0 - DAY, 4), count(T0 + DAY, 0)] })).toEqual(['did-not']);
    expect(judge([doubt], { counts: [count(T0 + 20 * DAY, 4)] })).toEqual(['unknown']);
  });

  test('a node that had too much to do did, when its orders left late within a day', () => {
    const over = episode('node-over-capacity', 'BER-1', { node: 'BER-1' });
    const wave = (late: number, shipBy = T0 + 5 * HOUR) => ({ waves: [{ node: 'BER-1', shipBy, lines: 9, late }] });
    expect(judge([over], wave(2))).toEqual(['came-true']);
    expect(judge([over], wave(0))).toEqual(['did-not']);
    expect(judge([over], wave(2, T0 + 2 * DAY))).toEqual(['unknown']);
  });

  test('a figure that left its band because a source was silent turned out to be that', () => {
    const anomaly = episode('kpi-anomaly', 'orders/web/', { channel: 'web' });
    const gone = episode('source-silent', 'shop', { source: 'shop', channel: 'web', openedAt: T0 + 30 * MINUTE });
    const late = [{ source: 'shop', at: T0 + 10 * MINUTE, events: 40 }];
    expect(judge([anomaly, gone], { late })).toEqual(['did-not', 'came-true']);
    expect(judge([anomaly, gone], {})).toEqual(['unknown', 'did-not']);
    expect(judge([{ ...anomaly, channel: 'amazon' }, gone], { late })).toEqual(['unknown', 'came-true']);
    const volume = episode('volume-abnormal', 'shop', { source: 'shop', channel: 'web' });
    expect(judge([volume, gone], { late })).toEqual(['came-true', 'came-true']);
  });

  test('what was planned is no news', () => {
    const anomaly = episode('kpi-anomaly', 'orders/web/', { channel: 'web' });
    const plan = { name: 'summer sale', from: T0 - HOUR, to: T0 + HOUR };
    expect(judge([anomaly], { planned: [plan] })).toEqual(['did-not']);
    expect(judge([anomaly], { planned: [{ ...plan, channel: 'amazon' }] })).toEqual(['unknown']);
    expect(judge([anomaly], { planned: [{ ...plan, to: T0 - 1 }] })).toEqual(['unknown']);
  });

  test('kinds that state what is have no outcome, and every claim is of a kind that there is', () => {
    expect(judge([episode('oversold', 'MUG')], {})).toEqual(['unknown']);
    const kinds = exceptionDefinitions.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining([...Object.keys(claims), ...Object.keys(recalls)]));
  });
});

describe('recall', () => {
  test('is of what happened, and only what was told before counts', () => {
    const shipBy = (hour: number) => T0 + hour * HOUR;
    const waves = [1, 2, 3, 4].map((hour) => ({ node: 'N', shipBy: shipBy(hour), lines: 5, late: hour === 4 ? 0 : 1 }));
    const told = [
      episode('ship-by-at-risk', `N|${shipBy(1)}`, { openedAt: T0 }),
      episode('ship-by-at-risk', `N|${shipBy(2)}`, { openedAt: shipBy(2) + 1 }),
    ];
    const recall = recallOf('ship-by-at-risk', told, { ...nothing, waves }, { from: T0, to: T0 + DAY });
    expect(recall).toMatchObject({ happened: 3, told: 1, leadMs: [HOUR] });
    expect(recallOf('oversold', [], nothing, { from: T0, to: T0 + DAY })).toMatchObject({ happened: 0, told: 0 });
    expect(recallOf('clock-skew', [], nothing, { from: T0, to: T0 + DAY })).toBeNull();
  });
});

describe('the figures of a rule', () => {
  test('name ratings and facts apart, and count what was prevented neither way', () => {
    const known = (
      outcome: Outcome['outcome'],
      more: Partial<Episode> = {},
      ratings = [] as ReturnType<typeof said>[],
    ) => labelled(episode('stockout-expected', 'a|n', more), ratings, { outcome, because: '' });
    const all = [
      known('came-true', { worked: true, moneyTold: 900, moneyAtHarm: 400 }),
      known('did-not', { worked: true, moneyTold: 500 }),
      known('did-not', {}, [said('a', false)]),
      known('unknown', { closedAt: null }, [said('a', true)]),
      known('unknown', { dismissedAsFalse: true }),
    ];
    const figures = figuresOf('stockout-expected', all, null, 2);
    expect(figures).toMatchObject({
      told: 5,
      open: 1,
      perDay: 2.5,
      medianMinutes: 60,
      rated: { useful: 1, notUseful: 2, dismissed: 1, precision: 1 / 3 },
      outcomes: { cameTrue: 1, didNot: 1, prevented: 1, unknown: 2, precision: 0.5 },
      money: { exceptions: 2, atRiskWhenTold: 1_400, lost: 400, saved: 1_000 },
    });
    expect(totalsOf(all, [figures], 2)).toMatchObject({ told: 5, falseAlarms: 2, falseAlarmsPerDay: 1, saved: 1_000 });
  });
});

describe('proposals', () => {
  const alarm = (label: Labelled['label'], minutes: number, more: Partial<Episode> = {}): Labelled => ({
    ...episode('negative-stock', `a|${numbers}`, { closedAt: T0 + minutes * MINUTE, ...more }),
    ratings: [],
    outcome: silent,
    label,
    labelledBy: 'rating',
  });
  const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

  test('hold what is soon over by itself, for as short as will do', () => {
    const alarms = [...times(10, () => alarm('not-useful', 12)), ...times(20, () => alarm('useful', 90))];
    const [hold] = proposalsOf(alarms, settings);
    expect(hold).toMatchObject({
      about: 'negative-stock',
      path: ['kinds', 'negative-stock', 'holdMinutes'],
      after: 15,
    });
    const effect = rejudged(alarms, hold!.keeps!);
    expect(effect).toMatchObject({ before: { told: 30 }, after: { told: 20, useful: 20, notUseful: 0 }, lost: [] });
    const body = withChange(settings.exceptions, hold!);
    expect(policySchemas.exceptions.parse(body).kinds['negative-stock']).toMatchObject({ holdMinutes: 15, off: false });
    expect(settings.exceptions.kinds).toEqual({});
  });

  test('never what would silence more than one in twenty useful ones, or tell them when it is too late', () => {
    const bad = times(10, () => alarm('not-useful', 12));
    expect(proposalsOf([...bad, ...times(20, () => alarm('useful', 5))], settings)).toEqual([]);
    const late = times(20, () => alarm('useful', 300, { deadline: T0 + 10 * MINUTE }));
    expect(proposalsOf([...bad, ...late], settings)).toEqual([]);
  });

  test('nothing of a few cases, of unknown ones, or where the policy is as strict already', () => {
    expect(
      proposalsOf(
        times(7, () => alarm('not-useful', 2)),
        settings,
      ),
    ).toEqual([]);
    expect(
      proposalsOf(
        times(50, () => alarm('unknown', 2)),
        settings,
      ),
    ).toEqual([]);
    const kinds = { 'negative-stock': { off: false, holdMinutes: 360, thresholds: {} } };
    const strict = { ...settings, exceptions: { ...settings.exceptions, kinds } };
    expect(
      proposalsOf(
        times(10, () => alarm('not-useful', 12)),
        strict,
      ),
    ).toEqual([]);
  });

  test('leave out altogether what is hardly ever useful', () => {
    const [off, ...others] = proposalsOf(
      times(25, () => alarm('not-useful', 500)),
      settings,
    );
    expect(off).toMatchObject({ path: ['kinds', 'negative-stock', 'off'], after: true });
    expect(others).toEqual([]);
  });

  test('stricter limits only where a rule names which way fewer are told, to be replayed', () => {
    const slow = { kind: 'node-over-capacity', closedAt: T0 + 9 * HOUR };
    const alarms = [
      ...times(10, () => alarm('not-useful', 0, slow)),
      ...times(5, () => alarm('useful', 0, { ...slow, closedAt: T0 + 5 * MINUTE })),
    ];
    expect(proposalsOf(alarms, settings)).toMatchObject([
      { path: ['kinds', 'node-over-capacity', 'thresholds', 'overPercent'], before: null, after: 15, keeps: null },
    ]);
  });

  test('a score for one series, above what was for nothing and below what was useful', () => {
    const signal = (series: string, score: number) => ({
      kind: 'kpi-anomaly',
      signal: { series, score, grainMs: HOUR },
    });
    const alarms = [
      ...[0.51, 0.55, 0.6].map((score) => alarm('not-useful', 60, signal('orders/channel=web', score))),
      ...[0.7, 0.9].map((score) => alarm('useful', 60, signal('orders/channel=web', score))),
      ...[0.51, 0.55].map((score) => alarm('not-useful', 60, signal('orders', score))),
    ];
    const proposals = proposalsOf(alarms, settings);
    expect(proposals).toMatchObject([
      {
        policy: 'signals',
        about: 'orders/channel=web',
        path: ['series', 'orders/channel=web', 'scoreAtLeast'],
        after: 0.65,
      },
    ]);
    const body = policySchemas.signals.parse(withChange(settings.signals, proposals[0]!));
    expect(body.series['orders/channel=web']).toEqual({ off: false, scoreAtLeast: 0.65 });
  });

  test('a score for a KPI with all its series, where no series alone has enough', () => {
    const signal = (series: string, score: number) => ({
      kind: 'kpi-anomaly',
      signal: { series, score, grainMs: HOUR },
    });
    const alarms = [
      ...Array.from({ length: 8 }, (_, node) => alarm('not-useful', 60, signal(`otif/node=${node}`, 0.5))),
      alarm('useful', 60, signal('otif/node=9', 0.7)),
    ];
    const proposal = proposalsOf(alarms, settings).find(({ about }) => about === 'otif');
    expect(proposal).toMatchObject({ about: 'otif', path: ['series', 'otif', 'scoreAtLeast'], after: 0.6 });
    expect(alarms.filter(proposal!.concerns)).toHaveLength(9);
  });

  test('fewer pages of every series, where low scores are for nothing all over', () => {
    const grainMs = 10 * MINUTE;
    const needed = (perWeek: number) => scoreOf(surpriseNeeded(perWeek, grainMs));
    const signal = (at: number, score: number) => ({
      kind: 'kpi-anomaly',
      signal: { series: `kpi-${at}`, score, grainMs },
    });
    const alarms = [
      ...Array.from({ length: 8 }, (_, at) => alarm('not-useful', 60, signal(at, needed(0.12)))),
      ...Array.from({ length: 3 }, (_, at) => alarm('useful', 60, signal(at, needed(0.02)))),
    ];
    const [rarer] = proposalsOf(alarms, settings);
    expect(rarer).toMatchObject({ path: ['alarmsPerSeriesAndWeek'], before: 0.2, after: 0.1 });
    expect(rejudged(alarms, rarer!.keeps!).after).toMatchObject({ told: 3, useful: 3 });
    const body = policySchemas.signals.parse(withChange(settings.signals, rarer!));
    expect(body.alarmsPerSeriesAndWeek).toBe(0.1);
  });

  test('every limit that a rule says fewer of is a limit it has', () => {
    for (const { kind, thresholds = {}, fewerWhen = {} } of exceptionDefinitions)
      expect(Object.keys(thresholds), kind).toEqual(expect.arrayContaining(Object.keys(fewerWhen)));
  });

  test('whatever the alarms are, what is proposed is valid, stricter, and as good as it says', () => {
    const anyAlarm = fc.record({
      kind: fc.constantFrom('negative-stock', 'oversold', 'volume-abnormal', 'kpi-anomaly'),
      label: fc.constantFrom<Labelled['label']>('useful', 'not-useful', 'not-useful', 'unknown'),
      minutes: fc.integer({ min: 0, max: 600 }),
      score: fc.integer({ min: 40, max: 99 }),
    });
    fc.assert(
      fc.property(fc.array(anyAlarm, { minLength: 10, maxLength: 60 }), (drawn) => {
        const alarms = drawn.map(({ kind, label, minutes, score }) =>
          alarm(label, minutes, {
            kind,
            signal: kind === 'kpi-anomaly' ? { series: 'orders', score: score / 100, grainMs: HOUR } : null,
          }),
        );
        for (const proposal of proposalsOf(alarms, settings)) {
          const body = withChange(settings[proposal.policy], proposal);
          expect(policySchemas[proposal.policy].parse(body)).toMatchObject(body);
          if (proposal.keeps === null) continue;
          const concerned = alarms.filter(proposal.concerns);
          const { before, after } = rejudged(concerned, proposal.keeps);
          expect(after.notUseful).toBeLessThan(before.notUseful);
          expect(before.useful - after.useful).toBeLessThanOrEqual(before.useful * 0.05);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the effect of a replay', () => {
  test('matches what opened again to what was told, names what is lost, and counts what is new', () => {
    const useful = { ...labelled(episode('x', 'a'), [said('p', true)], silent) };
    const gone = { ...labelled(episode('x', 'b', { moneyTold: 70 }), [said('p', true)], silent) };
    const spared = { ...labelled(episode('x', 'c'), [said('p', false)], silent) };
    const opening = (subject: string, at: number) => ({ subject, at, title: '', moneyAtRisk: 10 });
    const tried = [opening('a', T0 + 15 * MINUTE), opening('b', T0 + 9 * DAY), opening('d', T0)];
    const effect = replayed([useful, gone, spared], tried);
    expect(effect.before).toMatchObject({ told: 3, useful: 2, notUseful: 1 });
    expect(effect.after).toMatchObject({ told: 3, useful: 1, notUseful: 0, unknown: 2 });
    expect(effect.lost).toMatchObject([{ subject: 'b', moneyAtRisk: 70 }]);
  });

  test('lets one opening stand for one alarm', () => {
    const useful = (openedAt: number) =>
      labelled(episode('x', 'a', { openedAt, closedAt: openedAt + MINUTE }), [said('p', true)], silent);
    const tried = [{ subject: 'a', at: T0 + 10 * MINUTE, title: '', moneyAtRisk: 10 }];
    const effect = replayed([useful(T0), useful(T0 + 5 * MINUTE)], tried);
    expect(effect.after).toMatchObject({ told: 1, useful: 1 });
    expect(effect.lost).toHaveLength(1);
  });
});

describe('since when a setting holds', () => {
  const body = (hold?: number) => ({ kinds: hold === undefined ? {} : { a: { holdMinutes: hold } }, criticalFrom: 1 });
  const of = (versions: Version[], complete = true) =>
    settledSince({ versions, complete }, (one) => (one as ReturnType<typeof body>).kinds.a);

  test('is from the oldest version on that says the same, whatever else of the policy was changed', () => {
    const versions = [
      { at: 4, body: body(15) },
      { at: 3, body: body(15) },
      { at: 2, body: body(5) },
    ];
    expect(of(versions)).toBe(3);
    expect(of(versions.slice(2))).toBe(2);
  });

  test('is from the beginning on where the defaults always held, as far as that is known', () => {
    expect(of([])).toBe(0);
    expect(of([{ at: 4, body: body() }])).toBe(0);
    expect(of([{ at: 4, body: body() }], false)).toBe(4);
    expect(
      of([
        { at: 4, body: body() },
        { at: 3, body: body(5) },
      ]),
    ).toBe(4);
  });

  test('decides what an alarm may teach: what is set for its kind, its KPI, its series, and all series', () => {
    const signals = (series: object, alarmsPerSeriesAndWeek = 0.2) => ({ series, alarmsPerSeriesAndWeek });
    const at = (openedAt: number, series: string) =>
      labelled(episode('kpi-anomaly', 'x', { openedAt, signal: { series, score: 0.5, grainMs: HOUR } }), [], silent);
    const never = { versions: [], complete: true };
    const since = (...versions: Version[]) => toldAsSetNow(never, { versions, complete: true });
    const ofKpi = since({ at: 9, body: signals({ otif: { scoreAtLeast: 0.6 } }) }, { at: 5, body: signals({}) });
    expect([ofKpi(at(8, 'otif/node=N')), ofKpi(at(9, 'otif/node=N')), ofKpi(at(8, 'orders'))]).toEqual([
      false,
      true,
      true,
    ]);
    const ofAll = since({ at: 9, body: signals({}, 0.1) }, { at: 5, body: signals({}) });
    expect([ofAll(at(8, 'orders')), ofAll(at(9, 'orders'))]).toEqual([false, true]);
    const held = { versions: [{ at: 9, body: { kinds: { 'kpi-anomaly': { holdMinutes: 5 } } } }], complete: true };
    expect(toldAsSetNow(held, never)(at(8, 'orders'))).toBe(false);
  });
});

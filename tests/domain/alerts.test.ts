/** Who is told of what: the right person, once, not at night, again when it is worse, and when it is over. */
import { describe, expect, test } from 'vitest';
import { problemsOf } from '../../server/alerts/problems-of.ts';
import { quietUntil } from '../../server/alerts/routing/quiet-hours.ts';
import { alertPolicySchemas } from '../../streams/events/alert-policies.ts';
import { defaultPolicy } from '../../streams/operations/policy.ts';
import {
  type AlertWorld,
  alertPolicy,
  alertWorld,
  directoryOf,
  localTime,
  outlet,
  person,
  zone,
} from '../support/alert-world.ts';
import { createWorld, eventOf } from '../support/world.ts';

const toOps = { routes: [{ name: 'all', to: ['channel:ops'] }] };
const ops = (kind: string, number: string) => `channel:ops ${kind} ${number}`;
const local = (text: string) => localTime(text);

describe('once', () => {
  test('an exception is told once while it stands, and once when it is over', () => {
    const world = alertWorld({ policy: toOps });
    const name = world.open('negative-stock', 'MUG|BER');
    expect(world.turn()).toEqual([ops('opened', 'EX-1')]);
    expect(world.pass(30)).toEqual([]);
    world.close(name);
    expect(world.turn()).toEqual([ops('ended', 'EX-1')]);
    expect(world.pass(30)).toEqual([]);
    expect(world.book.alerts.size).toBe(0);
  });

  test('what is only pending tells nobody, and what recovers is neither told nor ended', () => {
    const world = alertWorld({ policy: toOps });
    const name = world.open('negative-stock', 'MUG|BER', { id: '', condition: 'pending' });
    expect(world.turn()).toEqual([]);
    world.change(name, { id: 'EX-1', condition: 'recovering' });
    expect(world.turn()).toEqual([]);
    world.change(name, { condition: 'open' });
    expect(world.turn()).toEqual([ops('opened', 'EX-1')]);
    world.change(name, { condition: 'recovering' });
    expect(world.turn()).toEqual([]);
    world.change(name, { condition: 'open' });
    expect(world.turn()).toEqual([]);
    world.change(name, { condition: 'recovering' });
    world.turn();
    world.close(name);
    expect(world.turn()).toEqual([ops('ended', 'EX-1')]);
  });

  test('what is over within a minute is told to nobody', () => {
    const world = alertWorld({ policy: { ...toOps, settleMinutes: 1 } });
    const name = world.open('oversold', 'A');
    expect(world.pass(0.5, 0.1)).toEqual([]);
    world.close(name);
    expect(world.pass(5)).toEqual([]);
    world.open('oversold', 'A');
    expect(world.turn(0.9)).toEqual([]);
    expect(world.turn(0.1)).toEqual([ops('opened', 'EX-2')]);
    world.open('oversold', 'B', { openedAt: world.now + 3_600_000 });
    expect(world.turn()).toEqual([ops('opened', 'EX-3')]);
  });

  test('one that ended and came again while nobody looked is told anew', () => {
    const world = alertWorld({ policy: toOps });
    world.close(world.open('negative-stock', 'MUG|BER'));
    world.open('negative-stock', 'MUG|BER');
    expect(world.turn()).toEqual([ops('opened', 'EX-2')]);
    world.open('negative-stock', 'MUG|BER');
    expect(world.turn()).toEqual([ops('opened', 'EX-3')]);
  });

  test('it is told again when it is worse by the share of the policy, and not before', () => {
    const world = alertWorld({ policy: { ...toOps, againWhenWorsePercent: 50 } });
    const name = world.open('negative-stock', 'MUG|BER', { moneyAtRisk: 10_000 });
    world.turn();
    world.change(name, { moneyAtRisk: 14_900 });
    expect(world.turn()).toEqual([]);
    world.change(name, { moneyAtRisk: 15_000 });
    expect(world.turn()).toEqual([ops('worse', 'EX-1')]);
    expect(world.messages.at(-1)!.note).toBe('high, €150, after high, €100');
    world.change(name, { moneyAtRisk: 20_000 });
    expect(world.turn()).toEqual([]);
    world.change(name, { severity: 'critical' });
    expect(world.turn()).toEqual([ops('worse', 'EX-1')]);
  });

  test('who is named twice, as a person and by a role, is told once', () => {
    const world = alertWorld({ policy: { routes: [{ name: 'all', to: ['person:Pia@example.com', 'role:planner'] }] } });
    world.open('negative-stock', 'MUG|BER');
    expect(world.turn()).toEqual(['person:pia@example.com opened EX-1']);
  });
});

describe('one message for one cause', () => {
  const late = { owner: 'buyer', cause: 'supplier-late:ACME', moneyAtRisk: 10_000 };

  test('many of one cause are one message, and others that join it are none until it is worse', () => {
    const world = alertWorld({ policy: toOps });
    for (const sku of ['A', 'B', 'C']) world.open('oversold', sku, late);
    expect(world.turn()).toEqual([ops('opened', 'EX-1')]);
    const [{ items }] = world.messages as [AlertWorld['messages'][number]];
    expect(items[0]).toMatchObject({
      subject: 'supplier-late:ACME',
      title: 'oversold A, and 2 more of the same cause',
      money: { amount: 30_000, currency: 'EUR' },
    });
    world.open('oversold', 'D', late);
    expect(world.turn()).toEqual([]);
    world.open('oversold', 'E', late);
    expect(world.turn()).toEqual([ops('worse', 'EX-1')]);
    for (const sku of ['A', 'B', 'C', 'D']) world.close(`oversold:${sku}`);
    expect(world.turn()).toEqual([]);
    world.close('oversold:E');
    expect(world.turn()).toEqual([ops('ended', 'EX-5')]);
    expect(world.messages.at(-1)!.items[0]!.subject).toBe('supplier-late:ACME');
  });

  test('a source that falls silent is told, and what it makes doubtful is neither told nor ended by that', () => {
    const world = alertWorld({ policy: toOps });
    const before = world.open('negative-stock', 'MUG|BER', { dependsOn: ['wms'] });
    expect(world.turn()).toEqual([ops('opened', 'EX-1')]);
    const silent = world.open('source-silent', 'wms', { source: 'wms', node: 'BER' });
    const during = world.open('negative-stock', 'TEA|BER', { dependsOn: ['wms'] });
    expect(world.turn()).toEqual([ops('opened', 'EX-2')]);
    expect(world.messages.at(-1)!.items[0]!.because).toEqual([
      '2 more stand beneath it: what they state is doubtful while it lasts.',
    ]);
    expect(world.alert(before)!.state).toBe('beneath');
    world.close(silent);
    expect(world.turn()).toEqual([ops('opened', 'EX-3'), ops('ended', 'EX-2')]);
    world.close(before);
    world.close(during);
    expect(world.turn(40).sort()).toEqual([ops('ended', 'EX-1'), ops('ended', 'EX-3')]);
  });

  test('one that turns out to follow from a cause is not told a second time with it', () => {
    const world = alertWorld({ policy: toOps });
    const name = world.open('oversold', 'A', { moneyAtRisk: 10_000 });
    world.turn();
    world.change(name, { cause: 'supplier-late:ACME' });
    expect(world.turn()).toEqual([]);
    world.open('oversold', 'B', late);
    expect(world.turn()).toEqual([ops('worse', 'EX-1')]);
  });

  test('a cause that is found behind what was told is told itself', () => {
    const world = alertWorld({ policy: toOps });
    world.open('pick-delayed', 'BER', { cause: 'node-impaired:BER' });
    world.turn();
    world.open('node-impaired', 'BER', { moneyAtRisk: 0 });
    expect(world.turn()).toEqual([ops('opened', 'EX-2')]);
    expect(world.messages.at(-1)!.items[0]!.subject).toBe('node-impaired:BER');
  });
});

test('a message about an unusual figure says which values made the change', () => {
  const fold = createWorld();
  const at = localTime('2026-03-02T09:50');
  const roots = [
    { values: { channel: 'web', category: 'Lamps' }, share: 0.62, value: 12, expected: 60 },
    { values: { node: 'BER' }, share: -0.1, value: 9, expected: 2 },
  ];
  const found = {
    kpi: 'orders',
    at,
    value: 4,
    low: 20,
    expected: 30,
    high: 40,
    score: 0.9,
    what: 'drop',
    roots,
  } as const;
  fold.apply(eventOf('anomaly.detected', found, { at, source: 'tideline' }));
  const world = alertWorld({ policy: toOps });
  for (const exception of fold.all('exception'))
    world.standing.set(`${exception.kind}:${exception.subject}`, exception);
  expect(world.turn()).toEqual([ops('opened', 'EX-1')]);
  expect(world.messages[0]!.items[0]!.because).toEqual([
    'channel web, category Lamps: 62 % of the change',
    'node BER: -10 % of the change',
  ]);
  // What is found next replaces it, also when nobody could say why.
  fold.apply(eventOf('anomaly.detected', { ...found, roots: [] }, { at: at + 1, source: 'tideline' }));
  expect(fold.all('exception')[0]).not.toHaveProperty('because');
});

describe('the right person', () => {
  const people = directoryOf(
    [person('pia'), person('ben'), person('ada', 'admin'), { ...person('old'), disabled: true }],
    [outlet('ops'), outlet('fire', { on: false })],
  );
  const routes = [
    { name: 'north', when: { nodes: ['BER'], moneyFrom: 5_000 }, to: ['person:ben@example.com'] },
    { name: 'owners', when: { severityAtLeast: 'high' }, to: ['owner'] },
    { name: 'shown only', to: [] },
  ];
  const policy = { routes, owners: { buyer: ['channel:ops'] } };

  test('the first route that fits holds, and what fits none tells nobody', () => {
    const world = alertWorld({ policy, directory: people });
    world.open('negative-stock', 'A|BER', { node: 'BER' });
    world.open('negative-stock', 'B|BER', { node: 'BER', moneyAtRisk: 4_999, severity: 'medium' });
    world.open('oversold', 'C', { owner: 'buyer' });
    expect(world.turn().sort()).toEqual([ops('opened', 'EX-3'), 'person:ben@example.com opened EX-1']);
  });

  test('the owner is the assignee, else whom the policy names, else the planners, else the admins', () => {
    const world = alertWorld({ policy, directory: people });
    world.open('oversold', 'C', { owner: 'somebody else' });
    expect(world.turn().sort()).toEqual(['person:ben@example.com opened EX-1', 'person:pia@example.com opened EX-1']);
    const name = world.open('oversold', 'D', { owner: 'buyer' });
    expect(world.turn()).toEqual([ops('opened', 'EX-2')]);
    world.change(name, { assignee: 'pia@example.com', lastWork: { event: '1', what: 'assigned', by: 'ada', at: 1 } });
    expect(world.turn()).toEqual(['person:pia@example.com opened EX-2']);
    expect(world.messages.at(-1)!.note).toBe('assigned to you by ada');
    world.open('oversold', 'E', { owner: 'buyer', assignee: 'old@example.com' });
    expect(world.turn()).toEqual([ops('opened', 'EX-3')]);
    world.directory = directoryOf([person('ada', 'admin')]);
    world.open('oversold', 'F', { owner: 'somebody else' });
    expect(world.turn()).toContain('person:ada@example.com opened EX-4');
  });

  test('nobody is told of what they have just taken on themselves', () => {
    const world = alertWorld({ policy: { routes: [{ name: 'all', to: ['role:planner'] }] }, directory: people });
    world.open('oversold', 'A', {
      assignee: 'pia@example.com',
      lastWork: { event: '1', what: 'assigned', by: 'pia@example.com', at: 1 },
    });
    expect(world.turn()).toEqual(['person:ben@example.com opened EX-1']);
  });

  test('who cannot be told is named with the reason, and told as soon as they can be', () => {
    const world = alertWorld({
      policy: {
        routes: [{ name: 'all', to: ['channel:gone', 'channel:fire', 'role:executive', 'person:old@example.com'] }],
      },
      directory: people,
    });
    const name = world.open('oversold', 'A');
    expect(world.turn()).toEqual([]);
    expect(world.alert(name)).toMatchObject({
      state: 'unreachable',
      unreachable: [
        { recipient: 'channel:gone', why: 'there is no channel gone' },
        { recipient: 'channel:fire', why: 'the channel fire is switched off' },
        { recipient: 'role:executive', why: 'nobody is an executive' },
        { recipient: 'person:old@example.com', why: 'old@example.com has left' },
      ],
    });
    world.directory = directoryOf([{ ...person('old'), disabled: true }], [outlet('fire')]);
    expect(world.turn()).toEqual(['channel:fire opened EX-1']);
  });

  test('without a mail server nobody is told by mail, and channels are told all the same', () => {
    const both = { routes: [{ name: 'all', to: ['channel:ops', 'role:planner'] }] };
    const world = alertWorld({ policy: both, directory: { ...people, mail: false } });
    const name = world.open('oversold', 'A');
    expect(world.turn()).toEqual([ops('opened', 'EX-1')]);
    expect(world.alert(name)!.unreachable).toEqual([
      { recipient: 'role:planner', why: 'no mail server is configured' },
    ]);
  });

  test('while the policy is off nobody is told of anything', () => {
    const world = alertWorld({ policy: toOps });
    const name = world.open('oversold', 'A');
    world.turn();
    world.policy = { ...world.policy, on: false };
    world.open('oversold', 'B');
    world.close(name);
    expect(world.pass(10)).toEqual([]);
    world.policy = { ...world.policy, on: true };
    expect(world.turn()).toEqual([ops('opened', 'EX-2')]);
  });
});

describe('when nobody acts', () => {
  const policy = {
    routes: [
      {
        name: 'all',
        to: ['channel:ops'],
        escalate: [
          { afterMinutes: 60, to: ['role:admin'] },
          { afterMinutes: 30, to: ['role:planner'] },
        ],
      },
    ],
  };

  test('others are told, one step after the other', () => {
    const world = alertWorld({ policy });
    const name = world.open('oversold', 'A');
    expect(world.turn()).toEqual([ops('opened', 'EX-1')]);
    const begun = world.now;
    expect(world.pass(29)).toEqual([]);
    expect(world.alert(name)!.escalates).toEqual({ at: begun + 30 * 60_000, to: ['role:planner'] });
    expect(world.turn(1)).toEqual(['person:pia@example.com still EX-1']);
    expect(world.messages.at(-1)!.note).toBe('nobody has acted for 30 minutes');
    expect(world.pass(30)).toEqual(['person:ada@example.com still EX-1']);
    world.close(name);
    expect(world.turn().map((line) => line.split(' ')[1])).toEqual(['ended', 'ended', 'ended']);
  });

  test('whoever has acknowledged it ends that', () => {
    const world = alertWorld({ policy });
    const name = world.open('oversold', 'A');
    world.turn();
    world.change(name, { work: 'acknowledged', acknowledgedBy: 'pia@example.com' });
    expect(world.pass(120)).toEqual([]);
    expect(world.alert(name)).toMatchObject({ state: 'attended', attendedBy: 'pia@example.com', escalates: null });
  });

  test('where nobody can be told at first, the next are told after the same time', () => {
    const world = alertWorld({ policy, directory: directoryOf([person('pia')]) });
    world.open('oversold', 'A');
    expect(world.pass(30)).toEqual([]);
    expect(world.pass(1)).toEqual(['person:pia@example.com still EX-1']);
  });

  test('channels that keep books of it hear who is at it, once', () => {
    const directory = directoryOf([], [outlet('ops', { hearsAcknowledgement: true })]);
    const world = alertWorld({ policy: toOps, directory });
    const name = world.open('oversold', 'A');
    world.turn();
    world.change(name, { work: 'in-progress', acknowledgedBy: 'pia@example.com' });
    expect(world.turn()).toEqual([ops('acknowledged', 'EX-1')]);
    expect(world.pass(5)).toEqual([]);
  });

  test('what is snoozed is left alone, and calls back who snoozed it', () => {
    const world = alertWorld({ policy });
    const name = world.open('oversold', 'A');
    world.turn();
    const lastWork = { event: '1', what: 'snoozed', by: 'pia@example.com', at: 1 };
    world.change(name, { work: 'snoozed', lastWork });
    expect(world.pass(200)).toEqual([]);
    expect(world.alert(name)!.state).toBe('asleep');
    world.change(name, { work: 'new' });
    expect(world.turn().sort()).toEqual([ops('still', 'EX-1'), 'person:pia@example.com still EX-1']);
    expect(world.messages.at(-1)!.note).toBe('its snooze is over');
    expect(world.pass(29)).toEqual([]);
    expect(world.pass(31)).toEqual(['person:ada@example.com still EX-1']);
  });

  test('what somebody resolved has ended for those who were told, and is told anew when it comes back', () => {
    const world = alertWorld({ policy: toOps });
    const name = world.open('oversold', 'A');
    world.turn();
    const settled = { by: 'pia', at: 1, reason: 'counted', because: '', moneyAtRisk: 1, severity: 'high' } as const;
    world.change(name, { work: 'resolved', settled });
    expect(world.turn()).toEqual([ops('ended', 'EX-1')]);
    expect(world.messages.at(-1)!.note).toBe('resolved by pia: counted');
    const { settled: _, ...anew } = world.standing.get(name)!;
    world.standing.set(name, { ...anew, work: 'new' });
    expect(world.turn()).toEqual([ops('opened', 'EX-1')]);
  });
});

describe('quiet hours', () => {
  const nights = { name: 'nights', from: '22:00', to: '07:00' };
  const quietly = (more: object = {}) => ({
    routes: [{ name: 'all', to: ['channel:ops'], quietHours: 'nights' }],
    quietHours: [{ ...nights, ...more }],
  });

  test('what came at night is told in the morning, as one message, and what went again is not', () => {
    const world = alertWorld({ policy: quietly(), at: '2026-03-02T23:00' });
    const gone = world.open('oversold', 'A');
    world.open('oversold', 'B');
    world.open('oversold', 'C', { moneyAtRisk: 20_000 });
    expect(world.pass(60)).toEqual([]);
    expect(world.alert(gone)).toMatchObject({
      state: 'held',
      waiting: [{ target: 'channel:ops', kind: 'opened', from: local('2026-03-03T07:00'), why: 'quiet hours: nights' }],
    });
    world.close(gone);
    expect(world.pass(420 - 1)).toEqual([]);
    expect(world.turn(1)).toEqual([ops('digest', 'EX-3 EX-2')]);
    expect(world.messages.at(-1)).toMatchObject({ count: 2, note: '2 at once, after the quiet hours' });
  });

  test('one alone is told as it is, and says why it comes late', () => {
    const world = alertWorld({ policy: quietly(), at: '2026-03-02T23:00' });
    world.open('oversold', 'A');
    world.turn();
    world.now = local('2026-03-03T07:00');
    expect(world.turn()).toEqual([ops('opened', 'EX-1')]);
    expect(world.messages.at(-1)!.note).toBe('after the quiet hours');
  });

  test('what is critical, or costs enough, is told at night, and so is its end', () => {
    const world = alertWorld({ policy: quietly({ exceptMoneyFrom: 50_000 }), at: '2026-03-02T23:00' });
    const critical = world.open('oversold', 'A', { severity: 'critical' });
    const grows = world.open('oversold', 'B');
    expect(world.turn()).toEqual([ops('opened', 'EX-1')]);
    world.change(grows, { moneyAtRisk: 50_000 });
    expect(world.turn()).toEqual([ops('opened', 'EX-2')]);
    world.close(critical);
    expect(world.turn()).toEqual([ops('ended', 'EX-1')]);
  });

  test('the end of what was told by day is told in the morning', () => {
    const world = alertWorld({ policy: quietly(), at: '2026-03-02T21:00' });
    const name = world.open('oversold', 'A');
    world.turn();
    world.now = local('2026-03-02T22:30');
    world.close(name);
    expect(world.pass(60)).toEqual([]);
    expect(world.alert(name)).toMatchObject({ state: 'ended' });
    world.now = local('2026-03-03T07:00');
    expect(world.turn()).toEqual([ops('ended', 'EX-1')]);
  });

  test('nobody has failed to act on what was held back: others are told only after that time', () => {
    const policy = quietly();
    const escalate = [{ afterMinutes: 30, to: ['role:admin'] }];
    const world = alertWorld({
      policy: { ...policy, routes: [{ ...policy.routes[0], escalate }] },
      at: '2026-03-02T23:00',
    });
    world.open('oversold', 'A');
    world.turn();
    world.now = local('2026-03-03T07:00');
    expect(world.turn()).toEqual([ops('opened', 'EX-1')]);
    expect(world.pass(29)).toEqual([]);
    expect(world.turn(1)).toEqual(['person:ada@example.com still EX-1']);
  });

  const quiet = (more: object) =>
    alertPolicySchemas.alerts.parse({ quietHours: [{ ...nights, ...more }] }).quietHours[0]!;
  const ends = (more: object, at: string) => {
    const until = quietUntil(quiet(more), local(at), zone);
    return until === null ? null : new Date(until).toISOString();
  };

  test('they begin on the days that are named, and end on the next morning', () => {
    const friday = { days: [5] };
    expect(ends(friday, '2026-03-06T21:59')).toBeNull();
    expect(ends(friday, '2026-03-06T22:00')).toBe('2026-03-07T06:00:00.000Z');
    expect(ends(friday, '2026-03-07T06:59')).toBe('2026-03-07T06:00:00.000Z');
    expect(ends(friday, '2026-03-07T07:00')).toBeNull();
    expect(ends(friday, '2026-03-07T23:00')).toBeNull();
    expect(ends({ from: '12:00', to: '13:00' }, '2026-03-06T12:30')).toBe('2026-03-06T12:00:00.000Z');
  });

  test('whole days that follow each other are one quiet', () => {
    const weekend = { days: [6, 7], from: '00:00', to: '00:00' };
    expect(ends(weekend, '2026-03-07T09:00')).toBe('2026-03-08T23:00:00.000Z');
    expect(ends(weekend, '2026-03-09T00:00')).toBeNull();
  });

  test('they last as long as the clocks on the wall say when these change', () => {
    // The night of 29 March has an hour less, the one of 25 October an hour more.
    expect(ends({}, '2026-03-28T23:00')).toBe('2026-03-29T05:00:00.000Z');
    expect(ends({}, '2026-10-24T23:00')).toBe('2026-10-25T06:00:00.000Z');
    // 02:30 is left out in March, and comes twice in October: the quiet has both.
    expect(ends({ to: '02:30' }, '2026-03-28T23:00')).toBe('2026-03-29T01:30:00.000Z');
    expect(ends({ to: '02:30' }, '2026-10-24T23:00')).toBe('2026-10-25T01:30:00.000Z');
  });

  test('they follow their own zone where they name one', () => {
    expect(ends({ timeZone: 'America/New_York' }, '2026-03-02T10:00')).toBe('2026-03-02T12:00:00.000Z');
  });
});

describe('a digest instead of a flood', () => {
  const policy = { ...toOps, digest: { moreThan: 3, withinMinutes: 10 } };

  test('more at once than the policy has are one message with the list, the worst first', () => {
    const world = alertWorld({ policy });
    for (let one = 1; one <= 40; one++) world.open('oversold', `S${one}`, { moneyAtRisk: one * 100 });
    const told = world.turn();
    expect(told).toHaveLength(1);
    expect(world.messages[0]).toMatchObject({ kind: 'digest', count: 40, note: '40 at once' });
    expect(world.messages[0]!.items).toHaveLength(20);
    expect(world.messages[0]!.items[0]).toMatchObject({ number: 'EX-40', kind: 'opened' });
    expect(world.messages[0]!.exceptions).toHaveLength(40);
    expect(world.pass(30)).toEqual([]);
    for (const name of [...world.standing.keys()]) world.close(name);
    expect(world.turn()).toHaveLength(1);
    expect(world.messages.at(-1)).toMatchObject({ kind: 'digest', count: 40, note: '40 at once, all of them over' });
  });

  test('who keeps incidents of its own hears of every one that is over', () => {
    const directory = directoryOf([], [outlet('ops', { hearsAcknowledgement: true })]);
    const world = alertWorld({ policy, directory });
    for (let one = 1; one <= 40; one++) world.open('oversold', `S${one}`);
    world.turn();
    expect(world.messages[0]!.items).toHaveLength(20);
    for (const name of [...world.standing.keys()].slice(0, 35)) world.close(name);
    world.open('oversold', 'new');
    world.turn(40);
    const { items, count } = world.messages.at(-1)!;
    expect(count).toBe(36);
    expect(items.filter(({ kind }) => kind === 'ended')).toHaveLength(35);
    expect(items[0]).toMatchObject({ kind: 'opened', number: 'EX-41' });
  });

  test('after as many single ones as it has, the others come together', () => {
    const world = alertWorld({ policy });
    const told: string[] = [];
    for (let one = 1; one <= 16; one++) {
      if (one <= 12) world.open('oversold', `S${one < 10 ? 0 : ''}${one}`);
      told.push(...world.turn(1).map((line) => `${one}: ${line.replace('channel:ops ', '')}`));
    }
    expect(told).toEqual([
      '1: opened EX-1',
      '2: opened EX-2',
      '3: opened EX-3',
      // The first that is one too many would have been a digest, had it not been alone.
      '4: opened EX-4',
      // From the eleventh minute on there is room for single ones again, and from the fourteenth for a digest.
      '11: opened EX-5',
      '12: opened EX-6',
      '13: opened EX-7',
      '14: digest EX-8 EX-9 EX-10 EX-11 EX-12',
    ]);
  });

  test('who does not take what was sent gets no more until they do, and then what still stands', () => {
    const world = alertWorld({ policy });
    world.queued.set('channel:ops', 20);
    const gone = world.open('oversold', 'A');
    world.open('oversold', 'B');
    expect(world.pass(60)).toEqual([]);
    expect(world.alert(gone)!.waiting[0]).toMatchObject({
      from: 0,
      why: 'what was sent before has not been taken yet',
    });
    world.close(gone);
    world.queued.clear();
    expect(world.turn()).toEqual([ops('opened', 'EX-2')]);
  });
});

test('what keeps messages from leaving is said in sentences', () => {
  const policy = alertPolicy({
    routes: [
      {
        name: 'all',
        to: ['owner', 'channel:gone'],
        quietHours: 'siesta',
        escalate: [{ afterMinutes: 5, to: ['channel:fire'] }],
      },
    ],
  });
  const begun = { turn: 1, epoch: 'e', seq: 0, lookedAt: 0, sent: {} };
  const directory = directoryOf([person('pia')], [outlet('fire', { on: false })], false);
  expect(problemsOf(policy, directory, { ...begun, live: false }, 0)).toEqual([
    'Business has not reached the present yet: what arrives of a past calls for nobody.',
    'No mail server is configured: people cannot be told by mail (--smtp-url).',
    'The policy names channel:fire, which is switched off.',
    'The policy names channel:gone, and there is no such channel.',
    'The route all names the quiet hours siesta, and there are none of that name.',
  ]);
  const fine = directoryOf([person('pia')], [outlet('ops')]);
  expect(problemsOf(alertPolicy(toOps), fine, { ...begun, live: true }, 0)).toEqual([]);
});

test('without a policy of their own, people are told of what is critical or high, and admins when nobody acts', () => {
  const world = alertWorld({ policy: { ...defaultPolicy('alerts'), settleMinutes: 0 } });
  world.open('oversold', 'A', { severity: 'critical' });
  world.open('oversold', 'B', { severity: 'medium' });
  expect(world.turn()).toEqual(['person:pia@example.com opened EX-1']);
  expect(world.pass(30)).toEqual(['person:ada@example.com still EX-1']);
  world.now = local('2026-03-02T21:00');
  world.open('oversold', 'C');
  world.open('oversold', 'D', { severity: 'critical' });
  expect(world.turn()).toEqual(['person:pia@example.com opened EX-4']);
});

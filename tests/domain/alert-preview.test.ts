/** Who would be told of an exception, when and why: the same as will be told, said before. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { previewOf } from '../../server/alerts/preview.ts';
import { alertPreview } from '../../server/http/contract/alerts.ts';
import type { OpenException } from '../../streams/operations/states.ts';
import {
  type AlertWorld,
  alertWorld,
  directoryOf,
  exceptionOf,
  localTime,
  outlet,
  person,
  zone,
} from '../support/alert-world.ts';

const policy = {
  routes: [
    { name: 'north', when: { nodes: ['BER'], moneyFrom: 50_000 }, to: ['channel:ops'] },
    {
      name: 'bad',
      when: { severityAtLeast: 'high' },
      to: ['owner', 'channel:gone'],
      escalate: [{ afterMinutes: 30, to: ['role:admin'] }],
      quietHours: 'nights',
    },
  ],
  quietHours: [{ name: 'nights', from: '22:00', to: '07:00' }],
};

const preview = (world: AlertWorld, exception: OpenException, at = world.now) =>
  alertPreview.parse(
    previewOf(exception, {
      at,
      policy: world.policy,
      directory: world.directory,
      standing: world.standing,
      alerts: world.book.alerts,
      timeZone: zone,
    }),
  );
const whom = ({ told }: ReturnType<typeof preview>) => told.map(({ target, when }) => `${target} ${when}`);

test('it names the route that holds, why others do not, who is told, who cannot be, and who comes next', () => {
  const world = alertWorld({ policy });
  const answer = preview(world, exceptionOf('oversold', 'A', { node: 'BER', id: '' }));
  expect(answer).toMatchObject({
    route: 'bad',
    passed: [{ route: 'north', why: 'less money is at risk' }],
    silent: null,
    cause: null,
    quietHours: null,
    unreachable: [{ recipient: 'channel:gone', why: 'there is no channel gone' }],
    tellEnd: true,
  });
  expect(answer.told).toEqual([
    {
      recipient: 'owner',
      target: 'person:pia@example.com',
      name: 'pia',
      when: 'now',
      from: world.now,
      why: 'takes care of it for the inventory planner',
    },
  ]);
  expect(answer.escalations).toMatchObject([
    { afterMinutes: 30, told: [{ target: 'person:ada@example.com', when: 'later', from: world.now + 30 * 60_000 }] },
  ]);
  expect(preview(world, exceptionOf('oversold', 'A', { node: 'BER', moneyAtRisk: 50_000 })).route).toBe('north');
  expect(preview(world, exceptionOf('oversold', 'A', { severity: 'low' }))).toMatchObject({ route: null, told: [] });
});

test('at night it says when the quiet ends, and whether this one breaks it', () => {
  const world = alertWorld({ policy });
  const night = localTime('2026-03-02T23:00');
  const morning = localTime('2026-03-03T07:00');
  const quiet = preview(world, exceptionOf('oversold', 'A'), night);
  expect(quiet.quietHours).toEqual({ name: 'nights', until: morning, broken: null });
  expect(quiet.told[0]).toMatchObject({ when: 'later', from: morning, why: 'quiet hours: nights' });
  expect(quiet.escalations[0]!.told[0]).toMatchObject({ when: 'later', from: morning + 30 * 60_000 });
  const loud = preview(world, exceptionOf('oversold', 'A', { severity: 'critical' }), night);
  expect(loud.quietHours).toMatchObject({ broken: 'it is critical' });
  expect(whom(loud)).toEqual(['person:pia@example.com now']);
});

test('who was told knows, and nobody else is told while somebody is at it', () => {
  const world = alertWorld({ policy });
  const name = world.open('oversold', 'A');
  world.turn();
  expect(preview(world, world.standing.get(name)!).told[0]).toMatchObject({ when: 'knows', why: 'was told: opened' });
  world.directory = directoryOf([person('pia'), person('ben')], [outlet('ops')]);
  expect(whom(preview(world, world.standing.get(name)!))).toEqual([
    'person:pia@example.com knows',
    'person:ben@example.com now',
  ]);
  world.change(name, { work: 'acknowledged', acknowledgedBy: 'pia@example.com' });
  expect(whom(preview(world, world.standing.get(name)!))).toEqual([
    'person:pia@example.com knows',
    'person:ben@example.com attended',
  ]);
});

test('what calls for nobody says why', () => {
  const world = alertWorld({ policy });
  const name = world.open('negative-stock', 'A|BER', { dependsOn: ['wms'] });
  const of = (more: Partial<OpenException>) => preview(world, { ...world.standing.get(name)!, ...more }).silent;
  expect(of({ condition: 'pending' })).toBe('It is only pending, and may come to nothing.');
  expect(of({ condition: 'recovering' })).toBe('It seems over.');
  expect(of({ work: 'snoozed' })).toBe('It is snoozed.');
  expect(of({ work: 'dismissed' })).toBe('It was dismissed.');
  world.open('source-silent', 'wms', { source: 'wms', title: 'wms is silent' });
  expect(of({})).toBe('It stands beneath wms is silent, and what it states is doubtful.');
  world.policy = { ...world.policy, on: false };
  expect(of({})).toBe('The policy alerts is off.');
});

test('one of many of a cause is told with them', () => {
  const world = alertWorld({ policy });
  for (const sku of ['A', 'B', 'C']) world.open('oversold', sku, { cause: 'supplier-late:ACME' });
  expect(preview(world, world.standing.get('oversold:B')!)).toMatchObject({
    cause: { key: 'supplier-late:ACME', exceptions: 3 },
    moneyAtRisk: 30_000,
  });
});

test('who is told now is who is told by the next look', () => {
  const any = fc.record({
    kind: fc.constantFrom('oversold', 'negative-stock', 'pick-delayed'),
    severity: fc.constantFrom('critical', 'high', 'medium', 'low'),
    moneyAtRisk: fc.integer({ min: 0, max: 100_000 }),
    node: fc.constantFrom('BER', 'HAM'),
    work: fc.constantFrom('new', 'acknowledged'),
    assignee: fc.constantFrom(undefined, 'pia@example.com', 'gone@example.com'),
    acknowledgedBy: fc.constantFrom(undefined, 'ben@example.com'),
    openedAgoMinutes: fc.constantFrom(0, 1, 5),
    hour: fc.integer({ min: 0, max: 23 }),
  } as const);
  fc.assert(
    fc.property(any, ({ kind, openedAgoMinutes, hour, assignee, acknowledgedBy, ...more }) => {
      const at = `2026-03-02T${String(hour).padStart(2, '0')}:30`;
      const directory = directoryOf([person('pia'), person('ben'), person('ada', 'admin')], [outlet('ops')]);
      const world = alertWorld({ policy: { ...policy, settleMinutes: 1 }, directory, at });
      const name = world.open(kind, 'A', {
        ...more,
        openedAt: world.now - openedAgoMinutes * 60_000,
        ...(assignee === undefined ? {} : { assignee }),
        ...(acknowledgedBy === undefined ? {} : { acknowledgedBy }),
      });
      const { told } = preview(world, world.standing.get(name)!);
      const now = told.filter(({ when }) => when === 'now').map(({ target }) => `${target} opened EX-1`);
      expect(world.turn().sort()).toEqual(now.sort());
    }),
    { numRuns: 100 },
  );
});

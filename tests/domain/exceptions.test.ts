import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { workStates } from '../../streams/events/exception-words.ts';
import type { Event, EventInput } from '../../streams/events/index.ts';
import { whenDue, whenGone } from '../../streams/exceptions/condition.ts';
import {
  isAtRisk,
  isWorse,
  needsAttention,
  type WorkStep,
  workAfter,
  workSteps,
} from '../../streams/exceptions/work-machine.ts';
import { createWorld, eventOf, expectSound, MINUTE, openShop, orderOf, T0, type World } from '../support/fold.ts';
import { expectExceptions } from '../support/sound-exceptions.ts';

const LETTERS = 'dead-letters-waiting:shop';

/** Each dead letter of the shop puts 900 at risk. */
function openWorld(policy: object = {}) {
  const world = createWorld();
  openShop(world);
  const body = { kinds: { 'dead-letters-waiting': policy } };
  world.apply(
    eventOf('policy.defined', { policy: 'exceptions', body } as EventInput<'policy.defined'>),
    orderOf('1', 1, {}, { source: 'shop' }),
  );
  return world;
}

const rejected = (at: number) =>
  eventOf('delivery.rejected', { deliveryId: 'd', source: 'shop', reason: 'x' }, { at, source: 'tideline' });
const settled = (at: number) =>
  eventOf('delivery.settled', { deliveryId: 'd', source: 'shop', how: 'replayed' }, { at, source: 'tideline' });
const known = (world: World) => world.get('exception', LETTERS);
const changes = (world: World) => world.facts.flatMap(({ effects }) => effects.exceptions.map(({ change }) => change));
const refusals = (world: World) => world.facts.map(({ effects }) => effects.refused).filter((reason) => reason !== '');

/** Appends the deadlines of exceptions that are due, as the clock would. */
function pass(world: World, until: number): void {
  const due = [...world.deadlines]
    .filter(([key, at]) => key.includes('|exception-') && at <= until)
    .sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
  for (const [key, at] of due) {
    const [clock, kind, ...subject] = key.split('|') as [string, string, ...string[]];
    const data = { clock, kind, subject: subject.join('|'), due: at };
    world.apply(eventOf('deadline.passed', data, { at, receivedAt: until, source: 'tideline' }));
  }
}

type Work = { version?: number; number?: string; at?: number };
function work(step: WorkStep, more: object = {}, { at = T0 + MINUTE, ...rest }: Work = {}): Event {
  const base = { exception: LETTERS, by: 'Ana', ...rest };
  const needed: Record<string, object> = {
    snoozed: { until: { worse: true } },
    dismissed: { because: 'false-alarm', reason: 'a test' },
    reopened: { reason: 'not over' },
  };
  return eventOf(`exception.${step}`, { ...base, ...needed[step], ...more } as never, { at, source: 'tideline' });
}

describe('the condition', () => {
  test('without hold times it opens with the event that shows it and closes with the one that ends it', () => {
    const world = openWorld();
    world.apply(rejected(T0));
    expect(known(world)).toMatchObject({ id: 'EX-1', condition: 'open', work: 'new', since: T0, openedAt: T0 });
    const end = settled(T0 + MINUTE);
    const [fact] = world.apply(end);
    expect(known(world)).toBe(undefined);
    expect(fact!.effects.exceptions).toMatchObject([
      {
        change: 'closed',
        evidence: {
          id: end.id,
          source: 'tideline',
          type: 'delivery.settled',
          words: expect.stringContaining('No dead'),
        },
      },
    ]);
  });

  test('what does not last as long as it must is never told, and uses up no number', () => {
    const world = openWorld({ holdMinutes: 10 });
    world.apply(rejected(T0));
    expect(known(world)).toMatchObject({ condition: 'pending', id: '' });
    world.apply(settled(T0 + 9 * MINUTE));
    pass(world, T0 + 20 * MINUTE);
    expect(known(world)).toBe(undefined);
    world.apply(rejected(T0 + 30 * MINUTE));
    pass(world, T0 + 40 * MINUTE);
    expect(known(world)).toMatchObject({ id: 'EX-1', condition: 'open', since: T0 + 30 * MINUTE });
    expect(known(world)!.openedAt).toBe(T0 + 40 * MINUTE);
    expect(changes(world)).toEqual(['opened']);
    expectSound(world);
  });

  test('it also opens when the state is seen again after its time, whatever became of the deadline', () => {
    const world = openWorld({ holdMinutes: 10 });
    world.apply(rejected(T0), rejected(T0 + 10 * MINUTE));
    expect(known(world)).toMatchObject({ condition: 'open', moneyAtRisk: 1_800 });
    expect(changes(world)).toEqual(['opened']);
    expectSound(world);
  });

  test('one that flaps stays one exception, and closes when it was gone long enough, naming what ended it', () => {
    const world = openWorld({ recoverMinutes: 10 });
    world.apply(rejected(T0), settled(T0 + MINUTE));
    expect(known(world)).toMatchObject({ condition: 'recovering', conditionDue: T0 + 11 * MINUTE });
    world.apply(rejected(T0 + 5 * MINUTE));
    expect(known(world)).toMatchObject({ id: 'EX-1', condition: 'open', returns: 1, since: T0 });
    pass(world, T0 + 11 * MINUTE);
    expect(known(world)).toMatchObject({ condition: 'open' });
    const end = settled(T0 + 12 * MINUTE);
    world.apply(end);
    pass(world, T0 + 21 * MINUTE);
    expect(known(world)).toMatchObject({ condition: 'recovering' });
    expectSound(world);
    pass(world, T0 + 22 * MINUTE);
    expect(known(world)).toBe(undefined);
    expect(changes(world)).toEqual(['opened', 'recovering', 'returned', 'recovering', 'closed']);
    expect(world.facts.at(-1)!.effects.exceptions[0]!.evidence).toMatchObject({ id: end.id, at: T0 + 12 * MINUTE });
    expectSound(world);
  });

  test('a deadline that was overtaken neither closes it nor takes the new deadline with it', () => {
    const world = openWorld({ recoverMinutes: 10 });
    world.apply(rejected(T0), settled(T0 + MINUTE), rejected(T0 + 2 * MINUTE), settled(T0 + 3 * MINUTE));
    const old = { clock: 'tideline', kind: 'exception-condition', subject: LETTERS, due: T0 + 11 * MINUTE };
    world.apply(eventOf('deadline.passed', old, { at: old.due, source: 'tideline' }));
    expect(known(world)).toMatchObject({ condition: 'recovering', conditionDue: T0 + 13 * MINUTE });
    expectSound(world);
  });
});

describe('what it says', () => {
  test('follows the state: what is not named any more does not stay, and only what is counted goes into history', () => {
    const world = openWorld();
    const defined = (more: object, at: number) =>
      eventOf('source.defined', { source: 'shop', name: 'Shop', ...more }, { at, source: 'tideline' });
    world.apply(defined({ channel: 'web', node: 'north' }, T0));
    const silent = { clock: 'shop', kind: 'source-silent', subject: 'shop', due: T0 + 15 * MINUTE };
    world.apply(eventOf('deadline.passed', silent, { at: silent.due, source: 'tideline' }));
    const shown = () => world.get('exception', 'source-silent:shop')!;
    expect(shown()).toMatchObject({ channel: 'web', node: 'north', title: 'Shop is silent' });
    const before = changes(world).length;
    world.apply(defined({ channel: 'web', node: 'north', name: 'The shop' }, T0 + 16 * MINUTE));
    expect(shown()).toMatchObject({ title: 'The shop is silent', updatedAt: T0 + 16 * MINUTE });
    expect(changes(world).length).toBe(before);
    world.apply(defined({}, T0 + 17 * MINUTE), defined({}, T0 + 18 * MINUTE));
    expect(shown()).not.toHaveProperty('channel');
    expect(shown()).not.toHaveProperty('node');
    expect(changes(world).slice(before)).toEqual(['updated']);
    expectSound(world);
  });
});

describe('the work', () => {
  test.each(workStates.flatMap((from) => Object.keys(workSteps).map((step) => [from, step as WorkStep] as const)))(
    'from %s, %s leads where the table says, or is refused and changes nothing',
    (from, step) => {
      const path: Record<string, WorkStep[]> = {
        new: [],
        acknowledged: ['acknowledged'],
        'in-progress': ['started'],
        snoozed: ['acknowledged', 'snoozed'],
        resolved: ['resolved'],
        dismissed: ['dismissed'],
      };
      const world = openWorld();
      world.apply(rejected(T0), ...path[from]!.map((one) => work(one)));
      const before = known(world)!;
      expect(before.work).toBe(from);
      const after = workAfter(before, step);
      world.apply(work(step, {}, { at: T0 + 2 * MINUTE }));
      if (after === null) {
        expect(known(world)).toEqual(before);
        expect(refusals(world)).toEqual([`exception EX-1 is ${from}: it cannot be ${step}`]);
      } else {
        expect(known(world)).toMatchObject({ work: after, version: before.version + 1, condition: 'open' });
        expect(refusals(world)).toEqual([]);
      }
      expectSound(world);
    },
  );

  test('a snooze goes on where the work was', () => {
    const world = openWorld();
    world.apply(rejected(T0), work('started'), work('snoozed'), work('snoozed'), work('woken'));
    expect(known(world)).toMatchObject({ work: 'in-progress', assignee: 'Ana', acknowledgedBy: 'Ana' });
  });

  test('who looked at an older version, or at one that is over, is refused with what happened since', () => {
    const world = openWorld();
    world.apply(rejected(T0), work('acknowledged', {}, { version: 0 }), work('resolved', {}, { version: 0 }));
    expect(known(world)).toMatchObject({ work: 'acknowledged', version: 1 });
    world.apply(settled(T0 + MINUTE), rejected(T0 + 2 * MINUTE), work('resolved', {}, { number: 'EX-1' }));
    world.apply(settled(T0 + 3 * MINUTE), work('resolved'));
    expect(refusals(world)).toEqual([
      'exception EX-1 was acknowledged by Ana: it stands at version 1, not 0',
      'exception EX-1 is over; EX-2 stands in its place',
      `exception ${LETTERS} is not open`,
    ]);
  });

  test('comments and names are kept, in every state, and a comment is in nobody’s way', () => {
    const world = openWorld();
    const say = (comment: string) =>
      eventOf('exception.commented', { exception: LETTERS, by: 'Ben', comment }, { at: T0 + MINUTE });
    const assign = (to: string) => eventOf('exception.assigned', { exception: LETTERS, by: 'Ana', to }, { at: T0 });
    world.apply(rejected(T0), say('looking'), assign('Ben'), work('resolved', {}, { version: 1 }), say('done'));
    expect(known(world)).toMatchObject({
      work: 'resolved',
      assignee: 'Ben',
      comments: [{ comment: 'looking' }, { comment: 'done' }],
    });
    world.apply(assign(''));
    expect(known(world)!.assignee).toBe(undefined);
    expect(refusals(world)).toEqual([]);
  });

  test('work on what is only pending is refused', () => {
    const world = openWorld({ holdMinutes: 10 });
    world.apply(rejected(T0), work('acknowledged'));
    expect(refusals(world)).toEqual([`exception ${LETTERS} is not open`]);
  });
});

describe('what was put away', () => {
  const five = (at = T0) => Array.from({ length: 5 }, () => rejected(at));

  test.each(['resolved', 'dismissed'] as const)(
    '%s stays away while it gets no worse, and comes back when it does',
    (step) => {
      const world = openWorld();
      world.apply(...five(), work(step));
      expect(known(world)).toMatchObject({
        work: step,
        moneyAtRisk: 4_500,
        settled: { by: 'Ana', moneyAtRisk: 4_500 },
      });
      expect([needsAttention(known(world)!), isAtRisk(known(world)!)]).toEqual([false, false]);
      world.apply(settled(T0 + MINUTE), rejected(T0 + MINUTE));
      expect(known(world)).toMatchObject({ work: step });
      world.apply(rejected(T0 + 2 * MINUTE));
      expect(known(world)).toMatchObject({ id: 'EX-1', work: 'new', moneyAtRisk: 5_400, version: 2 });
      expect(known(world)!.settled).toBe(undefined);
      expect(changes(world).slice(-2)).toEqual([step, 'reopened']);
      expect(world.facts.at(-1)!.effects.exceptions[0]!.words).toBe('worse: medium, 5400 at risk after medium, 4500');
      expectSound(world);
    },
  );

  test('what a person reopens begins anew, seen by nobody', () => {
    const world = openWorld();
    world.apply(rejected(T0), work('acknowledged'), work('resolved'), work('reopened'));
    expect(known(world)).toMatchObject({ work: 'new', version: 3 });
    expect(known(world)!.acknowledgedBy).toBe(undefined);
  });

  test('a higher severity is worse by itself', () => {
    const world = openWorld();
    const limits = (highFrom: number) =>
      eventOf('policy.defined', { policy: 'exceptions', body: { highFrom, reopenWhenWorsePercent: 1_000 } } as never);
    world.apply(...five(), work('dismissed'), limits(5_400), rejected(T0 + MINUTE));
    expect(known(world)).toMatchObject({ severity: 'high', work: 'new' });
  });

  test('it closes while it is settled, and what comes afterwards is a new exception', () => {
    const world = openWorld();
    world.apply(rejected(T0), work('dismissed'), settled(T0 + 2 * MINUTE), rejected(T0 + 3 * MINUTE));
    expect(known(world)).toMatchObject({ id: 'EX-2', work: 'new' });
    expect(changes(world)).toEqual(['opened', 'dismissed', 'closed', 'opened']);
  });

  test('a snooze until a time ends then, not before, and not when it was put off', () => {
    const world = openWorld();
    const until = (minutes: number) => ({ until: { time: T0 + minutes * MINUTE } });
    world.apply(...five(), work('snoozed', until(30)));
    expect([needsAttention(known(world)!), isAtRisk(known(world)!)]).toEqual([false, true]);
    world.apply(...five(T0 + 2 * MINUTE), work('snoozed', until(60)));
    pass(world, T0 + 59 * MINUTE);
    expect(known(world)).toMatchObject({ work: 'snoozed' });
    pass(world, T0 + 60 * MINUTE);
    expect(known(world)).toMatchObject({ work: 'new' });
    expect(changes(world).at(-1)).toBe('woken');
    expectSound(world);
    world.apply(work('snoozed', { until: { time: T0 } }));
    expect(refusals(world)).toEqual(['it was snoozed until the past']);
  });

  test('a snooze until worse ends when it is', () => {
    const world = openWorld();
    world.apply(...five(), work('acknowledged'), work('snoozed', { until: { worse: true } }));
    world.apply(settled(T0 + MINUTE), rejected(T0 + MINUTE));
    expect(known(world)).toMatchObject({ work: 'snoozed' });
    world.apply(rejected(T0 + 2 * MINUTE));
    expect(known(world)).toMatchObject({ work: 'acknowledged', acknowledgedBy: 'Ana' });
    expect(changes(world).slice(-2)).toEqual(['updated', 'woken']);
    expectSound(world);
  });

  test('a snooze until an event ends with one that is about everything it names', () => {
    const world = openWorld();
    const event = { type: 'order.placed', sku: 'tea', channel: 'web', source: 'shop' };
    world.apply(rejected(T0), work('snoozed', { until: { event } }));
    const others = [
      orderOf('2', 1, {}, { source: 'other' }),
      orderOf('3', 1, { channel: 'amazon' }, { source: 'shop' }),
      eventOf('stock.received', { sku: 'tea', node: 'north', quantity: 1 }, { source: 'shop' }),
    ];
    world.apply(...others);
    expect(known(world)).toMatchObject({ work: 'snoozed' });
    expectSound(world);
    world.apply(orderOf('4', 1, {}, { source: 'shop' }));
    expect(known(world)).toMatchObject({ work: 'new' });
    expect(world.get('awaited', 'self')).toBe(undefined);
    world.apply(work('snoozed', { until: { event: { type: 'no.event' } } }));
    expect(refusals(world)).toEqual(['no.event is not a type of event']);
    expectSound(world);
  });
});

test('of several ends of a snooze the first takes the others with it', () => {
  const world = openWorld();
  const until = { time: T0 + 30 * MINUTE, worse: true, event: { type: 'order.placed', sku: 'tea' } };
  world.apply(rejected(T0), work('snoozed', { until }), rejected(T0 + 2 * MINUTE));
  expect(known(world)).toMatchObject({ work: 'new' });
  expectSound(world);
  const mug = { lines: [{ line: '1', sku: 'mug', quantity: 1, unitPrice: 1 }] };
  world.apply(work('snoozed', { until }, { at: T0 + 3 * MINUTE }), orderOf('m', 1, mug, { at: T0 + 4 * MINUTE }));
  expect(known(world)).toMatchObject({ work: 'snoozed' });
  pass(world, T0 + 30 * MINUTE);
  expect(known(world)).toMatchObject({ work: 'new' });
  expectSound(world);
});

test('a condition keeps the clock of the feed whose deadline showed it', () => {
  const world = openWorld();
  const kinds = { 'source-silent': { holdMinutes: 5 } };
  const due = T0 + 15 * MINUTE;
  const silent = { clock: 'shop', kind: 'source-silent', subject: 'shop', due };
  world.apply(
    eventOf('policy.defined', { policy: 'exceptions', body: { kinds } } as never),
    eventOf('deadline.passed', silent, { at: due, source: 'tideline' }),
  );
  const exception = () => world.get('exception', 'source-silent:shop');
  expect(exception()).toMatchObject({ condition: 'pending', clock: 'shop', conditionDue: due + 5 * MINUTE });
  pass(world, due + 5 * MINUTE);
  expect(exception()).toMatchObject({ condition: 'open' });
  expectSound(world);
});

test.each([
  [100, 100, 0, false],
  [100, 101, 0, true],
  [100, 119, 20, false],
  [100, 120, 20, true],
  [0, 1, 20, true],
  [0, 0, 20, false],
])('from %i to %i at risk is worse by %i %%: %s', (before, now, percent, worse) => {
  const amount = (moneyAtRisk: number) => ({ moneyAtRisk, severity: 'medium' as const });
  expect(isWorse(amount(before), amount(now), percent)).toBe(worse);
});

test.each([
  [{ condition: 'recovering', due: 10 } as const, 9, 'recovering', 'recovering'],
  [{ condition: 'recovering', due: 10 } as const, 10, 'closed', 'closed'],
  [{ condition: 'pending', due: 10 } as const, 9, 'closed', 'pending'],
  [{ condition: 'pending', due: 10 } as const, 10, 'closed', 'open'],
  [{ condition: 'open', due: 0 } as const, 10, 'recovering', 'open'],
])('%o at %i: gone it is %s, and when its time is looked at %s', (state, at, gone, due) => {
  expect(whenGone(state, at, 5).condition).toBe(gone);
  expect(whenDue(state, at).condition).toBe(due);
});

describe('what the company decides', () => {
  test('an owner may be named for one node only', () => {
    const world = openWorld();
    const rules = [
      { node: 'south', owner: 'south floor' },
      { node: 'north', owner: 'north floor' },
    ];
    world.apply(
      eventOf('policy.defined', { policy: 'ownership', body: { rules } }),
      eventOf('stock.counted', { sku: 'tea', node: 'north', quantity: 1 }, { at: T0 + MINUTE }),
    );
    expect(world.get('exception', 'count-variance:tea|north')).toMatchObject({ owner: 'north floor' });
  });

  test('a kind can be off, and what is open closes when it is judged again', () => {
    const world = openWorld();
    world.apply(
      rejected(T0),
      eventOf('policy.defined', {
        policy: 'exceptions',
        body: { kinds: { 'dead-letters-waiting': { off: true } } },
      } as never),
    );
    world.apply(rejected(T0 + MINUTE));
    expect(known(world)).toBe(undefined);
    expectSound(world);
  });

  test('severities have bounds, and owners are named by the first rule that fits', () => {
    const world = openWorld({ severityAtLeast: 'critical' });
    const rules = [
      { area: 'inventory', owner: 'stock team' },
      { area: 'data', kind: 'source-silent', owner: 'night shift' },
      { area: 'data', owner: 'data team' },
    ];
    world.apply(eventOf('policy.defined', { policy: 'ownership', body: { rules } }), rejected(T0));
    expect(known(world)).toMatchObject({ severity: 'critical', owner: 'data team' });
  });
});

test('whatever comes in whatever order, both machines stay in states that exist, cut into batches of any size', () => {
  const minutes = fc.integer({ min: 0, max: 15 });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('reject' as const), minutes }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('settle' as const), minutes }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('order' as const), minutes }) },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constantFrom(...(Object.keys(workSteps) as WorkStep[])),
        minutes,
        until: fc.constantFrom(
          { worse: true },
          { event: { type: 'order.placed', source: 'shop' } },
          { time: T0 + 90 * MINUTE, worse: true, event: { type: 'delivery.settled' } },
        ),
      }),
    },
  );
  const policy = fc.record({ holdMinutes: fc.constantFrom(0, 7), recoverMinutes: fc.constantFrom(0, 9) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), policy, fc.integer({ min: 1, max: 7 }), (steps, body, size) => {
      const world = openWorld(body);
      let at = T0;
      for (const [index, one] of steps.entries()) {
        at += one.minutes * MINUTE;
        if (one.do === 'wait') pass(world, at);
        else if (one.do === 'reject') world.apply(rejected(at));
        else if (one.do === 'settle') world.apply(settled(at));
        else if (one.do === 'order') world.apply(orderOf(`o${index}`, 1, {}, { at, source: 'shop' }));
        else world.apply(work(one.do, one.do === 'snoozed' && 'until' in one ? { until: one.until } : {}, { at }));
        expectExceptions(world);
      }
      expectSound(world);
      const events = world.facts.map(({ event }) => event);
      const again = createWorld();
      for (let from = 0; from < events.length; from += size) again.apply(...events.slice(from, from + size));
      expect(again.snapshot()).toEqual(world.snapshot());
    }),
    { numRuns: 120 },
  );
});

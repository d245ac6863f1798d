/** What holds of alerts in every history: told once, never a flood, not at night, nothing lost, every end told. */
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { rootOf } from '../../streams/exceptions/grouping.ts';
import { askInhibitor, callingForSomebody } from '../../streams/exceptions/shown.ts';
import type { OpenException } from '../../streams/operations/states.ts';
import {
  type AlertWorld,
  alertWorld,
  directoryOf,
  type Message,
  outlet,
  person,
  zone,
} from '../support/alert-world.ts';
import { isLong } from '../support/how-much.ts';

const MINUTE_MS = 60_000;
const MORE_THAN = 3;
const WITHIN_MINUTES = 10;
const policy = {
  routes: [
    {
      name: 'all',
      to: ['channel:ops', 'role:planner', 'owner'],
      escalate: [{ afterMinutes: 45, to: ['role:admin'] }],
      quietHours: 'nights',
    },
  ],
  quietHours: [{ name: 'nights', from: '22:00', to: '07:00' }],
  owners: { buyer: ['person:ben@example.com'] },
  settleMinutes: 2,
  digest: { moreThan: MORE_THAN, withinMinutes: WITHIN_MINUTES },
};
const people = ['pia@example.com', 'ben@example.com'];

const subjects = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
type Step = { what: (typeof whats)[number]; on: number; size: number; minutes: number };
const whats = [
  ...['open', 'open', 'open', 'open-caused', 'open-doubtful', 'close', 'close', 'reopen-unseen'],
  ...['pending', 'recover', 'return', 'dearer', 'cheaper', 'critical', 'medium'],
  ...['acknowledge', 'assign', 'assign-self', 'snooze', 'wake', 'resolve', 'reopen'],
  ...['silent', 'caused', 'uncaused', 'ops-off', 'ops-on', 'stuck', 'unstuck', 'nothing'],
] as const;
const steps = fc.array(
  fc.record({
    what: fc.constantFrom(...whats),
    on: fc.nat(5),
    size: fc.integer({ min: 1, max: 30 }),
    minutes: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 6 }) },
      { weight: 1, arbitrary: fc.integer({ min: 7, max: 500 }) },
    ),
  }),
  { minLength: 1, maxLength: 60 },
);

/** How often each exception was put away: what is told after that is told of something new. */
type Episodes = Map<string, number>;

function take(world: AlertWorld, step: Step, episodes: Episodes): void {
  const { what, on, size } = step;
  const subject = subjects[on]!;
  const moneyAtRisk = size * 1_000;
  const name = `oversold:${subject}`;
  const known = world.standing.get(name);
  const by = people[size % 2]!;
  const worked = (did: string): OpenException['lastWork'] => ({ event: 'e', what: did, by, at: world.now });
  const change = (more: Partial<OpenException>) => known !== undefined && world.change(name, more);
  const owner = size % 3 === 0 ? 'buyer' : 'inventory planner';
  if (what === 'silent') {
    if (world.standing.has('source-silent:wms')) world.close('source-silent:wms');
    else world.open('source-silent', 'wms', { source: 'wms', moneyAtRisk });
  } else if (what === 'ops-off' || what === 'ops-on') {
    world.directory = directoryOf([...world.directory.people.values()], [outlet('ops', { on: what === 'ops-on' })]);
  } else if (what === 'stuck') world.queued.set('channel:ops', 20);
  else if (what === 'unstuck') world.queued.clear();
  else if (known === undefined) {
    if (what === 'open' || what === 'pending') world.open('oversold', subject, { moneyAtRisk, owner });
    if (what === 'pending') world.change(name, { condition: 'pending' });
    if (what === 'open-caused') world.open('oversold', subject, { moneyAtRisk, cause: 'supplier-late:ACME' });
    if (what === 'open-doubtful') world.open('oversold', subject, { moneyAtRisk, dependsOn: ['wms'] });
  } else if (what === 'close') world.close(name);
  else if (what === 'reopen-unseen') {
    world.close(name);
    world.open('oversold', subject, { moneyAtRisk, owner });
  } else if (known.condition === 'pending') change({ condition: 'open' });
  else if (what === 'recover') change({ condition: 'recovering' });
  else if (what === 'return') change({ condition: 'open' });
  else if (what === 'dearer') change({ moneyAtRisk: known.moneyAtRisk + moneyAtRisk });
  else if (what === 'cheaper') change({ moneyAtRisk: Math.round(known.moneyAtRisk / 2) });
  else if (what === 'critical') change({ severity: 'critical' });
  else if (what === 'medium') change({ severity: 'medium' });
  else if (what === 'caused') change({ cause: 'supplier-late:ACME' });
  else if (what === 'uncaused') {
    const { cause: _, ...rest } = known;
    world.standing.set(name, rest);
  } else if (what === 'acknowledge' && known.work === 'new') {
    change({ work: 'acknowledged', acknowledgedBy: by, lastWork: worked('acknowledged') });
  } else if (what === 'assign') change({ assignee: people[(size + 1) % 2]!, lastWork: worked('assigned') });
  else if (what === 'assign-self') change({ assignee: by, lastWork: worked('assigned') });
  else if (what === 'snooze' && (known.work === 'new' || known.work === 'acknowledged')) {
    change({ work: 'snoozed', lastWork: worked('snoozed') });
  } else if (what === 'wake' && known.work === 'snoozed') change({ work: 'new' });
  else if (what === 'resolve') {
    episodes.set(known.id, (episodes.get(known.id) ?? 0) + 1);
    change({ work: 'resolved', lastWork: worked('resolved') });
  } else if (what === 'reopen' && known.work === 'resolved') change({ work: 'new', lastWork: worked('reopened') });
}

const isNight = (at: number): boolean => {
  const { hour } = DateTime.fromMillis(at, { zone });
  return hour >= 22 || hour < 7;
};

/** Everything that may be asked of what was told up to now; @returns the newest message to each about each cause */
function expectSound(messages: readonly (Message & { episodes: Record<string, number> })[]) {
  const opened = new Set<string>();
  const newest = new Map<string, { kind: string; severity: string }>();
  for (const { target, items, kind, at, episodes } of messages) {
    for (const item of items) {
      const said = item.kind ?? kind;
      const about = `${target} ${item.subject}`;
      const before = newest.get(about);
      if (said === 'opened') {
        const once = `${target} ${item.number} ${episodes[item.number] ?? 0}`;
        expect(opened, `told twice: ${once}`).not.toContain(once);
        opened.add(once);
      }
      if (said === 'ended') expect(before?.kind ?? 'never told', about).not.toMatch(/ended|never told/);
      if (isNight(at) && said !== 'acknowledged') {
        expect(said === 'ended' ? before!.severity : item.severity, `${about} at night`).toBe('critical');
      }
      newest.set(about, { kind: said, severity: said === 'acknowledged' ? before!.severity : item.severity });
    }
  }
  for (const [target, those] of Map.groupBy(messages, (message) => message.target)) {
    const moments = those.map(({ at }) => at);
    for (const [index, at] of moments.entries()) {
      const inWindow = moments.slice(index).filter((later) => later < at + WITHIN_MINUTES * MINUTE_MS).length;
      expect(inWindow, `messages to ${target}`).toBeLessThanOrEqual(MORE_THAN + 1);
    }
  }
  return newest;
}

function live(history: readonly Step[]) {
  const directory = directoryOf([person('pia'), person('ben'), person('ada', 'admin')], [outlet('ops')]);
  const world = alertWorld({ policy, directory, at: '2026-03-27T15:00' });
  const episodes: Episodes = new Map();
  const told: (Message & { episodes: Record<string, number> })[] = [];
  const turn = (minutes: number) => {
    world.turn(minutes);
    for (const message of world.messages.splice(0)) told.push({ ...message, episodes: Object.fromEntries(episodes) });
  };
  const pass = (minutes: number, step: number) => {
    for (let gone = 0; gone < minutes; gone += step) turn(step);
  };
  for (const step of history) {
    take(world, step, episodes);
    if (step.minutes > 60) pass(step.minutes, 50);
    else turn(step.minutes);
  }
  return { world, told, episodes, pass };
}

test('nobody is told twice, flooded, woken at night without need, forgotten, or left without the end', () => {
  fc.assert(
    fc.property(steps, (history) => {
      const { world, told, episodes, pass } = live(history);
      expectSound(told);
      // Whatever was in the way goes away, and time passes: then everybody knows of all that calls.
      world.directory = directoryOf([...world.directory.people.values()], [outlet('ops')]);
      world.queued.clear();
      pass(24 * 60, 40);
      const newest = expectSound(told);
      const all = [...world.standing.values()];
      const ask = askInhibitor(all);
      const causes = Map.groupBy(
        callingForSomebody(all).filter(({ condition }) => condition === 'open'),
        (one) => rootOf(one, world.standing, ask),
      );
      for (const [key, members] of causes) {
        const head = members.find((one) => `${one.kind}:${one.subject}` === key);
        const isAttended = (head === undefined ? members : [head]).some(({ work }) => work !== 'new');
        if (isAttended) continue;
        const numbers = new Set(members.map(({ id }) => id));
        for (const target of ['channel:ops', 'person:pia@example.com']) {
          const didIt = members.some(({ lastWork, acknowledgedBy }) =>
            [lastWork?.by, acknowledgedBy].some((by) => `person:${by}` === target),
          );
          const named = told.some(
            ({ target: to, exceptions, episodes: then }) =>
              to === target && exceptions.some((id) => numbers.has(id) && (then[id] ?? 0) === (episodes.get(id) ?? 0)),
          );
          const knows = (newest.get(`${target} ${key}`)?.kind ?? 'ended') !== 'ended';
          expect(didIt || named || knows, `${target} was never told of ${key}`).toBe(true);
        }
      }
      // When all is over, everybody who was told of something hears its end, and nothing is left.
      world.standing.clear();
      pass(24 * 60, 40);
      for (const [about, { kind }] of expectSound(told)) expect(`${about} ${kind}`).toBe(`${about} ended`);
      expect(world.book.alerts.size).toBe(0);
      expect(world.book.sent.size).toBe(0);
    }),
    { numRuns: isLong ? 1_000 : 100 },
  );
}, 300_000);

test('the same history is told in the same words', () => {
  fc.assert(
    fc.property(steps, (history) => {
      expect(JSON.stringify(live(history).told)).toBe(JSON.stringify(live(history).told));
    }),
    { numRuns: 20 },
  );
});

test('looking more often tells the same people of the same things', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 3 }), (history, looks) => {
      const { world, told } = live(history);
      const before = world.messages.length + told.length;
      for (let look = 0; look < looks; look++) expect(world.turn(0)).toEqual([]);
      expect(world.messages.length + told.length).toBe(before);
    }),
    { numRuns: isLong ? 500 : 50 },
  );
});

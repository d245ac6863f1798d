/** What must hold of exceptions after any history: they match the states, and both machines are in a state that exists. */
import { expect } from 'vitest';
import { exceptionRules } from '../../streams/exceptions/index.ts';
import { findingOf } from '../../streams/exceptions/judge.ts';
import { CONDITION_DEADLINE } from '../../streams/exceptions/life.ts';
import { SNOOZE_DEADLINE } from '../../streams/exceptions/snooze.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import { ids, type OpenException } from '../../streams/operations/states.ts';
import type { World } from './world.ts';

const nameOf = ({ kind, subject }: OpenException): string => ids.exception(kind, subject);

/** Exceptions that hold are those that the rules find in the states, no more and no fewer. */
export function expectExceptions(world: World): void {
  const draft = world.draft();
  const found = exceptionRules.flatMap((rule) =>
    world
      .entries(rule.watches)
      .filter(([, state]) => {
        const wasOpen = (state as { openExceptions: string[] }).openExceptions.includes(rule.kind);
        return findingOf(rule, state as never, draft, wasOpen) !== null;
      })
      .map(([id]) => ids.exception(rule.kind, id)),
  );
  const byRules = new Set(exceptionRules.map((rule) => rule.kind));
  const all = world.all('exception');
  const holding = all.filter(({ kind, condition }) => byRules.has(kind) && condition !== 'recovering');
  expect(holding.map(nameOf).sort()).toEqual(found.sort());
  for (const exception of all) expectMachines(world, exception);
  const numbers = all.map(({ id }) => id).filter((id) => id !== '');
  expect(new Set(numbers).size).toBe(numbers.length);
  expectAwaited(world, all);
}

function expectMachines(world: World, exception: OpenException): void {
  const { condition, conditionDue, clock, work, snooze, settled, ended, id, openedAt } = exception;
  const name = nameOf(exception);
  const due = world.deadlines.get(`${clock}|${CONDITION_DEADLINE}|${name}`);
  expect(due, `deadline of ${name}, which is ${condition}`).toBe(condition === 'open' ? undefined : conditionDue);
  expect(conditionDue === 0).toBe(condition === 'open');
  expect(id === '', `number of ${name}`).toBe(condition === 'pending');
  expect(openedAt === 0).toBe(condition === 'pending');
  expect(ended !== undefined).toBe(condition === 'recovering');
  if (condition === 'pending') expect(work).toBe('new');
  expect(snooze !== undefined, `snooze of ${name}`).toBe(work === 'snoozed');
  expect(settled !== undefined).toBe(work === 'snoozed' || work === 'resolved' || work === 'dismissed');
  expect(world.deadlines.get(`${OWN_SOURCE}|${SNOOZE_DEADLINE}|${name}`)).toBe(snooze?.until.time);
}

function expectAwaited(world: World, all: OpenException[]): void {
  const waiting = all.filter(({ snooze }) => snooze?.until.event !== undefined);
  const types = Object.fromEntries(
    [...Map.groupBy(waiting, ({ snooze }) => snooze!.until.event!.type)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, list]) => [type, list.map(nameOf).sort()]),
  );
  expect(world.get('awaited', ids.awaited)?.types ?? {}).toEqual(types);
}

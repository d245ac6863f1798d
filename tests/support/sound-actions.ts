/** What must be true of actions and instructions in any states, however they came about. */
import { expect } from 'vitest';
import type { instructionStatuses } from '../../streams/operations/actions/instruction-state.ts';
import { type LogName, PAGE_ENTRIES, pageOf } from '../../streams/operations/paged-log.ts';
import type { States } from '../../streams/operations/states.ts';
import type { StateKind } from '../../streams/processing/keys.ts';

export type StatesToRead = {
  all<K extends StateKind>(kind: K): States[K][];
  get<K extends StateKind>(kind: K, id: string): States[K] | undefined;
};

export function expectSoundActions(world: StatesToRead): void {
  const instructions = world.all('instruction');
  for (const { to, sent, confirmed, overdue, failed, since } of world.all('recipient')) {
    const own = instructions.filter((instruction) => instruction.to === to);
    const count = (status: (typeof instructionStatuses)[number]) => own.filter((one) => one.status === status).length;
    expect({ to, sent, overdue, failed, open: since > 0 }, `instructions to ${to}`).toEqual({
      to,
      sent: own.length,
      overdue: count('overdue'),
      failed: count('failed'),
      open: count('overdue') + count('failed') > 0,
    });
    expect(confirmed).toBe(count('confirmed'));
  }
  for (const { id, number } of instructions) expect(entryAt(world, 'instructions', number)).toBe(id);
  for (const { action, number, status, instructions: told, reason } of world.all('action')) {
    expect(entryAt(world, 'actions', number)).toBe(action);
    for (const id of told) expect(world.get('instruction', id), `instruction ${id} of ${action}`).toBeDefined();
    if (status === 'refused') expect([told, reason === ''], `refused action ${action}`).toEqual([[], false]);
  }
}

const entryAt = (world: StatesToRead, log: LogName, number: number): string | undefined =>
  world.get('log-page', pageOf(log, number))?.ids[(number - 1) % PAGE_ENTRIES];

/** Says something that a person decided: looks first whether it would be refused, then appends it. */
import { randomUUID } from 'node:crypto';
import { type Event, type EventInput, type EventType, eventCatalog } from '../../streams/events/index.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import type { States } from '../../streams/operations/states.ts';
import type { StateKind } from '../../streams/processing/keys.ts';
import { appendAndWait } from '../actions/append.ts';
import { dryRun } from '../actions/dry-run.ts';
import { readStates } from '../actions/paged-log.ts';
import type { Runtime } from '../runtime.ts';

/** The request was right, and things stand differently: what was asked would be refused, or there is nothing to do. */
export class NotNow extends Error {}

export type Speaker = ReturnType<typeof createSpeaker>;

/** @param now business time, epoch ms */
export function createSpeaker({ redis, keys }: Pick<Runtime, 'redis' | 'keys'>, now: () => number) {
  return {
    async read<K extends StateKind>(kind: K, id: string): Promise<States[K] | undefined> {
      return (await readStates<States[K]>(redis, keys, kind, [id]))[0];
    },

    /**
     * @param id makes it happen once, however often it is said; without one every call is an event of its own
     * @returns whether it has been applied by now
     * @throws NotNow with the reason when it would be refused
     */
    async say<T extends EventType>(type: T, data: EventInput<T>, id = `${type}:${randomUUID()}`): Promise<boolean> {
      const at = now();
      const parsed = eventCatalog[type].parse(data);
      const times = { occurredAt: at, observedAt: at, receivedAt: Date.now() };
      const event = { id, source: OWN_SOURCE, type, ...times, data: parsed } as Event;
      const refused = await dryRun(redis, keys, event, ({ fact }) => fact.effects.refused);
      if (refused !== '') throw new NotNow(refused);
      return appendAndWait(redis, keys, event);
    },
  };
}

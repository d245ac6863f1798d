/** Promotions, launches, holidays: what is known to change figures, as people plan it and withdraw it. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Event, EventType } from '../../streams/events/index.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import type { CalendarEntry } from '../../streams/operations/states.ts';
import { appendAndWait } from '../actions/append.ts';
import {
  CALENDAR_ENTRIES_MAX,
  type CalendarAnswer,
  type CalendarEntryView,
  type CalendarPlan,
  type calendarQuery,
} from '../http/contract/signals.ts';
import type { Runtime } from '../runtime.ts';

export type CalendarRefusal = 'absent' | 'overtaken' | 'too-many';

export type CalendarModel = {
  list(query: z.output<typeof calendarQuery>): Promise<CalendarAnswer>;
  save(plan: CalendarPlan, by: string): Promise<CalendarEntryView | CalendarRefusal>;
  withdraw(entry: string, by: string): Promise<'withdrawn' | CalendarRefusal>;
};

export function createCalendar({ redis, keys }: Pick<Runtime, 'redis' | 'keys'>, now: () => number): CalendarModel {
  async function all(): Promise<CalendarEntry[]> {
    return Object.values(await redis.hGetAll(keys.state('calendar'))).map((text) => JSON.parse(text) as CalendarEntry);
  }

  async function read(entry: string): Promise<CalendarEntry | undefined> {
    const text = await redis.hGet(keys.state('calendar'), entry);
    return typeof text === 'string' ? (JSON.parse(text) as CalendarEntry) : undefined;
  }

  /** What a clock that runs ahead has said must not win over what is said now. */
  async function append(type: EventType, data: object, known: CalendarEntry | undefined): Promise<number> {
    const at = now();
    const occurredAt = Math.max(at, (known?.definedAt ?? 0) + 1);
    const event = {
      id: `calendar:${randomUUID()}`,
      source: OWN_SOURCE,
      type,
      occurredAt,
      observedAt: at,
      receivedAt: at,
    };
    await appendAndWait(redis, keys, { ...event, data } as Event);
    return occurredAt;
  }

  return {
    async list({ from = 0, to = Number.POSITIVE_INFINITY, kind }) {
      const entries = (await all()).filter(
        (one) => !one.withdrawn && one.from < to && one.to > from && (kind === undefined || one.kind === kind),
      );
      entries.sort((a, b) => a.from - b.from || (a.entry < b.entry ? -1 : 1));
      return { items: entries.map(viewOf) };
    },

    async save({ entry = randomUUID(), version, ...plan }, by) {
      const known = await read(entry);
      const standing = known === undefined || known.withdrawn ? 0 : known.version;
      if (standing !== version) return standing === 0 ? 'absent' : 'overtaken';
      if (known === undefined && (await redis.hLen(keys.state('calendar'))) >= CALENDAR_ENTRIES_MAX) return 'too-many';
      const data = { entry, ...plan, by };
      const definedAt = await append('calendar.planned', data, known);
      return viewOf({ ...data, definedAt, version: (known?.version ?? 0) + 1, withdrawn: false });
    },

    async withdraw(entry, by) {
      const known = await read(entry);
      if (known === undefined || known.withdrawn) return 'absent';
      await append('calendar.withdrawn', { entry, by }, known);
      return 'withdrawn';
    },
  };
}

const viewOf = ({ definedAt, withdrawn: _, by, ...entry }: CalendarEntry): CalendarEntryView => ({
  ...entry,
  by: by ?? null,
  changedAt: definedAt,
});

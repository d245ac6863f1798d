/** The simulated company, folded in memory as it would arrive: every event at its moment, every deadline when it passes. */
import { catalog } from '../../../analytics/kpis/index.ts';
import { clockOf } from '../../../server/jobs/pass-deadlines.ts';
import type { Truth } from '../../../server/simulated-company/ground-truth.ts';
import { startCompany } from '../../../server/simulated-company/simulate-company.ts';
import type { CompanyOptions } from '../../../server/simulated-company/world.ts';
import { understandCloudEvent } from '../../../streams/events/envelope.ts';
import type { Event } from '../../../streams/events/index.ts';
import { OWN_SOURCE } from '../../../streams/operations/sources/source.ts';
import { ids } from '../../../streams/operations/states.ts';
import { beginBatch, processBatch } from '../../../streams/processing/process-batch.ts';
import { createWorld, type World } from '../../support/world.ts';

/** The deadline job looks once a second. */
const LOOK_MS = 1_000;

/** One time during which an exception was open, by the wall clock. */
export type Episode = {
  kind: string;
  subject: string;
  openedAt: number;
  closedAt: number;
  title: string;
  moneyAtRisk: number;
};

export type Arrival = { at: number; event: Event };

export type Played = {
  truth: Truth[];
  episodes: Episode[];
  /** What came in, of the kinds that can be evidence, in the order of arrival. */
  arrivals: Arrival[];
  world: World;
  company: ReturnType<typeof startCompany>['world'];
  events: number;
  from: number;
  until: number;
};

const evidence: ReadonlySet<Event['type']> = new Set<Event['type']>([
  'stock.counted',
  'stock.asserted',
  'stock.adjusted',
  'order.placed',
  'order.cancelled',
  'fulfilment.dispatched',
]);

/** @param days how long it is watched */
export function playCompany(options: CompanyOptions, days: number): Played {
  const truth: Truth[] = [];
  const { world: company, nextDelivery } = startCompany({ ...options, onTruth: (entry) => truth.push(entry) });
  const world = createWorld();
  const until = options.from + days * 86_400_000;
  const open = new Map<string, Episode>();
  const episodes: Episode[] = [];
  const arrivals: Arrival[] = [];
  const seen = new Set<string>();
  const clock = createDeadlines();
  let seq = 0;
  let told = 0;

  function apply(event: Event, now: number): void {
    const batch = beginBatch(world.maps, seq);
    processBatch(batch, [event], 0, catalog);
    seq = batch.seq;
    for (const change of batch.draft.deadlines.values()) clock.set(change);
    for (const { effects } of batch.facts) {
      for (const { kind, subject, change, title, moneyAtRisk } of effects.exceptions) {
        const id = `${kind}:${subject}`;
        if (change === 'opened') {
          const episode = { kind, subject, openedAt: now, closedAt: Number.POSITIVE_INFINITY, title, moneyAtRisk };
          open.set(id, episode);
          episodes.push(episode);
        }
        const known = open.get(id);
        if (change !== 'closed' || known === undefined) continue;
        known.closedAt = now;
        open.delete(id);
      }
    }
  }

  const live = (source: string, now: number) =>
    clockOf(world.get('source', source), world.get('workspace', ids.workspace)?.watermark ?? 0, now);

  for (;;) {
    const { deliverAt, event: raw } = nextDelivery();
    for (let at = clock.next(); at !== undefined && at <= Math.min(deliverAt, until); at = clock.next()) {
      const look = Math.ceil(at / LOOK_MS) * LOOK_MS;
      for (const { source, kind, subject, due } of clock.take(at, (name) => live(name, look))) {
        const data = { kind, subject, due, clock: source };
        const event = { id: `deadline-${++told}`, source: OWN_SOURCE, type: 'deadline.passed', data } as const;
        apply({ ...event, occurredAt: due, observedAt: look, receivedAt: look }, look);
      }
    }
    if (deliverAt >= until) break;
    const understood = understandCloudEvent(raw, deliverAt);
    if ('problem' in understood) throw new Error(`${raw.type}: ${understood.problem}`);
    const { event } = understood;
    if (seen.has(`${event.source}|${event.id}`)) continue;
    seen.add(`${event.source}|${event.id}`);
    apply(event, deliverAt);
    if (evidence.has(event.type)) arrivals.push({ at: deliverAt, event });
  }
  return { truth, episodes, arrivals, world, company, events: seq, from: options.from, until };
}

type Deadline = { source: string; kind: string; subject: string; due: number };

/** Deadlines by when they are due; those whose clock stands still are looked at again a minute later. */
export function createDeadlines() {
  const due = new Map<string, Deadline>();
  const slots = new Map<number, Set<string>>();
  const order: number[] = [];
  const PUT_OFF_MS = 60_000;
  const slotOf = (at: number) => Math.ceil(at / LOOK_MS) * LOOK_MS;

  function plan(key: string, at: number): void {
    const slot = slotOf(at);
    const known = slots.get(slot);
    if (known !== undefined) {
      known.add(key);
      return;
    }
    slots.set(slot, new Set([key]));
    let low = 0;
    let high = order.length;
    // Kept falling, so that the next one is popped from the end.
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (order[middle]! > slot) low = middle + 1;
      else high = middle;
    }
    order.splice(low, 0, slot);
  }

  return {
    set(change: { source: string; kind: string; subject: string; due: number | null }): void {
      const key = `${change.source}|${change.kind}|${change.subject}`;
      if (change.due === null) {
        due.delete(key);
        return;
      }
      due.set(key, { ...change, due: change.due });
      plan(key, change.due);
    },
    next: (): number | undefined => order.at(-1),
    take(at: number, clockAt: (source: string) => number): Deadline[] {
      const keys = slots.get(at) ?? new Set();
      slots.delete(at);
      order.pop();
      const passed: Deadline[] = [];
      for (const key of keys) {
        const deadline = due.get(key);
        if (deadline === undefined || slotOf(deadline.due) > at) continue;
        if (deadline.due > clockAt(deadline.source)) plan(key, at + PUT_OFF_MS);
        else {
          due.delete(key);
          passed.push(deadline);
        }
      }
      return passed;
    },
  };
}

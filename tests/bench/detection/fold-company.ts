/** Tideline in memory with a clock: every event at its moment, every deadline when it passes, every bucket when it is closed. */
import { catalog } from '../../../analytics/kpis/index.ts';
import { clockOf } from '../../../server/jobs/pass-deadlines.ts';
import type { Event, EventOf, EventType } from '../../../streams/events/index.ts';
import type { PolicyKind } from '../../../streams/events/policies.ts';
import { OWN_SOURCE } from '../../../streams/operations/sources/source.ts';
import { ids } from '../../../streams/operations/states.ts';
import { beginBatch, processBatch } from '../../../streams/processing/process-batch.ts';
import { copyWorld, createWorld, type World } from '../../support/world.ts';
import { createDeadlines, type Deadlines, LOOK_MS } from './deadlines.ts';
import { type CompanyWatch, watchCompany } from './watch-company.ts';

/** One time during which an exception was open, by the wall clock. */
export type Episode = {
  kind: string;
  subject: string;
  openedAt: number;
  closedAt: number;
  deadline: number;
  title: string;
  moneyAtRisk: number;
  /** Of a KPI anomaly: what was told when it opened. */
  anomaly?: EventOf<'anomaly.detected'>['data'];
};

type Contents = {
  world: World;
  clock: Deadlines;
  watch: CompanyWatch | null;
  open: Map<string, Episode>;
  episodes: Episode[];
  seq: number;
  told: number;
};

export type CompanyFold = {
  readonly world: World;
  readonly episodes: readonly Episode[];
  events(): number;
  cost(): ReturnType<CompanyWatch['cost']> | null;
  apply(event: Event, now: number): void;
  decide(policy: PolicyKind, body: object, at: number): void;
  /** Everything that clocks do up to a moment. */
  pass(now: number): void;
  /** A second one that goes on from here by itself. */
  branch(): CompanyFold;
};

/** @param place where and since when KPI series are watched; null: they are not */
export function openFold(place: { timeZone: string; currency: string; from: number } | null): CompanyFold {
  const world = createWorld();
  const watch = place === null ? null : watchCompany(world, place);
  return foldCompany({ world, clock: createDeadlines(), watch, open: new Map(), episodes: [], seq: 0, told: 0 });
}

function foldCompany(contents: Contents): CompanyFold {
  const { world, clock, watch, open, episodes } = contents;

  function apply(event: Event, now: number): void {
    const batch = beginBatch(world.maps, contents.seq);
    processBatch(batch, [event], 0, catalog);
    contents.seq = batch.seq;
    for (const change of batch.draft.deadlines.values()) clock.set(change);
    for (const { effects } of batch.facts) {
      if (watch !== null) for (const step of effects.transitions) watch.count(step);
      for (const { kind, subject, change, title, moneyAtRisk, deadline } of effects.exceptions) {
        const id = `${kind}:${subject}`;
        if (change === 'opened') {
          const about = event.type === 'anomaly.detected' ? { anomaly: event.data } : {};
          const closedAt = Number.POSITIVE_INFINITY;
          const episode = { kind, subject, openedAt: now, closedAt, deadline, title, moneyAtRisk, ...about };
          open.set(id, episode);
          episodes.push(episode);
        }
        const known = open.get(id);
        if (known !== undefined) known.deadline = deadline;
        if (change !== 'closed' || known === undefined) continue;
        known.closedAt = now;
        open.delete(id);
      }
    }
  }

  const live = (source: string, now: number) =>
    clockOf(world.get('source', source), world.get('workspace', ids.workspace)?.watermark ?? 0, now);

  function passDeadlines(to: number): void {
    for (let at = clock.next(); at !== undefined && at <= to; at = clock.next()) {
      const look = Math.ceil(at / LOOK_MS) * LOOK_MS;
      for (const { source, kind, subject, due } of clock.take(at, (name) => live(name, look))) {
        const data = { kind, subject, due, clock: source };
        contents.told += 1;
        apply({ ...ours(`deadline-${contents.told}`, 'deadline.passed', due, data), receivedAt: look }, look);
      }
    }
  }

  return {
    world,
    episodes,
    events: (): number => contents.seq,
    cost: () => watch?.cost() ?? null,
    apply,
    decide(policy: PolicyKind, body: object, at: number): void {
      apply(ours(`policy-${policy}-${at}`, 'policy.defined', at, { policy, body, by: 'learning' }), at);
    },
    pass(now: number): void {
      while (watch !== null && watch.due() <= now) {
        const due = watch.due();
        passDeadlines(due);
        watch.pass(due, apply);
      }
      passDeadlines(now);
    },
    branch(): CompanyFold {
      const own = copyWorld(world);
      // What stands open is one episode in both until then, and one in each from there on.
      const copies = new Map(episodes.map((episode) => [episode, { ...episode }]));
      return foldCompany({
        world: own,
        clock: clock.copy(),
        watch: watch?.copy(own) ?? null,
        open: new Map([...open].map(([id, episode]) => [id, copies.get(episode)!])),
        episodes: [...copies.values()],
        seq: contents.seq,
        told: contents.told,
      });
    },
  };
}

export function ours<T extends EventType>(id: string, type: T, at: number, data: object): Event {
  return { id, source: OWN_SOURCE, type, occurredAt: at, observedAt: at, receivedAt: at, data } as Event;
}

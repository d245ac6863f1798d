/**
 * Some weeks of the simulated company, folded as they would arrive: the real rules make the facts, and the real writer's
 * code their rows. What is stamped out over years is made of these.
 */
import { durationBucketOf } from '../../../analytics/kpis/histogram.ts';
import { clockOf } from '../../../server/jobs/pass-deadlines.ts';
import { type Random, randomOf } from '../../../server/simulated-company/random.ts';
import { simulateCompany } from '../../../server/simulated-company/simulate-company.ts';
import { understandCloudEvent } from '../../../streams/events/envelope.ts';
import type { Event } from '../../../streams/events/index.ts';
import { OWN_SOURCE } from '../../../streams/operations/sources/source.ts';
import { ids } from '../../../streams/operations/states.ts';
import { beginBatch, type Catalog, type Fact, processBatch } from '../../../streams/processing/process-batch.ts';
import { createWorld } from '../../support/world.ts';
import { createDeadlines } from '../detection/play-company.ts';

export type TemplatePlan = {
  seed: number;
  /** Epoch ms of the first event. */
  from: number;
  ordersPerDay: number;
  /** Days that are repeated, and days after them in which their orders come to an end. */
  days: number;
  tailDays: number;
};

const DAY_MS = 86_400_000;
const LOOK_MS = 1_000;
const BATCH_MAX = 500;
const MINUTE_MS = 60_000;
/** Live figures are not watched here, and no rule reads them. */
const nothing: Catalog = { measureStep: () => [], measureEvent: () => [] };
/** What the server tells about itself once in a while; the company does not, so it is told here. */
const HOPS = [
  ['accept', 900, 0.6],
  ['commit', 60, 0.5],
  ['push', 120, 0.5],
] as const;
const SAMPLES_PER_MINUTE = 40;

/** The facts in the order of the log, from sequence 1 on. */
export function* playTemplate(plan: TemplatePlan): Generator<readonly Fact[], void> {
  const { seed, from, ordersPerDay, days, tailDays } = plan;
  const until = from + (days + tailDays) * DAY_MS;
  const deliveries = simulateCompany({ seed, from, ordersPerDay, faults: 'normal' });
  const world = createWorld();
  const clock = createDeadlines();
  const seen = new Set<string>();
  const random = randomOf(seed, 'latency');
  let waiting: Event[] = [];
  let seq = 0;
  let latencyAt = from + MINUTE_MS;

  function apply(events: Event[]): Fact[] {
    if (events.length === 0) return [];
    const batch = beginBatch(world.maps, seq);
    processBatch(batch, events, 0, nothing);
    seq = batch.seq;
    for (const change of batch.draft.deadlines.values()) clock.set(change);
    return batch.facts;
  }
  function flush(): Fact[] {
    const events = waiting;
    waiting = [];
    return apply(events);
  }
  const live = (source: string, now: number) =>
    clockOf(world.get('source', source), world.get('workspace', ids.workspace)?.watermark ?? 0, now);

  for (;;) {
    const { deliverAt, event: raw } = deliveries.next().value;
    const reached = Math.min(deliverAt, until);
    for (; latencyAt <= reached; latencyAt += MINUTE_MS) waiting.push(...latencies(latencyAt, random));
    for (let at = clock.next(); at !== undefined && at <= reached; at = clock.next()) {
      yield flush();
      const look = Math.ceil(at / LOOK_MS) * LOOK_MS;
      const passed = clock
        .take(at, (name) => live(name, look))
        .map(({ source, kind, subject, due }): Event => {
          const data = { kind, subject, due, clock: source };
          const id = `deadline:${kind}|${subject}:${due}`;
          return {
            id,
            source: OWN_SOURCE,
            type: 'deadline.passed',
            data,
            occurredAt: due,
            observedAt: look,
            receivedAt: look,
          };
        });
      yield apply(passed);
    }
    if (deliverAt >= until) break;
    const understood = understandCloudEvent(raw, deliverAt);
    if ('problem' in understood) throw new Error(`${raw.type}: ${understood.problem}`);
    const { event } = understood;
    const identity = `${event.source}|${event.id}`;
    if (seen.has(identity)) continue;
    seen.add(identity);
    waiting.push(event);
    if (waiting.length >= BATCH_MAX) yield flush();
  }
  yield flush();
}

/** Latencies of one minute, around a median, spread as such times are. */
function latencies(at: number, random: Random): Event[] {
  return HOPS.map(([hop, medianMs, spread]) => {
    const counts = new Map<number, number>();
    for (let i = 0; i < SAMPLES_PER_MINUTE; i += 1) {
      const bucket = durationBucketOf(random.lognormal(medianMs, spread));
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    const data = { hop, counts: [...counts] };
    const id = `latency-${hop}-${at}`;
    return {
      id,
      source: OWN_SOURCE,
      type: 'latency.measured',
      data,
      occurredAt: at,
      observedAt: at,
      receivedAt: at,
    } as Event;
  });
}

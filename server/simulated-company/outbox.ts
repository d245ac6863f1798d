/** How the company's systems send: event ids, latency, and the deliveries that come late, twice or not at all for hours. */
import type { CloudEvent } from '../../streams/events/envelope.ts';
import type { EventInput, EventType } from '../../streams/events/index.ts';
import { type SourceId, sourceIds, sources } from './company.ts';
import type { Truth } from './ground-truth.ts';
import { HOUR, MINUTE } from './local-time.ts';
import type { Random } from './random.ts';
import { createTimetable } from './timetable.ts';

export type SentEvent = CloudEvent & { source: SourceId; type: EventType };
export type Delivery = { deliverAt: number; event: SentEvent };
export type Outbox = ReturnType<typeof createOutbox>;

const DUPLICATE_SHARE = 0.003;
const LATE_SHARE = 0.002;
const LATE_MAX_MS = 6 * HOUR;
const JITTER_MS = 250;
/** After a silence the held-back events come in this fast, one after the other. */
const CATCH_UP_STEP_MS = 40;

/**
 * @param tag makes the ids of this run's events differ from those of a run with other options
 * @param faultFactor 0 sends everything once and in time
 * @param streams one for all, and one for what suppliers say, which moves nothing else
 */
export function createOutbox(
  tag: string,
  streams: { all: Random; supply: Random },
  faultFactor: number,
  truth: (entry: Truth) => void,
) {
  const waiting = createTimetable<SentEvent>();
  const sentBy = Object.fromEntries(sourceIds.map((source) => [source, 0])) as Record<SourceId, number>;
  const silences: { source: SourceId; from: number; until: number; held: number }[] = [];

  /** Plans one event for sending. `at` is when it happened, in epoch ms and never before the simulated present. */
  function emit<T extends EventType>(source: SourceId, type: T, at: number, data: EventInput<T>): void {
    const random = type === 'purchase-order.confirmed' ? streams.supply : streams.all;
    const id = `${source}-${tag}-${++sentBy[source]}`;
    const event = { specversion: '1.0', id, source, type, time: new Date(at).toISOString(), data } as SentEvent;
    let deliverAt = at + sources[source].latencyMs + Math.floor(random.next() * JITTER_MS);
    const silence = silences.find((one) => one.source === source && one.from <= at && at < one.until);
    if (silence !== undefined) {
      deliverAt = Math.max(deliverAt, silence.until + CATCH_UP_STEP_MS * silence.held++);
    } else if (faultFactor > 0 && random.chance(LATE_SHARE * faultFactor)) {
      deliverAt += Math.round(Math.min(LATE_MAX_MS, random.lognormal(12 * MINUTE, 1.2)));
      const details = { source, type, delayMs: deliverAt - at };
      truth({ kind: 'late-delivery', at, detectableAt: deliverAt, subject: id, details });
    }
    waiting.add(deliverAt, event);
    if (faultFactor > 0 && random.chance(DUPLICATE_SHARE * faultFactor)) {
      const again = deliverAt + Math.round(random.between(1_000, 30 * MINUTE));
      waiting.add(again, event);
      truth({ kind: 'duplicate-delivery', at, detectableAt: again, subject: id, details: { source, type } });
    }
  }

  return {
    emit,
    nextAt: waiting.nextAt,
    take(): Delivery {
      const { at, item } = waiting.take();
      return { deliverAt: at, event: item };
    },
    /** From now on events of the source wait until the silence ends. */
    silence: (source: SourceId, from: number, until: number) => silences.push({ source, from, until, held: 0 }),
    forgetSilencesBefore(at: number): void {
      silences.splice(0, silences.length, ...silences.filter((one) => one.until >= at));
    },
    isSilent: (source: SourceId, at: number) =>
      silences.some((one) => one.source === source && one.from <= at && at < one.until),
  };
}

/** Producers and the way in: they send until they are answered, and what was answered waits durably until it is in the log. */
import type { HistoryClient } from '../../analytics/clickhouse/client.ts';
import { knownArrivals } from '../../analytics/clickhouse/known-arrivals.ts';
import type { Random } from '../../server/simulated-company/random.ts';
import { type CloudEvent, understandCloudEvent } from '../../streams/events/envelope.ts';
import type { Event } from '../../streams/events/index.ts';
import { OLD_ARRIVAL_MS } from '../../streams/ingestion/run-ingestion.ts';
import { identityOf } from '../../streams/processing/dedupe.ts';
import { appendArrivals } from '../../streams/processing/event-log.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Written } from '../support/random-history.ts';
import type { VirtualTime } from './virtual-time.ts';

const EVENTS_PER_DELIVERY_MAX = 6;
const RESENT_AFTER_MS = 800;
const TAKEN_AGAIN_AFTER_MS = 1_500;
const RETRIED_AFTER_MS = 300;

type Delivery = { events: Written['event'][]; acknowledged: boolean };
type Job = { events: Written['event'][]; receivedAt: number; taken: boolean; done: boolean };

export type Faults = {
  /** Shares of requests that never arrive, whose answer never arrives, and that arrive twice. */
  lost: number;
  unanswered: number;
  doubled: number;
  /** Milliseconds a request travels; deliveries overtake each other by it. */
  travelMs(): number;
};

export class Intake {
  readonly acknowledged = new Set<string>();
  readonly sent = new Set<string>();
  readonly problems: string[] = [];
  readonly #jobs: Job[] = [];
  readonly #deliveries: Delivery[] = [];
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #faults: Faults;
  stored = 0;

  constructor(time: VirtualTime, random: Random, faults: Faults) {
    this.#time = time;
    this.#random = random;
    this.#faults = faults;
  }

  /** Everything was answered, and everything that was answered is in the log. */
  get isEmpty(): boolean {
    return this.#deliveries.every(({ acknowledged }) => acknowledged) && this.#jobs.every(({ done }) => done);
  }

  /** @returns a first event as it stands in the log, counted like one that was acknowledged */
  setUp({ event }: Written): string {
    this.sent.add(identityOf(event));
    this.acknowledged.add(identityOf(event));
    return JSON.stringify(this.#understand(event, this.#time.wall() + 1_000));
  }

  /** Plans the sending of a history: each source sends what it has gathered, a few events at a time. */
  plan(history: Written[], startsAfter: number): void {
    let at = startsAfter;
    const gathered = new Map<string, Written['event'][]>();
    const post = (source: string, when: number) => {
      const events = gathered.get(source)!;
      if (events.length === 0) return;
      gathered.set(source, []);
      const delivery = { events, acknowledged: false };
      this.#deliveries.push(delivery);
      this.#time.after(when, () => this.#send(delivery));
    };
    for (const { after, source, event } of history) {
      at += after;
      const events = gathered.get(source) ?? [];
      gathered.set(source, events);
      events.push(event);
      if (events.length >= EVENTS_PER_DELIVERY_MAX || this.#random.chance(0.6)) post(source, at);
    }
    for (const source of gathered.keys()) post(source, at);
  }

  /** What was acknowledged is sent once more, as a source does that has restored a backup. */
  sendAgain(share: number): void {
    for (const { events, acknowledged } of this.#deliveries) {
      if (!acknowledged || !this.#random.chance(share)) continue;
      const again = { events, acknowledged: false };
      this.#deliveries.push(again);
      this.#send(again);
    }
  }

  #send(delivery: Delivery): void {
    if (delivery.acknowledged) return;
    for (const event of delivery.events) this.sent.add(identityOf(event));
    const { lost, unanswered, doubled } = this.#faults;
    const times = this.#random.chance(doubled) ? 2 : 1;
    for (let copy = 0; copy < times; copy++) {
      if (this.#random.chance(lost)) continue;
      this.#time.after(this.#faults.travelMs(), () => {
        this.#jobs.push({ events: delivery.events, receivedAt: this.#time.wall(), taken: false, done: false });
        this.stored += 1;
        if (this.#random.chance(unanswered)) return;
        delivery.acknowledged = true;
        for (const event of delivery.events) this.acknowledged.add(identityOf(event));
      });
    }
    this.#time.after(RESENT_AFTER_MS + this.#faults.travelMs(), () => this.#send(delivery));
  }

  /** The worker of a program: the same steps as the real one takes for events, without the queue's own machinery. */
  startWorker(redis: Redis, keys: Keys, history: HistoryClient): void {
    const turn = () => {
      // Oldest first, as they start in order of arrival; a job whose worker died is taken again after a while.
      const job = this.#jobs.find(({ taken, done }) => !taken && !done);
      if (job === undefined) {
        setTimeout(turn, 40);
        return;
      }
      job.taken = true;
      this.#time.after(TAKEN_AGAIN_AFTER_MS, () => {
        job.taken = job.done;
      });
      this.#carryOut(job, redis, keys, history).then(
        () => setTimeout(turn, 0),
        () => setTimeout(turn, RETRIED_AFTER_MS),
      );
    };
    turn();
  }

  async #carryOut(job: Job, redis: Redis, keys: Keys, history: HistoryClient): Promise<void> {
    const events = job.events.map((event) => this.#understand(event, job.receivedAt)).filter((event) => event !== null);
    const old = events.filter((event) => event.occurredAt <= event.receivedAt - OLD_ARRIVAL_MS);
    const known = old.length === 0 ? new Set<string>() : await knownArrivals({ redis, keys, history }, old);
    const fresh = events.filter((event) => !known.has(identityOf(event)));
    const lines = fresh.map((event) => JSON.stringify(event));
    await appendArrivals(redis, keys, lines, { receivedAt: job.receivedAt, now: Date.now() });
    job.done = true;
  }

  #understand(raw: Written['event'], receivedAt: number): Event | null {
    // A poison event is one that the catalog does not know: ingestion would never let it through.
    if ((raw.type as string) === 'poison') {
      const at = Date.parse(raw.time);
      return { ...raw, occurredAt: at, observedAt: at, receivedAt } as unknown as Event;
    }
    const understood = understandCloudEvent(raw as CloudEvent, receivedAt);
    if ('event' in understood) return understood.event;
    this.problems.push(`${raw.type}: ${understood.problem}`);
    return null;
  }
}

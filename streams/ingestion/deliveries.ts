/** The BullMQ queue "deliveries": what arrived, stored durably before it is understood. */
import { randomBytes } from 'node:crypto';
import { createNodeRedisClient, type JobsOptions, Queue } from 'bullmq';
import { keysOf } from '../processing/keys.ts';
import type { Redis } from '../processing/redis.ts';

/** Events one job carries at most, so that one job is one short transaction on the log. */
export const EVENTS_PER_JOB_MAX = 1_000;
/** With the delay capped at five minutes, a delivery is retried for about half a day before it becomes a dead letter. */
export const ATTEMPTS_MAX = 150;
export const RETRY_DELAY_MS_FIRST = 500;
export const RETRY_DELAY_MS_MAX = 5 * 60_000;
/** Finished jobs kept for a look at what happened last. */
const COMPLETED_KEPT_MAX = 100;

type Arrival = {
  deliveryId: string;
  source: string;
  receivedAt: number;
  /** The few headers worth keeping with a dead letter; never credentials or signatures. */
  headers: Record<string, string>;
  /** Set when a person sent a dead letter on its way again. */
  replay?: true;
};
/** Events that were understood before they were acknowledged: one JSON text of an `Event` per line. */
export type EventsJob = Arrival & { kind: 'events'; lines: string; count: number; oldestAt: number };
/** A webhook call as it came. */
export type WebhookJob = Arrival & { kind: 'webhook'; connector: string; topic: string; body: string; base64: boolean };
/** Items of an accepted batch that were wrong, one JSON text per line: they become a dead letter. `writes` is what their key may write. */
export type RefusedJob = Arrival & { kind: 'refused'; lines: string; count: number; reason: string; writes: string };
export type DeliveryJob = EventsJob | WebhookJob | RefusedJob;

export type Deliveries = {
  /** Resolves once Redis has confirmed all jobs; rejects when it cannot say so. Then nothing may be acknowledged. */
  store(jobs: DeliveryJob[]): Promise<void>;
  /** Jobs that wait, run or are to be retried. */
  depth(): Promise<number>;
  stop(): Promise<void>;
};

/** Sorts by time of arrival; unique without asking anybody. */
export function newDeliveryId(receivedAt: number): string {
  return `dlv_${receivedAt.toString(36).padStart(9, '0')}${randomBytes(9).toString('base64url')}`;
}

/** @param redis a client of the runtime; BullMQ shares it and leaves it open */
export function openDeliveries(redis: Redis, workspace: string): Deliveries {
  const keys = keysOf(workspace);
  const queue = new Queue<DeliveryJob>(keys.deliveriesQueue, {
    connection: createNodeRedisClient(redis),
    prefix: keys.queuePrefix,
    streams: { events: { maxLen: 1_000 } },
    defaultJobOptions: jobOptions,
  });
  // Without a listener an emitter's error would end the process; every call reports its own failure.
  queue.on('error', () => undefined);
  return {
    // One command each, sent together: `addBulk` runs in a transaction that cannot load BullMQ's scripts again after
    // Redis was restarted. When one of several fails, the sender repeats all, and identity sorts it out.
    store: async (jobs) => {
      await Promise.all(jobs.map((job) => queue.add(job.kind, job)));
    },
    depth: () => queue.getJobCountByTypes('wait', 'active', 'delayed'),
    stop: () => queue.close(),
  };
}

const jobOptions: JobsOptions = {
  attempts: ATTEMPTS_MAX,
  backoff: { type: 'jittered' },
  removeOnComplete: COMPLETED_KEPT_MAX,
  // Never by count: a failed job is a delivery we acknowledged. The sweep turns it into a dead letter and removes it.
  removeOnFail: false,
  stackTraceLimit: 1,
};

/** Exponential, capped, with half of it random, so that jobs which failed together do not return together. */
export function retryDelayMs(attempt: number, random = Math.random()): number {
  const full = Math.min(RETRY_DELAY_MS_MAX, RETRY_DELAY_MS_FIRST * 2 ** Math.min(attempt - 1, 20));
  return Math.round(full / 2 + (full / 2) * random);
}

/** What health asks: each answer is measured, nothing is assumed. */
import type { HistoryClient } from '../../analytics/clickhouse/client.ts';
import type { HistoryWriter } from '../../analytics/clickhouse/history-writer.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Processor } from '../../streams/processing/run-processor.ts';
import type { SqlDesk } from '../analyst/sql-desk.ts';
import type { Probe } from '../http/health.ts';
import { eventsBehind } from '../reading/events-behind.ts';
import type { Runtime } from '../runtime.ts';

/** Facts that history may be behind before health says so. */
const EVENTS_BEHIND_MAX = 50_000;
const LOG_WAITING_MAX = 50_000;

const healthy = (detail: string) => ({ status: 'ok' as const, detail });
const degraded = (detail: string) => ({ status: 'degraded' as const, detail });

export const redisProbe = (redis: Redis): Probe => ({
  name: 'redis',
  required: true,
  async check() {
    const info = await redis.info('persistence');
    const failed = /aof_last_write_status:err/.test(info);
    if (failed) return degraded('the append-only file could not be written');
    return /aof_enabled:1/.test(info)
      ? healthy('durable')
      : degraded('runs without an append-only file: a crash loses data');
  },
});

export const clickhouseProbe = (history: HistoryClient): Probe => ({
  name: 'clickhouse',
  required: false,
  async check() {
    const answer = await history.ping();
    if (!answer.success) throw answer.error;
    return healthy('answers');
  },
});

export const historyProbe = (writer: HistoryWriter): Probe => ({
  name: 'history writer',
  required: false,
  async check() {
    const { behindEvents: eventsBehind, lastError } = writer.status();
    if (lastError !== '') return degraded(`${lastError} (${eventsBehind} events behind)`);
    return eventsBehind > EVENTS_BEHIND_MAX
      ? degraded(`${eventsBehind} events behind`)
      : healthy(`${eventsBehind} events behind`);
  },
});

export const processorProbe = (processor: Processor, { redis, keys }: Runtime): Probe => ({
  name: 'processor',
  required: false,
  async check() {
    const { working, lastError, seq } = processor.status();
    const waiting = await redis.xLen(keys.log);
    if (lastError !== '') return degraded(lastError);
    if (!working) return healthy('stands by; another process holds the lease');
    return waiting > LOG_WAITING_MAX ? degraded(`${waiting} events wait`) : healthy(`${seq} events applied`);
  },
});

/** For a process that applies no events itself: whether any other does, as far as Redis knows. */
export const processorElsewhereProbe = ({ redis, keys }: Runtime): Probe => ({
  name: 'processor',
  required: false,
  async check() {
    const [held, waiting] = await Promise.all([redis.exists(keys.lease), redis.xLen(keys.log)]);
    if (held === 0) return degraded('no process holds its lease');
    return waiting > LOG_WAITING_MAX ? degraded(`${waiting} events wait`) : healthy('works in another process');
  },
});

export const historyElsewhereProbe = (runtime: Runtime): Probe => ({
  name: 'history writer',
  required: false,
  async check() {
    const [held, behind] = await Promise.all([runtime.redis.exists(runtime.keys.historyLease), eventsBehind(runtime)]);
    if (held === 0) return degraded(`no process holds its lease (${behind} events behind)`);
    return behind > EVENTS_BEHIND_MAX ? degraded(`${behind} events behind`) : healthy(`${behind} events behind`);
  },
});

/** What protects everybody else from what analysts ask; what the machine lacks for it is said, and is no fault of a part. */
export const analystProbe = (desk: SqlDesk): Probe => ({
  name: 'analyst SQL',
  required: false,
  async check() {
    const { words, lacks, running, waiting } = desk.status();
    const without = lacks.length === 0 ? '' : `; this machine lacks ${lacks.join(', ')}`;
    return healthy(`${words}${without} (${running} running, ${waiting} waiting)`);
  },
});

/** What the workers count, for Prometheus. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client';
import type { Runtime } from '../runtime.ts';

/** What keeping screens up to date costs: working out what changed does not depend on how many look, sending does. */
export function measureLive(registry: Registry): (took: { computeMs: number; sendMs: number }) => void {
  const seconds = new Counter({
    name: 'tideline_live_seconds_total',
    help: 'Processor time spent on live topics, by what for',
    labelNames: ['part'],
    registers: [registry],
  });
  const turns = new Counter({ name: 'tideline_live_turns_total', help: 'Looks at live topics', registers: [registry] });
  return ({ computeMs, sendMs }) => {
    seconds.inc({ part: 'compute' }, computeMs / 1_000);
    seconds.inc({ part: 'send' }, sendMs / 1_000);
    turns.inc();
  };
}

export function measureProcess(registry: Registry, { redis, keys }: Runtime) {
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const events = new Counter({
    name: 'tideline_events_processed_total',
    help: 'Events taken from the log, by what became of them',
    labelNames: ['outcome'],
    registers,
  });
  const commits = new Histogram({
    name: 'tideline_commit_seconds',
    help: 'How long a batch took from reading to committed',
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1],
    registers,
  });
  new Gauge({
    name: 'tideline_stream_entries',
    help: 'Entries in the log (events that wait) and in the outbox (commits that history has not written)',
    labelNames: ['stream'],
    registers,
    async collect() {
      if (!redis.isReady) return;
      this.set({ stream: 'log' }, await redis.xLen(keys.log));
      this.set({ stream: 'facts' }, await redis.xLen(keys.facts));
    },
  });
  return {
    committed(commit: { events: number; duplicates: number; tookMs: number }): void {
      events.inc({ outcome: 'applied' }, commit.events);
      events.inc({ outcome: 'duplicate' }, commit.duplicates);
      commits.observe(commit.tookMs / 1_000);
    },
  };
}

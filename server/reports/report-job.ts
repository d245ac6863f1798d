/** Does what is due, in one process at a time. */

import type { Keys } from '../../streams/processing/keys.ts';
import { keepLease } from '../../streams/processing/lease.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Reports } from './reports.ts';

const LOOK_EVERY_MS = 1_000;

export function startReportJob(deps: {
  redis: Redis;
  keys: Keys;
  reports: Reports;
  onProblem: (reason: string) => void;
}) {
  const { redis, keys, reports, onProblem } = deps;
  const stopping = new AbortController();
  let working: Promise<void> | undefined;
  let recovered = false;

  const lease = keepLease(redis, keys.reports('lease'), (held) => {
    if (held) recovered = false;
  });
  async function look(): Promise<void> {
    if (!lease.held()) return;
    // Only who has the lease works: what still says that it is under way was left by somebody who ended.
    if (!recovered) await reports.recover();
    recovered = true;
    await reports.workOff(stopping.signal);
  }
  const timer = setInterval(() => {
    working ??= look()
      .catch((error: unknown) => onProblem(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        working = undefined;
      });
  }, LOOK_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await working;
      await lease.stop();
    },
  };
}

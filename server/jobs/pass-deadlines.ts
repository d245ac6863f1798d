/** "Nothing happened" is an event: deadlines that states have set and that went by are appended to the log. */
import type { Event } from '../../streams/events/index.ts';
import { LIVE_LAG_MAX_MS, OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import { ids, type Source, type Workspace } from '../../streams/operations/states.ts';
import { dueOf } from '../../streams/processing/deadline-score.ts';
import { appendToLog } from '../../streams/processing/event-log.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

const LOOK_EVERY_MS = 1_000;
/** Deadlines passed per source and look; the rest follows a second later. */
const PASSED_PER_LOOK_MAX = 1_000;
/** The rule that answers a deadline takes it away; until then it is not appended again within this time. */
const PATIENCE_MS = 60_000;

export type DeadlineJob = { stop(): Promise<void> };

export function startPassingDeadlines(deps: {
  redis: Redis;
  keys: Keys;
  now: () => number;
  onProblem: (reason: string) => void;
}): DeadlineJob {
  const { redis, keys, now } = deps;
  const appended = new Map<string, number>();
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    const at = now();
    for (const [key, when] of appended) if (when < at - PATIENCE_MS) appended.delete(key);
    const [sources, workspaceText] = await Promise.all([
      redis.sMembers(keys.deadlineSources),
      redis.hGet(keys.state('workspace'), ids.workspace),
    ]);
    const watermark = workspaceText ? (JSON.parse(workspaceText) as Workspace).watermark : 0;
    for (const name of sources) {
      const text = await redis.hGet(keys.state('source'), name);
      const source = text ? (JSON.parse(text) as Source) : undefined;
      await passFor(name, clockOf(source, watermark, at), at);
    }
  }

  async function passFor(source: string, clock: number, at: number): Promise<void> {
    const due = await redis.zRangeByScoreWithScores(keys.deadlines(source), 0, clock, {
      LIMIT: { offset: 0, count: PASSED_PER_LOOK_MAX },
    });
    const lines: string[] = [];
    const ids: string[] = [];
    for (const { value, score } of due) {
      const id = `deadline:${value}:${score}`;
      if (appended.has(id)) continue;
      appended.set(id, at);
      ids.push(id);
      lines.push(JSON.stringify(deadlinePassed(id, source, value, dueOf(score), at)));
    }
    if (lines.length === 0) return;
    try {
      await appendToLog(redis, keys, lines);
    } catch (error) {
      // Whether they are in the log is not known: told again, at worst they are repeats.
      for (const id of ids) appended.delete(id);
      throw error;
    }
  }

  const timer = setInterval(() => {
    running ??= look()
      .catch((error: unknown) => deps.onProblem(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        running = undefined;
      });
  }, LOOK_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/**
 * The time it is for a source. A live source follows the wall clock. One that is replayed or catches up follows the
 * business time that events have reached, so that history does not look overdue.
 */
export function clockOf(source: Source | undefined, watermark: number, now: number): number {
  if (source === undefined || source.events === 0) return now;
  const live = source.lastReceivedAt - source.lastOccurredAt <= LIVE_LAG_MAX_MS;
  return live ? now : Math.min(now, Math.max(source.watermark, watermark));
}

function deadlinePassed(id: string, clock: string, member: string, due: number, now: number): Event {
  const cut = member.indexOf('|');
  return {
    id,
    source: OWN_SOURCE,
    type: 'deadline.passed',
    occurredAt: due,
    observedAt: now,
    receivedAt: now,
    data: { kind: member.slice(0, cut), subject: member.slice(cut + 1), due, clock },
  };
}

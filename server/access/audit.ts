/** The audit: who did what, append-only, each entry sealed with the hash of the one before. */

import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { hashOf } from './secrets.ts';

const ATTEMPTS_MAX = 20;

export type AuditEntry = {
  seq: number;
  at: number;
  who: string;
  what: string;
  detail: string;
  before: string;
  hash: string;
};
export type Audit = ReturnType<typeof openAudit>;

export function openAudit(redis: Redis, keys: Keys, now: () => number) {
  const stream = keys.access('audit');

  async function last(): Promise<AuditEntry | undefined> {
    const [entry] = (await redis.xRevRange(stream, '+', '-', { COUNT: 1 })) ?? [];
    return entry === undefined ? undefined : toEntry(entry);
  }

  /** Rejects when it cannot be written: then what it records must not happen either. */
  async function record(who: string, what: string, detail: Record<string, string | number> = {}): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const previous = await last();
      const seq = (previous?.seq ?? 0) + 1;
      const entry = { at: String(now()), who, what, detail: JSON.stringify(detail), before: previous?.hash ?? '' };
      try {
        // The id is the sequence number, and Redis refuses an id that is not the highest: two writers cannot fork it.
        await redis.xAdd(stream, `${seq}-0`, { ...entry, hash: sealOf(seq, entry) });
        return;
      } catch (error) {
        if (attempt >= ATTEMPTS_MAX || !String(error).includes('equal or smaller')) throw error;
      }
    }
  }

  /** @returns the entries oldest first, and the sequence number of the first one whose seal is broken */
  async function verify(): Promise<{ entries: AuditEntry[]; brokenAt: number | null }> {
    const entries = ((await redis.xRange(stream, '-', '+')) ?? []).map(toEntry);
    let before = '';
    let seq = 1;
    for (const entry of entries) {
      const { at, who, what, detail } = entry;
      const seal = sealOf(entry.seq, { at: String(at), who, what, detail, before });
      if (entry.seq !== seq || entry.before !== before || entry.hash !== seal) return { entries, brokenAt: seq };
      before = entry.hash;
      seq++;
    }
    return { entries, brokenAt: null };
  }

  return { record, verify };
}

function sealOf(seq: number, entry: { at: string; who: string; what: string; detail: string; before: string }): string {
  return hashOf(JSON.stringify([seq, entry.at, entry.who, entry.what, entry.detail, entry.before]));
}

function toEntry({ id, message }: { id: string; message: Record<string, string> }): AuditEntry {
  const { at = '0', who = '', what = '', detail = '{}', before = '', hash = '' } = message;
  return { seq: Number(id.split('-')[0]), at: Number(at), who, what, detail, before, hash };
}

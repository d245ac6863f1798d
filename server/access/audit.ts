/** The audit: who did what, append-only, each entry sealed with the hash of the one before. */

import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { AuditFilter, AuditVerification } from '../http/contract/audit.ts';
import { hashOf } from './secrets.ts';

const ATTEMPTS_MAX = 20;
/** Entries in memory at once, however long the audit is. */
const READ_AT_ONCE = 500;
/** Entries looked at for one page: whoever filters for something rare gets a short page, and goes on behind it. */
const LOOKED_AT_PER_PAGE_MAX = 20_000;
/** Clocks of two processes may differ, so entries are in the order of their number and nearly in that of their time. */
const CLOCKS_DIFFER_MS_MAX = 3_600_000;

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
  let verifying: Promise<AuditVerification> | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function last(): Promise<AuditEntry | undefined> {
    const [entry] = (await redis.xRevRange(stream, '+', '-', { COUNT: 1 })) ?? [];
    return entry === undefined ? undefined : toEntry(entry);
  }

  /**
   * Rejects when it cannot be written: then what it records must not happen either. Entries of this process wait for each
   * other: twenty at once would outrun each other until some gave up.
   */
  function record(who: string, what: string, detail: Record<string, string | number> = {}): Promise<void> {
    const written = writing.then(() => write(who, what, detail));
    writing = written.catch(() => undefined);
    return written;
  }

  async function write(who: string, what: string, detail: Record<string, string | number>): Promise<void> {
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

  /** Oldest first, a few at a time. */
  async function* entries(): AsyncGenerator<AuditEntry> {
    for (let from = '-'; ; ) {
      const page = ((await redis.xRange(stream, from, '+', { COUNT: READ_AT_ONCE })) ?? []).map(toEntry);
      yield* page;
      if (page.length < READ_AT_ONCE) return;
      from = `(${page.at(-1)!.seq}-0`;
    }
  }

  /** Newest first, a few at a time. @param below only entries with a smaller number */
  async function* entriesBackwards(below: number | undefined): AsyncGenerator<AuditEntry> {
    for (let to = below === undefined ? '+' : `(${below}-0`; ; ) {
      const page = ((await redis.xRevRange(stream, to, '-', { COUNT: READ_AT_ONCE })) ?? []).map(toEntry);
      yield* page;
      if (page.length < READ_AT_ONCE) return;
      to = `(${page.at(-1)!.seq}-0`;
    }
  }

  /** @returns newest first; `next` when there may be more */
  async function page(filter: AuditFilter, limit: number, below?: number) {
    const items: AuditEntry[] = [];
    let looked = 0;
    for await (const entry of entriesBackwards(below)) {
      if (filter.from !== undefined && entry.at < filter.from - CLOCKS_DIFFER_MS_MAX) return { items, next: null };
      looked += 1;
      if (matches(entry, filter)) items.push(entry);
      if (items.length >= limit || looked >= LOOKED_AT_PER_PAGE_MAX) return { items, next: entry.seq };
    }
    return { items, next: null };
  }

  /** Oldest first. */
  async function* matching(filter: AuditFilter): AsyncGenerator<AuditEntry> {
    for await (const entry of entries()) if (matches(entry, filter)) yield entry;
  }

  /** Follows the whole chain; several who ask at the same time wait for one reading. */
  function verify(): Promise<AuditVerification> {
    verifying ??= followChain().finally(() => {
      verifying = undefined;
    });
    return verifying;
  }

  async function followChain(): Promise<AuditVerification> {
    let before = '';
    let seq = 0;
    let since: number | null = null;
    for await (const entry of entries()) {
      seq += 1;
      since ??= entry.at;
      const { at, who, what, detail } = entry;
      const seal = sealOf(entry.seq, { at: String(at), who, what, detail, before });
      if (entry.seq !== seq || entry.before !== before || entry.hash !== seal) {
        return { entries: await redis.xLen(stream), since, brokenAt: seq, checkedAt: now() };
      }
      before = entry.hash;
    }
    return { entries: seq, since, brokenAt: null, checkedAt: now() };
  }

  const length = () => redis.xLen(stream);
  return { record, entries, page, matching, verify, length };
}

function matches(entry: AuditEntry, { who, kind, from, to }: AuditFilter): boolean {
  return (
    (who === undefined || entry.who.toLowerCase().includes(who.toLowerCase())) &&
    (kind === undefined || entry.what.startsWith(`${kind}.`)) &&
    (from === undefined || entry.at >= from) &&
    (to === undefined || entry.at < to)
  );
}

function sealOf(seq: number, entry: { at: string; who: string; what: string; detail: string; before: string }): string {
  return hashOf(JSON.stringify([seq, entry.at, entry.who, entry.what, entry.detail, entry.before]));
}

function toEntry({ id, message }: { id: string; message: Record<string, string> }): AuditEntry {
  const { at = '0', who = '', what = '', detail = '{}', before = '', hash = '' } = message;
  return { seq: Number(id.split('-')[0]), at: Number(at), who, what, detail, before, hash };
}

/**
 * Whether those who are connected still may be: a session that ended, and a topic that is no longer theirs, are gone
 * within one check. Each session is asked once, however many sockets it has.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../access/abilities.ts';
import { startAgain, type Viewer } from './viewer.ts';

const CHECK_EVERY_MS = 4_000;
/** Sessions asked at once: a thousand of them are no reason to keep everything else waiting. */
const SESSIONS_AT_ONCE = 50;

export type Permissions = {
  /** Who opened a connection with these headers; null when the session is over, or of another site. */
  whoIs(headers: IncomingHttpHeaders): Promise<Principal | null>;
  mayWatch(principal: Principal, topic: string): Promise<boolean>;
};

/** @param viewers those that are connected now */
export function startSessionCheck({ whoIs, mayWatch }: Permissions, viewers: () => Iterable<Viewer>): { stop(): void } {
  let running = false;

  async function checkAll(): Promise<void> {
    const sessions = [...Map.groupBy(viewers(), sessionOf).values()];
    for (let from = 0; from < sessions.length; from += SESSIONS_AT_ONCE) {
      // What cannot be asked right now is asked again: Redis being away signs nobody out.
      await Promise.allSettled(sessions.slice(from, from + SESSIONS_AT_ONCE).map(checkSession));
    }
  }

  async function checkSession(own: Viewer[]): Promise<void> {
    const principal = await whoIs(own[0]!.data.headers);
    if (principal === null) {
      for (const viewer of own) {
        viewer.emit('signedOut');
        viewer.disconnect(true);
      }
      return;
    }
    const topics = new Set(own.flatMap(({ data }) => [...data.topics]));
    const refused = new Set<string>();
    for (const topic of topics) if (!(await mayWatch(principal, topic))) refused.add(topic);
    for (const viewer of own) {
      viewer.data.principal = principal;
      for (const topic of viewer.data.topics) if (refused.has(topic)) takeAway(viewer, topic);
    }
  }

  const timer = setInterval(() => {
    if (running) return;
    running = true;
    void checkAll().finally(() => {
      running = false;
    });
  }, CHECK_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

/** It subscribes again, and is told that it may not. */
function takeAway(viewer: Viewer, topic: string): void {
  viewer.data.topics.delete(topic);
  void viewer.leave(topic);
  viewer.emit('change', startAgain(topic));
}

/** What `whoIs` goes by. */
const sessionOf = ({ data: { headers } }: Viewer): string =>
  JSON.stringify([headers.cookie, headers.origin, headers.host, headers['x-forwarded-host']]);

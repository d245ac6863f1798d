/** Looks at what stands, decides who is told, stores it, and sends it: at least once, with an id that stays the same. */

import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Audit } from '../access/audit.ts';
import { afterTry, type KeptDelivery, newDelivery, type Outcome } from './deliveries/delivery.ts';
import { openKeptAlerts, type Position, type Written } from './kept-alerts.ts';
import { openSendingWaiting, type SendTo } from './send-waiting.ts';
import type { AlertRecord } from './telling/alert-record.ts';
import { type Seen, whoIsTold } from './telling/who-is-told.ts';

/** While nothing changes, quiet hours end and steps come due all the same. */
const LOOK_AGAIN_MS = 10_000;

export type Looked = Omit<Seen, 'now' | 'queued' | 'idOf'> & {
  /** Business has reached the present. */
  live: boolean;
  /** Something may have changed since the last look. */
  changed: boolean;
};
export type Told = { delivery: KeptDelivery; outcome: Outcome };
export type Alerting = ReturnType<typeof openAlerting>;

type Known = { position: Position; alerts: ReadonlyMap<string, AlertRecord>; waiting: Map<number, KeptDelivery> };

export function openAlerting(deps: {
  /** A connection of its own: WATCH belongs to the connection. */
  redis: Redis;
  keys: Keys;
  audit: Pick<Audit, 'record'>;
  see: () => Promise<Looked>;
  sendTo: SendTo;
  /** Whether it is still ours to do. */
  mayWork: () => boolean;
  now: () => number;
  newEpoch: () => string;
  chance: () => number;
  onTold?: (told: Told) => void;
  onProblem: (reason: string) => void;
}) {
  const { now, onProblem } = deps;
  const kept = openKeptAlerts(deps.redis, deps.keys);
  let known: Known | undefined;
  /** What is known to have been taken or refused, and is not stored yet. */
  const unstored = new Map<number, KeptDelivery>();
  let writing: Promise<void> = Promise.resolve();

  const sending = openSendingWaiting({
    sendTo: deps.sendTo,
    onFree: beginSending,
    onFault: (error) => onProblem(`sending: ${error instanceof Error ? error.name : 'a fault'}`),
    ended: async (delivery, outcome, tookMs) => {
      const after = afterTry(delivery, outcome, { now: now(), tookMs, chance: deps.chance() });
      unstored.set(after.seq, after);
      await inTurn(storeOutcomes);
      deps.onTold?.({ delivery: after, outcome });
    },
  });

  /** One reading or writing at a time: what is known must not move beneath it. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = writing.then(work).catch((error: unknown) => {
      // Whether it was stored is not known, or somebody else has written: everything is read anew.
      known = undefined;
      onProblem(error instanceof Error ? error.message : String(error));
    });
    writing = done;
    return done;
  }

  async function load(): Promise<Known> {
    const [position, alerts, numbers] = await Promise.all([kept.readPosition(), kept.alerts(), kept.waitingNumbers()]);
    const waiting = await kept.deliveries(numbers);
    const begun = { turn: 0, epoch: deps.newEpoch(), seq: 0, live: false, lookedAt: 0, sent: {} };
    return { position: position ?? begun, alerts, waiting: new Map(waiting.map((one) => [one.seq, one])) };
  }

  async function write(before: Known, position: Position, written: Written): Promise<Position> {
    const after = { ...position, turn: before.position.turn + 1 };
    await kept.write(before.position, after, written);
    return after;
  }

  /** What was asked for by hand meanwhile waits in Redis only. */
  async function findRetries({ waiting }: Known): Promise<void> {
    const unknown = (await kept.waitingNumbers()).filter((seq) => !waiting.has(Number(seq)));
    for (const delivery of await kept.deliveries(unknown)) waiting.set(delivery.seq, delivery);
  }

  async function storeOutcomes(): Promise<void> {
    known ??= await load();
    const ended = [...unstored.values()];
    // What does not wait any more was stored, by us or by who works now.
    const outcomes = ended.filter(({ seq }) => known!.waiting.has(seq));
    for (const outcome of outcomes) if (outcome.state !== 'waiting') await record(outcome);
    if (outcomes.length > 0) {
      known.position = await write(known, known.position, { deliveries: outcomes });
      for (const outcome of outcomes) {
        if (outcome.state === 'waiting') known.waiting.set(outcome.seq, outcome);
        else known.waiting.delete(outcome.seq);
      }
    }
    // Others may have ended while these were stored.
    for (const { seq } of ended) unstored.delete(seq);
  }

  function record({ id, target, kind, count, state, attempts, exceptions }: KeptDelivery): Promise<void> {
    const about = exceptions.slice(0, 20).join(' ');
    return deps.audit.record('tideline', `alert.${state}`, { id, target, kind, count, attempts, exceptions: about });
  }

  async function decide(): Promise<void> {
    if (unstored.size > 0) await storeOutcomes();
    known ??= await load();
    await findRetries(known);
    const looked = await deps.see();
    const at = now();
    const { position, alerts, waiting } = known;
    const isDue = looked.changed || at >= position.lookedAt + LOOK_AGAIN_MS;
    if (!isDue) return;
    const live = position.live || looked.live;
    if (!live) {
      known.position = await write(known, { ...position, lookedAt: at }, {});
      return;
    }
    const queued = new Map<string, number>();
    for (const { target } of waiting.values()) queued.set(target, (queued.get(target) ?? 0) + 1);
    const book = { alerts, sent: new Map(Object.entries(position.sent)), seq: position.seq };
    const idOf = (seq: number) => `${position.epoch}-${seq}`;
    const turn = whoIsTold(book, { ...looked, now: at, queued, idOf });
    const deliveries = turn.messages.map(newDelivery);
    const { seq, sent } = turn.book;
    const next = { ...position, live, seq, sent: Object.fromEntries(sent), lookedAt: at };
    const stored = await write(known, next, { alerts: turn.changed, deliveries });
    known = { position: stored, alerts: turn.book.alerts, waiting };
    for (const delivery of deliveries) waiting.set(delivery.seq, delivery);
  }

  /** Once: decides, and begins to send what is due. */
  async function look(): Promise<void> {
    if (!deps.mayWork()) return;
    await inTurn(decide);
    beginSending();
  }

  function beginSending(): void {
    if (known !== undefined && deps.mayWork()) sending.begin([...known.waiting.values()], now());
  }

  return {
    look,
    /** What is on its way has ended, one way or the other. */
    settled: async () => {
      while (sending.underWay() > 0) await new Promise((resolve) => setImmediate(resolve));
      await writing;
    },
    async stop() {
      await sending.stop();
      await writing;
    },
  };
}

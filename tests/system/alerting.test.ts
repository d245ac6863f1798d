/** Alerts over a real Redis: told once through crashes at any moment, nothing lost to receivers that fail, in order. */
import { createClient } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openAlerting } from '../../server/alerts/alerting.ts';
import { type AlertsModel, openAlertsModel } from '../../server/alerts/alerts-model.ts';
import { NotDelivered } from '../../server/alerts/channels/channel.ts';
import { GIVE_UP_AFTER_MS, RETRY_AFTER_MS } from '../../server/alerts/deliveries/delivery.ts';
import { openKeptAlerts } from '../../server/alerts/kept-alerts.ts';
import type { AlertMessage } from '../../server/alerts/message.ts';
import type { SendTo } from '../../server/alerts/send-waiting.ts';
import { alertsAnswer, deliveriesPage, deliveriesQuery } from '../../server/http/contract/alerts.ts';
import type { OpenException } from '../../streams/operations/states.ts';
import { type Keys, keysOf } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { alertPolicy, directoryOf, exceptionOf, localTime, outlet, person, zone } from '../support/alert-world.ts';
import { startTestRedis, type TestRedis, uniqueWorkspace } from '../support/redis.ts';

const MINUTE_MS = 60_000;
const policy = alertPolicy({
  routes: [{ name: 'all', to: ['channel:ops', 'role:planner'] }],
  digest: { moreThan: 100, withinMinutes: 1 },
});
const directory = directoryOf([person('pia')], [outlet('ops')]);

let server: TestRedis;
let redis: Redis;
let keys: Keys;
let now: number;
let standing: Map<string, OpenException>;
let received: { target: string; message: AlertMessage; at: number }[];
let audited: string[];

beforeAll(async () => {
  server = await startTestRedis();
  redis = await connect();
});
afterAll(async () => {
  redis.destroy();
  await server.stop();
});
beforeEach(() => {
  keys = keysOf(uniqueWorkspace());
  now = localTime('2026-03-02T10:00');
  standing = new Map();
  received = [];
  audited = [];
});

async function connect(): Promise<Redis> {
  const client = createClient({ url: server.url }) as unknown as Redis;
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function open(subject: string, more: Partial<OpenException> = {}): void {
  standing.set(`oversold:${subject}`, exceptionOf('oversold', subject, { id: `EX-${subject}`, ...more }));
}

const take: SendTo = async (target, message) => {
  received.push({ target, message, at: now });
  return { reference: 'r', answer: 'ok' };
};
const problems: string[] = [];

function start(more: Partial<Parameters<typeof openAlerting>[0]> = {}) {
  return openAlerting({
    redis,
    keys,
    audit: {
      record: async (_who, what, detail) =>
        void audited.push(`${what} ${detail?.['target']} ${detail?.['exceptions']}`),
    },
    see: async () => ({
      standing,
      policy,
      directory,
      workspace: { name: 'Nordlicht', timeZone: zone, currency: 'EUR' },
      urlOf: (number) => `/exceptions?ex=${number}`,
      live: true,
      changed: true,
    }),
    sendTo: take,
    mayWork: () => true,
    now: () => now,
    newEpoch: () => 'e',
    chance: () => 0,
    onProblem: (reason) => void problems.push(reason),
    ...more,
  });
}

/** Looks until nothing is to be sent any more. */
async function work(alerting: ReturnType<typeof openAlerting>, looks = 20): Promise<void> {
  for (let look = 0; look < looks; look++) {
    const before = received.length;
    await alerting.look();
    await alerting.settled();
    if (received.length === before && look > 0) return;
  }
}

const model = (): AlertsModel =>
  openAlertsModel({
    redis,
    keys,
    audit: { record: async () => undefined },
    standing: () => standing,
    directory: async () => directory,
    now: () => now,
  });
const deliveries = async (query: object = {}) =>
  deliveriesPage.parse(await model().deliveries(deliveriesQuery.parse(query))).items;
const said = () =>
  received.map(({ target, message }) => `${target} ${message.kind} ${message.items[0]!.number}`).sort();

test('what was told is known to whoever goes on, and told once', async () => {
  open('A');
  const first = start();
  await work(first);
  await first.stop();
  expect(said()).toEqual(['channel:ops opened EX-A', 'person:pia@example.com opened EX-A']);
  const second = start();
  await work(second);
  expect(received).toHaveLength(2);
  standing.clear();
  await work(second);
  expect(said()).toContain('channel:ops ended EX-A');
  expect(received).toHaveLength(4);
  expect(new Set(received.map(({ message }) => message.id)).size).toBe(4);
  expect(audited).toHaveLength(4);
  expect(audited).toContain('alert.delivered channel:ops EX-A');
});

/** Parts of a transaction: they wait for its end, and are no steps by themselves. */
const parts = new Set(['hSet', 'hDel', 'sAdd', 'sRem', 'set']);

/**
 * A connection that is cut for good at one command, as if the process had been killed then.
 * @param how before the server got it, or when it was done and nobody heard of it
 */
function dying(commands: number, how: 'before' | 'after'): { redis: Redis; wasCut: () => boolean } {
  let left = commands;
  const killed = () => Promise.reject(new Error('killed'));
  const through = (target: object): object =>
    new Proxy(target, {
      get(of, name) {
        const call = Reflect.get(of, name) as unknown;
        if (typeof call !== 'function') return call;
        return (...given: unknown[]) => {
          const run = () => (call as (...all: unknown[]) => object).apply(of, given);
          if (name === 'multi') return through(run());
          if (of !== redis && parts.has(String(name))) {
            run();
            return through(of);
          }
          left -= 1;
          if (left >= 0) return run();
          return left === -1 && how === 'after' ? Promise.resolve(run()).then(killed) : killed();
        };
      },
    });
  return { redis: through(redis) as Redis, wasCut: () => left < 0 };
}

test.each(['before', 'after'] as const)(
  'killed right %s any step, nobody is told again under another id, and nobody is forgotten',
  async (how) => {
    const targets = ['channel:ops', 'person:pia@example.com'];
    const wanted = ['A', 'B'].flatMap((one) =>
      targets.flatMap((to) => [`${to} ended EX-${one}`, `${to} opened EX-${one}`]),
    );
    let commands = 0;
    while (!(await live(commands))) commands += 1;
    expect(commands).toBeGreaterThan(20);

    /** @returns whether it came to its end before it was killed */
    async function live(upTo: number): Promise<boolean> {
      keys = keysOf(uniqueWorkspace());
      received = [];
      standing = new Map();
      const { redis: cut, wasCut } = dying(upTo, how);
      // Whoever was killed sends nothing more; what a receiver took a moment before may be written down nowhere.
      const sendTo: SendTo = async (...all) => (wasCut() ? Promise.reject(new Error('killed')) : take(...all));
      const first = start({ redis: cut, sendTo });
      open('A');
      open('B');
      await work(first, 3);
      if (!wasCut()) standing = new Map();
      await work(first, 3);
      await first.stop();
      const second = start();
      // What stood when it was killed still stands for whoever goes on, and ends later.
      await work(second);
      standing = new Map();
      await work(second);
      now += 30 * MINUTE_MS;
      await work(second);
      await second.stop();
      const byId = new Map(
        received.map(({ target, message }) => [
          `${target} ${message.id}`,
          `${target} ${message.kind} ${message.items[0]!.number}`,
        ]),
      );
      expect([...byId.values()].sort(), `killed ${how} command ${upTo}`).toEqual(wanted.sort());
      const kept = openKeptAlerts(redis, keys);
      expect(await kept.waitingNumbers()).toEqual([]);
      expect((await kept.alerts()).size).toBe(0);
      return !wasCut();
    }
  },
);

describe('receivers that fail', () => {
  const refuse = (more: { final?: boolean; retryAfterMs?: number } = {}) =>
    Promise.reject(new NotDelivered('500 Internal Server Error', more));

  test('an hour of errors loses nothing, asks seldom, keeps the order, and holds up nobody else', async () => {
    let tries = 0;
    const end = now + 60 * MINUTE_MS;
    const alerting = start({
      sendTo: async (target, message, signal) => {
        if (target !== 'channel:ops') return take(target, message, signal);
        tries += 1;
        return now < end ? refuse() : take(target, message, signal);
      },
    });
    const begun = now;
    for (; now < end + 30 * MINUTE_MS; now += MINUTE_MS) {
      const minute = (now - begun) / MINUTE_MS;
      if (minute === 0 || minute === 20) open(String(minute));
      if (minute === 40) standing.clear();
      await alerting.look();
      await alerting.settled();
    }
    const ofOps = received
      .filter(({ target }) => target === 'channel:ops')
      .map(({ message }) => `${message.kind} ${message.items[0]!.number}`);
    expect(ofOps.slice(0, 2)).toEqual(['opened EX-0', 'opened EX-20']);
    expect(ofOps.slice(2).sort()).toEqual(['ended EX-0', 'ended EX-20']);
    expect(tries).toBeLessThan(20);
    const ofPia = received.filter(({ target }) => target !== 'channel:ops').map(({ at }) => (at - begun) / MINUTE_MS);
    expect(ofPia).toEqual([0, 20, 40, 40]);
    const [first] = await deliveries({ target: 'channel:ops', exception: 'EX-0', kind: 'opened' });
    expect(first).toMatchObject({ state: 'delivered', reference: 'r' });
    expect(first!.tries.at(-2)).toMatchObject({ words: '500 Internal Server Error', delivered: false });
    expect(first!.tries.at(-1)).toMatchObject({ words: 'ok', delivered: true });
    await alerting.stop();
  });

  test('what is refused for good has failed at once, does not hold up the next one, and is tried again when asked', async () => {
    let isOpen = false;
    const alerting = start({
      sendTo: (target, message, signal) =>
        !isOpen && message.items[0]!.number === 'EX-A' ? refuse({ final: true }) : take(target, message, signal),
    });
    open('A');
    open('B');
    await work(alerting);
    expect(said()).toEqual(['channel:ops opened EX-B', 'person:pia@example.com opened EX-B']);
    const failed = await deliveries({ state: 'failed', target: 'channel:ops' });
    expect(failed).toMatchObject([{ exceptions: ['EX-A'], attempts: 1, nextAttemptAt: null }]);
    expect(await model().retry('e-999', 'ada')).toBe('absent');
    const [taken] = await deliveries({ state: 'delivered' });
    expect(await model().retry(taken!.id, 'ada')).toBe('not-failed');
    isOpen = true;
    expect(await model().retry(failed[0]!.id, 'ada')).toMatchObject({ state: 'waiting', attempts: 0 });
    await work(alerting);
    expect(said()).toContain('channel:ops opened EX-A');
    expect(received.at(-1)!.message.id).toBe(failed[0]!.id);
    await alerting.stop();
  });

  test('a receiver that never takes anything is given up after a day, and is asked ever more seldom', async () => {
    const tried: number[] = [];
    const alerting = start({
      sendTo: (target, message, signal) => {
        if (target !== 'channel:ops') return take(target, message, signal);
        tried.push(now);
        return refuse();
      },
    });
    open('A');
    const begun = now;
    for (let look = 0; look < 400 && now < begun + GIVE_UP_AFTER_MS + 60 * MINUTE_MS; look++) {
      await alerting.look();
      await alerting.settled();
      const [waiting] = await deliveries({ state: 'waiting' });
      if (waiting === undefined && look > 0) break;
      now = Math.max(now + 1_000, waiting?.nextAttemptAt ?? 0);
    }
    const distances = tried.slice(1).map((at, index) => at - tried[index]!);
    expect(distances.slice(0, RETRY_AFTER_MS.length)).toEqual(RETRY_AFTER_MS);
    expect(await deliveries({ target: 'channel:ops' })).toMatchObject([{ state: 'failed', attempts: tried.length }]);
    expect(now - begun).toBeGreaterThanOrEqual(GIVE_UP_AFTER_MS);
    await alerting.stop();
  });

  test('who asks for patience is given it', async () => {
    const alerting = start({
      sendTo: (target, message, signal) =>
        target === 'channel:ops' ? refuse({ retryAfterMs: 240_000 }) : take(target, message, signal),
    });
    open('A');
    await work(alerting);
    expect((await deliveries({ target: 'channel:ops' }))[0]!.nextAttemptAt).toBe(now + 240_000);
    const { failing } = alertsAnswer.parse(await model().list({ limit: 10 }));
    expect(failing).toEqual([
      {
        target: 'channel:ops',
        since: now,
        waiting: 1,
        nextAttemptAt: now + 240_000,
        problem: '500 Internal Server Error',
      },
    ]);
    await alerting.stop();
  });

  test('a fault of ours is tried again, and its words go nowhere', async () => {
    let faults = 0;
    const alerting = start({
      sendTo: (target, message, signal) => {
        faults += 1;
        return faults === 1
          ? Promise.reject(new TypeError('https://hooks.example.com/secret'))
          : take(target, message, signal);
      },
    });
    open('A');
    await work(alerting);
    now += MINUTE_MS;
    await work(alerting);
    expect(received).toHaveLength(2);
    const all = JSON.stringify([await deliveries(), audited, problems]);
    expect(all).not.toContain('secret');
    expect(all).toContain('Something went wrong on our side.');
    await alerting.stop();
  });

  test('what is on its way when it is asked to stop arrives, and is not sent a second time', async () => {
    const { promise: asked, resolve: answer } = Promise.withResolvers<void>();
    const first = start({ sendTo: (...all) => asked.then(() => take(...all)) });
    open('A');
    await first.look();
    const stopped = first.stop();
    answer();
    await stopped;
    const second = start();
    await work(second);
    expect(said()).toEqual(['channel:ops opened EX-A', 'person:pia@example.com opened EX-A']);
    await second.stop();
  });

  test('stopping leaves what is on its way to whoever comes next, under the same id', async () => {
    let hung: AlertMessage | undefined;
    const first = start({
      sendTo: (target, message, signal) => {
        if (target !== 'channel:ops') return take(target, message, signal);
        hung = message;
        return new Promise(() => undefined);
      },
    });
    open('A');
    await first.look();
    await first.stop();
    const second = start();
    await work(second);
    const again = received.filter(({ target }) => target === 'channel:ops');
    expect(again.map(({ message }) => message.id)).toEqual([hung!.id]);
    await second.stop();
  });
});

test('of two who work at once one is overtaken, and nobody is told of anything under two ids', async () => {
  const [one, other] = [start({ redis: await connect() }), start({ redis: await connect() })];
  for (const subject of ['A', 'B', 'C', 'D']) {
    open(subject);
    await Promise.all([one.look(), other.look()]);
    await Promise.all([one.settled(), other.settled()]);
  }
  await Promise.all([work(one), work(other)]);
  const ids = new Map<string, Set<string>>();
  for (const { target, message } of received) {
    const what = `${target} ${message.kind} ${message.items[0]!.number}`;
    ids.set(what, (ids.get(what) ?? new Set()).add(message.id));
  }
  expect(ids.size).toBe(8);
  expect([...ids.values()].every((set) => set.size === 1)).toBe(true);
  expect(problems.some((reason) => reason.includes('alerts stand at turn') || reason.includes('moved'))).toBe(true);
  await Promise.all([one.stop(), other.stop()]);
});

test('nobody is told of a past that arrives, and what still stands is told when business reaches the present', async () => {
  let live = false;
  const see = async () => ({
    standing,
    policy,
    directory,
    workspace: { name: 'Nordlicht', timeZone: zone, currency: 'EUR' },
    urlOf: (number: string) => number,
    live,
    changed: true,
  });
  const alerting = start({ see });
  open('A');
  await work(alerting);
  expect(received).toEqual([]);
  expect((await model().list({ limit: 10 })).problems.join()).toContain('has not reached the present');
  live = true;
  await work(alerting);
  expect(received).toHaveLength(2);
  // Once there, a silence of everything is no past: it is what must be told.
  live = false;
  open('B');
  await work(alerting);
  expect(received).toHaveLength(4);
  await alerting.stop();
});

test('deliveries are told page by page, newest first, and by what they are about', async () => {
  const alerting = start();
  for (let one = 1; one <= 5; one++) {
    open(String(one));
    await work(alerting);
  }
  const first = await model().deliveries(deliveriesQuery.parse({ limit: 4 }));
  const second = await model().deliveries(deliveriesQuery.parse({ limit: 4, cursor: first.next! }));
  const third = await model().deliveries(deliveriesQuery.parse({ limit: 4, cursor: second.next! }));
  const numbers = [first, second, third].flatMap(({ items }) => items.map(({ id }) => Number(id.split('-')[1])));
  expect(numbers).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(third.next).toBeNull();
  expect(await deliveries({ exception: 'EX-3' })).toHaveLength(2);
  expect(await deliveries({ target: 'channel:ops', exception: 'EX-3' })).toHaveLength(1);
  const { items, counts } = alertsAnswer.parse(await model().list({ limit: 2 }));
  expect(items.map(({ number, state }) => `${number} ${state}`)).toEqual(['EX-1 told', 'EX-2 told']);
  expect(counts.told).toBe(5);
  await alerting.stop();
});

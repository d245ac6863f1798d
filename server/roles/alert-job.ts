/** Tells people of what stands: sees it in live state, sends it through the channels, and counts. */
import { randomBytes } from 'node:crypto';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { unconfigured } from '../../streams/operations/master-data.ts';
import { LIVE_LAG_MAX_MS } from '../../streams/operations/sources/source.ts';
import type { OpenException } from '../../streams/operations/states.ts';
import type { Notice } from '../../streams/processing/commit.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Access } from '../access/index.ts';
import { openAlerting, type Told } from '../alerts/alerting.ts';
import { openAlertChannels } from '../alerts/channels/index.ts';
import { openDirectory } from '../alerts/directory.ts';
import type { SendTo } from '../alerts/send-waiting.ts';
import { readSituation, urlUnder } from '../alerts/what-stands.ts';
import type { Config } from '../config.ts';
import { followNotices } from '../live/notices.ts';
import { keepStates } from '../reading/kept-states.ts';
import type { Runtime } from '../runtime.ts';

const LOOK_EVERY_MS = 2_000;
/** Tens of thousands of exceptions take a while to look at: it rests this many times as long. */
const REST_SHARE = 10;

export function startAlertJob(deps: {
  config: Pick<Config, 'smtpUrl' | 'mailFrom' | 'publicUrl' | 'allowedTargets'>;
  runtime: Runtime;
  access: Access;
  /** A connection of its own: WATCH belongs to the connection. */
  watching: Redis;
  /** Another one of its own, for notices: it blocks. */
  blocking: Redis;
  mayWork: () => boolean;
  measures: AlertMeasures;
  onProblem: (reason: string) => void;
}) {
  const { config, runtime, access, measures } = deps;
  const { redis, keys } = runtime;
  const channels = openAlertChannels({ redis, keys, audit: access.audit, config, now: Date.now });
  const readDirectory = openDirectory({ access, channels, now: Date.now });
  const followers: ((notice: Notice | null) => void)[] = [];
  const follow = (follower: (notice: Notice | null) => void) => void followers.push(follower);
  const exceptions = keepStates<OpenException, OpenException>(runtime, follow, 'exception', (state) => state);
  let changed = true;
  follow((notice) => {
    if (notice === null || 'exception' in notice.changed || 'policy' in notice.changed) changed = true;
  });
  const notices = followNotices(deps.blocking, keys, (notice) => {
    for (const follower of followers) follower(notice);
  });

  const sendTo: SendTo = (target, message, signal) => {
    const name = target.slice(target.indexOf(':') + 1);
    return target.startsWith('channel:')
      ? channels.deliver(name, message, signal)
      : channels.deliverMail([name])(message, signal);
  };
  const alerting = openAlerting({
    redis: deps.watching,
    keys,
    audit: access.audit,
    sendTo,
    mayWork: deps.mayWork,
    now: Date.now,
    newEpoch: () => randomBytes(6).toString('hex'),
    chance: Math.random,
    onTold: measures.told,
    onProblem: deps.onProblem,
    see: async () => {
      const isChanged = changed;
      changed = false;
      const [{ policy, workspace }, directory, standing] = await Promise.all([
        readSituation(redis, keys),
        readDirectory(),
        exceptions.entries(),
      ]);
      const { name, timeZone, currency, watermark } = workspace ?? unconfigured;
      const live = Date.now() - watermark <= LIVE_LAG_MAX_MS;
      const urlOf = urlUnder(config.publicUrl);
      return { standing, policy, directory, workspace: { name, timeZone, currency }, urlOf, live, changed: isChanged };
    },
  });
  let looking: Promise<void> | undefined;
  let restsUntil = 0;
  const timer = setInterval(() => {
    if (looking !== undefined || performance.now() < restsUntil) return;
    const end = measures.looks.startTimer();
    looking = alerting.look().finally(() => {
      restsUntil = performance.now() + REST_SHARE * 1_000 * end();
      looking = undefined;
    });
  }, LOOK_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      await Promise.all([alerting.stop(), notices.stop()]);
    },
  };
}

export type AlertMeasures = ReturnType<typeof measureAlerts>;

export function measureAlerts(registry: Registry, { redis, keys }: Pick<Runtime, 'redis' | 'keys'>) {
  const registers = [registry];
  const tries = new Counter({
    name: 'tideline_alert_tries_total',
    help: 'Tries to deliver a message, by the way and by what came of it',
    labelNames: ['via', 'outcome'],
    registers,
  });
  const looks = new Histogram({
    name: 'tideline_alert_look_seconds',
    help: 'How long it took to decide who is told',
    buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 1, 5],
    registers,
  });
  new Gauge({
    name: 'tideline_alert_messages_waiting',
    help: 'Messages that their receivers have not taken yet',
    registers,
    async collect() {
      if (redis.isReady) this.set(await redis.sCard(keys.alerts('waiting')));
    },
  });
  new Gauge({
    name: 'tideline_alerts_standing',
    help: 'Alerts that stand',
    registers,
    async collect() {
      if (redis.isReady) this.set(await redis.hLen(keys.alerts('standing')));
    },
  });
  return {
    looks,
    told({ delivery, outcome }: Told): void {
      const via = delivery.target.startsWith('channel:') ? 'channel' : 'mail';
      const again = delivery.state === 'waiting' ? 'again' : 'failed';
      tries.inc({ via, outcome: outcome.delivered ? 'delivered' : again });
    },
  };
}

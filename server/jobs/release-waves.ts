/** Releases waves without anybody asking, where the policy says so: looks at every node that works and gives it what it can take. */
import type { Event } from '../../streams/events/index.ts';
import type { PolicyBody } from '../../streams/events/policies.ts';
import { unconfigured } from '../../streams/operations/master-data.ts';
import { idle } from '../../streams/operations/nodes/node-load.ts';
import { defaultPolicy } from '../../streams/operations/policy.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import { ids, type Node, type Policy, type States } from '../../streams/operations/states.ts';
import { isOpen } from '../../streams/policies/node-calendar.ts';
import { shareAt } from '../../streams/policies/node-capacity.ts';
import { appendEvent } from '../../streams/processing/event-log.ts';
import type { StateKind } from '../../streams/processing/keys.ts';
import { workOutWave } from '../nodes/proposals.ts';
import type { Runtime } from '../runtime.ts';

const LOOK_EVERY_MS = 30_000;
const MINUTE_MS = 60_000;

export type WaveJob = {
  /** Looks at all nodes once. @returns the waves it has released */
  look(): Promise<string[]>;
  stop(): Promise<void>;
};

export function startReleasingWaves(deps: {
  runtime: Pick<Runtime, 'redis' | 'keys' | 'history'>;
  now: () => number;
  onProblem: (reason: string) => void;
  everyMs?: number;
}): WaveJob {
  const { runtime, now, onProblem, everyMs = LOOK_EVERY_MS } = deps;
  const { redis, keys } = runtime;
  const looked = new Map<string, number>();
  let running: Promise<unknown> | undefined;

  async function read<K extends StateKind>(kind: K, id: string): Promise<States[K] | undefined> {
    const text = await redis.hGet(keys.state(kind), id);
    return typeof text === 'string' ? (JSON.parse(text) as States[K]) : undefined;
  }

  async function policy(): Promise<PolicyBody<'wave-release'> | null> {
    const [known, workspace = unconfigured] = await Promise.all([
      read('policy', 'wave-release') as Promise<Policy | undefined>,
      read('workspace', ids.workspace),
    ]);
    const body = (known?.body as PolicyBody<'wave-release'> | undefined) ?? defaultPolicy('wave-release');
    return body.automatic && workspace.mode === 'decide' ? body : null;
  }

  async function look(): Promise<string[]> {
    const body = await policy();
    if (body === null) return [];
    const at = now();
    const released: string[] = [];
    for (const text of Object.values(await redis.hGetAll(keys.state('node')))) {
      const node = JSON.parse(text) as Node;
      const { impaired } = (await read('node-load', node.node)) ?? idle(node.node);
      const isDue = at - (looked.get(node.node) ?? Number.NEGATIVE_INFINITY) >= body.everyMinutes * MINUTE_MS;
      if (!isDue || !isOpen(node, at) || shareAt(impaired, at) === 0) continue;
      looked.set(node.node, at);
      const wave = await release(node.node, at);
      if (wave !== null) released.push(wave);
    }
    return released;
  }

  async function release(node: string, at: number): Promise<string | null> {
    const plan = await workOutWave(runtime, node, at);
    if (plan === null || plan.orders.length === 0) return null;
    const wave = `${node}-${new Date(at).toISOString()}`;
    const event: Event = {
      id: `wave:${wave}`,
      source: OWN_SOURCE,
      type: 'wave.released',
      occurredAt: at,
      observedAt: at,
      receivedAt: at,
      data: {
        wave,
        node,
        orders: plan.orders,
        by: OWN_SOURCE,
        ...(plan.cutOff === null ? {} : { cutOff: plan.cutOff }),
      },
    };
    await appendEvent(redis, keys, event);
    return wave;
  }

  const timer = setInterval(() => {
    running ??= look()
      .catch((error: unknown) => onProblem(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        running = undefined;
      });
  }, everyMs);
  return {
    look,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

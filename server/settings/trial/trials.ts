/** Trials that run and that have run. What one found is kept for a day, where every process of the workspace can read it. */
import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { TrialView } from '../../http/contract/settings.ts';
import type { Runtime } from '../../runtime.ts';
import type { TrialInput } from './run-trial.ts';
import type { TrialMessage, TrialWork } from './trial-worker.ts';

const KEPT_SECONDS = 24 * 3_600;
const TELL_EVERY_MS = 500;
/** All states are in memory twice while it runs. */
const MEMORY_MIB_MAX = 6_000;

/** A trial needs a core and much memory: one at a time. */
export class TrialRunning extends Error {}

export type Trials = {
  /** @param basedOn the version that holds while it is tried */
  start(input: TrialInput, basedOn: number, by: string): Promise<TrialView>;
  read(id: string): Promise<TrialView | null>;
  stop(): Promise<void>;
};

export function openTrials({ runtime }: { runtime: Runtime }): Trials {
  const { redis, keys, reached } = runtime;
  let running: Worker | undefined;
  const keep = (trial: TrialView) =>
    redis.set(keys.trial(trial.id), JSON.stringify(trial), { expiration: { type: 'EX', value: KEPT_SECONDS } });

  async function start(input: TrialInput, basedOn: number, by: string): Promise<TrialView> {
    if (running !== undefined) throw new TrialRunning('Another trial is running. Wait until it is done.');
    const { policy, body, days } = input;
    let trial: TrialView = {
      id: randomUUID(),
      state: 'running',
      policy,
      body,
      basedOn,
      days,
      from: 0,
      to: 0,
      by,
      progress: 0,
      events: 0,
    };
    const work: TrialWork = { reached, workspace: keys.workspace, input };
    const worker = new Worker(new URL('./trial-worker.ts', import.meta.url), {
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB_MAX },
    });
    running = worker;
    await keep(trial);
    let toldAt = 0;
    let queue = Promise.resolve();
    // One after the other, so that "done" is never overwritten by an older "running".
    const update = (changes: Partial<TrialView>) => {
      trial = { ...trial, ...changes };
      const now = trial;
      queue = queue
        .then(() => keep(now))
        .then(
          () => undefined,
          () => undefined,
        );
    };
    const fail = (problem: string) => trial.state === 'running' && update({ state: 'failed', problem });
    worker.on('message', (message: TrialMessage) => {
      if ('result' in message) update({ ...message.result, state: 'done', progress: 1 });
      else if ('problem' in message) fail(message.problem);
      else if (performance.now() - toldAt > TELL_EVERY_MS) {
        toldAt = performance.now();
        update({ progress: message.progress });
      }
    });
    worker.on('error', (error) => fail(error.message));
    worker.on('exit', () => {
      running = undefined;
      fail('It was stopped before it was done.');
    });
    return trial;
  }

  return {
    start,
    async read(id) {
      const text = await redis.get(keys.trial(id));
      return text === null ? null : (JSON.parse(text) as TrialView);
    },
    async stop() {
      await running?.terminate();
    },
  };
}

/** Kills processes at random moments, again and again, and proves each kill. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../../server/simulated-company/random.ts';
import { killProcess, type ServerProcess, until } from './running-tideline.ts';

export type Target = {
  name: string;
  isUp(): boolean | Promise<boolean>;
  /** Resolves when the process is gone by SIGKILL. */
  kill(): Promise<void>;
  /** For what does not come back by itself. */
  restart?: () => Promise<void>;
  /** Whether it is in the middle of what a kill could spoil; waited for, though not for long. */
  isVulnerable?: () => Promise<boolean>;
};

const BACK_UP_MS_MAX = 60_000;
const STARTS_MAX = 4;
const VULNERABLE_MS_MAX = 3_000;
/** About as long as such a moment lasts: the kill may fall anywhere in it. */
const VULNERABLE_FOR_MS = 100;

export const serverTarget = (server: ServerProcess): Target => ({
  name: server.name,
  isUp: () => server.isUp,
  kill: server.kill,
  restart: () => startAgain(server),
});

/** As its supervisor would: a start may meet a Redis that is killed at that moment, and then ends. */
async function startAgain(server: ServerProcess): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await server.start();
    } catch (error) {
      if (attempt === STARTS_MAX) throw error;
      console.log(`${server.name} ended while it started; starting it again`);
    }
  }
}

/** A process that somebody else starts again. `answers` tells that it is back. */
export const supervisedTarget = (name: string, pid: () => number, answers: () => Promise<unknown>): Target => ({
  name,
  isUp: () =>
    answers().then(
      () => true,
      () => false,
    ),
  async kill() {
    if (!(await killProcess(pid()))) throw new Error(`${name} was gone before it was killed`);
  },
});

/**
 * Kills each of `names` in turn, a random time after the one before; restarts overlap with the kills that follow.
 * @returns the kills that were proven, in order
 */
export async function killInTurn(
  targets: Target[],
  random: Random,
  { kills, pauseMsMin, pauseMsMax }: { kills: number; pauseMsMin: number; pauseMsMax: number },
): Promise<string[]> {
  const killed: string[] = [];
  const restarts: Promise<void>[] = [];
  let failure: unknown;
  // Every target has its turn equally often; the order within a round is random.
  let round: Target[] = [];
  while (killed.length < kills) {
    if (round.length === 0) round = [...targets];
    await wait(random.between(pauseMsMin, pauseMsMax));
    const at = random.int(0, round.length - 1);
    const target = (await nextUp(round, at)) ?? round[at]!;
    await until(`${target.name} is up again`, BACK_UP_MS_MAX, () => failure !== undefined || target.isUp());
    if (failure !== undefined) throw failure;
    if (target.isVulnerable !== undefined) {
      await untilVulnerable(target.isVulnerable);
      await wait(random.between(0, VULNERABLE_FOR_MS));
    }
    await target.kill();
    killed.push(target.name);
    round = round.filter((other) => other !== target);
    if (target.restart !== undefined) {
      const restarting = target.restart();
      restarting.catch((error: unknown) => {
        failure ??= error;
      });
      restarts.push(restarting);
    }
  }
  await Promise.all(restarts);
  return killed;
}

/** From `at` on, the first that is up: a target that is still starting waits for its next chance. */
async function nextUp(round: Target[], at: number): Promise<Target | undefined> {
  for (let step = 0; step < round.length; step++) {
    const target = round[(at + step) % round.length]!;
    if (await target.isUp()) return target;
  }
  return undefined;
}

/** Asks without a pause: such moments last for milliseconds. */
async function untilVulnerable(isVulnerable: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + VULNERABLE_MS_MAX;
  while (performance.now() < deadline && !(await isVulnerable().catch(() => false)));
}

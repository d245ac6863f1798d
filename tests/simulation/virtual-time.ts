/**
 * Time that passes only when the simulation lets it: real code runs unchanged, but its timers, its clock and its chance
 * come from here. Code runs as part of a program; a program that was killed never hears of anything again.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { Random } from '../../server/simulated-company/random.ts';

export type Program = {
  name: string;
  alive: boolean;
  /** Until then it stands still, as a process does that the machine has put aside. */
  frozenUntil: number;
  /** How often it waited for something outside: kills are aimed by this number. */
  waits: number;
  diesAtWait: number;
};

type Task = { at: number; order: number; run: () => void; program: Program | undefined; cancelled: boolean };

/** Steps of one seed; far above what any takes, so that a loop that never waits is told instead of hanging. */
const STEPS_MAX = 400_000;
const running = new AsyncLocalStorage<Program>();
const realSetImmediate = globalThis.setImmediate;

export class VirtualTime {
  /** Milliseconds since the simulation began: the clock that never jumps. */
  elapsed = 0;
  /** What the wall clock shows beyond that; grows when the machine slept. */
  wallOffset: number;
  steps = 0;
  readonly random: Random;
  #heap: Task[] = [];
  #order = 0;

  constructor(wallStart: number, random: Random) {
    this.wallOffset = wallStart;
    this.random = random;
  }

  wall(): number {
    return Math.floor(this.elapsed + this.wallOffset);
  }

  /** @param program whose work it is: skipped when that was killed, put off while it is frozen */
  after(ms: number, run: () => void, program?: Program): Task {
    const task = { at: this.elapsed + Math.max(0, ms), order: this.#order++, run, program, cancelled: false };
    this.#push(task);
    return task;
  }

  start(name: string, main: () => void): Program {
    const program: Program = {
      name,
      alive: true,
      frozenUntil: 0,
      waits: 0,
      diesAtWait: Number.POSITIVE_INFINITY,
    };
    running.run(program, main);
    return program;
  }

  /** Lets time pass until `done` says so, looking after every step. @returns false when nothing is left to happen */
  async runUntil(done: () => boolean): Promise<boolean> {
    await settled();
    while (!done()) {
      const task = this.#take();
      if (task === undefined) return false;
      this.steps += 1;
      if (this.steps > STEPS_MAX) throw new Error(`after ${STEPS_MAX} steps nothing has come to an end`);
      this.elapsed = Math.max(this.elapsed, task.at);
      if (task.cancelled || task.program?.alive === false) continue;
      if (task.program !== undefined && task.program.frozenUntil > this.elapsed) {
        this.#push({ ...task, at: task.program.frozenUntil });
        continue;
      }
      if (task.program === undefined) {
        // The outside only plans further work: there is nothing to wait for.
        task.run();
        continue;
      }
      running.run(task.program, task.run);
      await settled();
    }
    return true;
  }

  #push(task: Task): void {
    const heap = this.#heap;
    let index = heap.push(task) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(heap[parent]!, task)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = task;
  }

  #take(): Task | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (isBefore(last, heap[child]!)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

const isBefore = (a: Task, b: Task): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Resolves when everything that can go on without time passing has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => realSetImmediate(resolve));

export const currentProgram = (): Program | undefined => running.getStore();

/** Puts `time` in the place of timers, clocks and chance for all code of programs. @returns how to undo it */
export function install(time: VirtualTime): () => void {
  const timersPromises = createRequire(import.meta.url)('node:timers/promises') as Record<string, unknown>;
  const real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
    now: Date.now,
    random: Math.random,
    performanceNow: performance.now,
    wait: timersPromises['setTimeout'] as (...args: unknown[]) => unknown,
  };

  const later = (run: () => void, ms: number, program: Program) => {
    const task = time.after(ms, run, program);
    return Object.assign(task, { unref: () => task, ref: () => task });
  };
  const cancel = (handle: unknown, otherwise: (handle: never) => void) => {
    if (isTask(handle)) handle.cancelled = true;
    else otherwise(handle as never);
  };
  Object.assign(globalThis, {
    setTimeout: (run: () => void, ms = 0, ...rest: unknown[]) => {
      const program = currentProgram();
      return program === undefined ? real.setTimeout(run, ms, ...rest) : later(run, ms, program);
    },
    setInterval: (run: () => void, ms = 0, ...rest: unknown[]) => {
      const program = currentProgram();
      if (program === undefined) return real.setInterval(run, ms, ...rest);
      const handle = { cancelled: false, at: 0, unref: () => handle, ref: () => handle };
      const turn = () => {
        if (handle.cancelled) return;
        run();
        later(turn, ms, program);
      };
      later(turn, ms, program);
      return handle;
    },
    clearTimeout: (handle: unknown) => cancel(handle, real.clearTimeout as never),
    clearInterval: (handle: unknown) => cancel(handle, real.clearInterval as never),
  });
  Date.now = () => (currentProgram() === undefined ? real.now() : time.wall());
  Math.random = () => (currentProgram() === undefined ? real.random() : time.random.next());
  performance.now = () => (currentProgram() === undefined ? real.performanceNow.call(performance) : time.elapsed);
  timersPromises['setTimeout'] = (ms: number, value: unknown, options: { signal?: AbortSignal } = {}) => {
    const program = currentProgram();
    if (program === undefined) return real.wait(ms, value, options);
    return new Promise((resolve, reject) => {
      const { signal } = options;
      const aborted = () => {
        task.cancelled = true;
        reject(signal?.reason);
      };
      const over = () => {
        signal?.removeEventListener('abort', aborted);
        resolve(value);
      };
      const task = time.after(ms, over, program);
      signal?.addEventListener('abort', aborted);
    });
  };
  syncBuiltinESMExports();
  return () => {
    const { setTimeout, clearTimeout, setInterval, clearInterval } = real;
    Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
    Date.now = real.now;
    Math.random = real.random;
    performance.now = real.performanceNow;
    timersPromises['setTimeout'] = real.wait;
    syncBuiltinESMExports();
  };
}

const isTask = (handle: unknown): handle is { cancelled: boolean } =>
  typeof handle === 'object' && handle !== null && 'cancelled' in handle && 'at' in handle;

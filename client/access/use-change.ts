/** One change at a time: while it runs, what came of it, and what to do when it came to nothing. */
import { type ShallowRef, shallowRef } from 'vue';
import { asProblem } from '../http/load.ts';
import { useToasts } from '../notices/toasts.ts';

export type Change = {
  busy: ShallowRef<boolean>;
  problem: ShallowRef<string>;
  problems: ShallowRef<Record<string, string>>;
  /** @returns whether it was done; `done` is said in a notice */
  run(work: () => Promise<unknown>, done?: string): Promise<boolean>;
  clear(): void;
};

export function useChange(): Change {
  const toasts = useToasts();
  const busy = shallowRef(false);
  const problem = shallowRef('');
  const problems = shallowRef<Record<string, string>>({});
  return { busy, problem, problems, run, clear };

  async function run(work: () => Promise<unknown>, done?: string): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    clear();
    try {
      await work();
      if (done !== undefined) toasts.say({ text: done });
      return true;
    } catch (error) {
      const { message, problem: told } = asProblem(error);
      problem.value = [message, told.remedy].filter(Boolean).join(' ');
      problems.value = Object.fromEntries(
        (told.errors ?? []).map((entry) => [entry.path.split('.')[0], entry.message]),
      );
      return false;
    } finally {
      busy.value = false;
    }
  }

  function clear(): void {
    problem.value = '';
    problems.value = {};
  }
}

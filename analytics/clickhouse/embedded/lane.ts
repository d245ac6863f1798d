/** A bounded number of places, and a bounded line in front of them. */
import { EngineError, QUERY_WAS_CANCELLED, TOO_MANY_QUERIES } from './engine-error.ts';

export type LaneOptions = { name: string; placesMax: number; waitersMax: number; waitMsMax: number };
export type Lane = ReturnType<typeof createLane>;

type Waiter = { start: () => void; refuse: (error: EngineError) => void };

export function createLane({ name, placesMax, waitersMax, waitMsMax }: LaneOptions) {
  const waiters = new Set<Waiter>();
  let taken = 0;

  return {
    taken: () => taken,

    /** Resolves when a place is taken; whoever took it calls `leave`. @throws EngineError 202 or 394 instead. */
    enter(signal: AbortSignal): Promise<void> {
      if (signal.aborted) throw cancelled();
      if (taken < placesMax) {
        taken += 1;
        return Promise.resolve();
      }
      if (waiters.size >= waitersMax) throw tooMany(`${placesMax} ${name} run, ${waiters.size} wait`);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const settle = (then: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        waiters.delete(waiter);
        then();
      };
      const waiter: Waiter = { start: () => settle(resolve), refuse: (error) => settle(() => reject(error)) };
      const onAbort = () => waiter.refuse(cancelled());
      const onLate = () => waiter.refuse(tooMany(`${placesMax} ${name} run, none ended in ${waitMsMax} ms`));
      const timer = setTimeout(onLate, waitMsMax);
      signal.addEventListener('abort', onAbort);
      waiters.add(waiter);
      return promise;
    },

    leave(): void {
      const [next] = waiters;
      if (next) next.start();
      else taken -= 1;
    },

    refuseWaiters(reason: string): void {
      for (const waiter of [...waiters]) waiter.refuse(tooMany(reason));
    },
  };
}

export function tooMany(reason: string): EngineError {
  return new EngineError(
    TOO_MANY_QUERIES,
    'TOO_MANY_SIMULTANEOUS_QUERIES',
    `Too many simultaneous queries: ${reason}.`,
  );
}

function cancelled(): EngineError {
  return new EngineError(QUERY_WAS_CANCELLED, 'QUERY_WAS_CANCELLED', 'Query was cancelled.');
}

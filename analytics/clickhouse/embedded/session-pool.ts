/** A bounded number of chdb sessions, lent to one statement at a time. */
import { Session } from 'chdb';
import { EngineError, QUERY_WAS_CANCELLED, TOO_MANY_QUERIES } from './engine-error.ts';

export type SessionPoolOptions = {
  dataDir: string;
  configPath: string;
  sessionsMax: number;
  waitersMax: number;
  waitMsMax: number;
};

export type SessionPool = ReturnType<typeof createSessionPool>;

type Waiter = { start: () => void; refuse: (error: EngineError) => void };

export function createSessionPool(options: SessionPoolOptions) {
  const idle: Session[] = [];
  const waiters = new Set<Waiter>();
  const databases = new WeakMap<Session, string>();
  let lent = 0;
  let closed = false;
  const open = () => new Session(options.dataDir, { connectionArgs: [`--config-file=${options.configPath}`] });
  // Never lent: it keeps the engine open between statements and carries the KILLs.
  const control = open();

  function takeSlot(signal: AbortSignal): Promise<void> {
    if (closed) throw new EngineError(TOO_MANY_QUERIES, 'TOO_MANY_SIMULTANEOUS_QUERIES', 'The engine is stopping');
    if (signal.aborted) throw new EngineError(QUERY_WAS_CANCELLED, 'QUERY_WAS_CANCELLED', 'Query was cancelled.');
    if (lent < options.sessionsMax) {
      lent += 1;
      return Promise.resolve();
    }
    if (waiters.size >= options.waitersMax) throw tooMany(`${waiters.size} statements are waiting already`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const settle = (then: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      waiters.delete(waiter);
      then();
    };
    const waiter: Waiter = { start: () => settle(resolve), refuse: (error) => settle(() => reject(error)) };
    const onAbort = () =>
      waiter.refuse(new EngineError(QUERY_WAS_CANCELLED, 'QUERY_WAS_CANCELLED', 'Query was cancelled.'));
    const timer = setTimeout(
      () => waiter.refuse(tooMany(`no session became free in ${options.waitMsMax} ms`)),
      options.waitMsMax,
    );
    signal.addEventListener('abort', onAbort);
    waiters.add(waiter);
    return promise;
  }

  function tooMany(reason: string): EngineError {
    const words = `Too many simultaneous queries. Maximum: ${options.sessionsMax}; ${reason}.`;
    return new EngineError(TOO_MANY_QUERIES, 'TOO_MANY_SIMULTANEOUS_QUERIES', words);
  }

  function freeSlot(): void {
    const [next] = waiters;
    if (next) next.start();
    else lent -= 1;
  }

  return {
    /**
     * Runs `work` with a session whose current database is `database`. A session whose work threw, or left traces, is
     * thrown away: chdb would put the rows of a failed answer in front of the next one.
     */
    async use<T>(
      database: string,
      leavesTraces: boolean,
      signal: AbortSignal,
      work: (session: Session) => Promise<T>,
    ): Promise<T> {
      await takeSlot(signal);
      let session: Session | undefined;
      let reusable = false;
      try {
        const match = idle.findLastIndex((candidate) => databases.get(candidate) === database);
        session = match >= 0 ? idle.splice(match, 1)[0]! : (idle.shift() ?? open());
        if (databases.get(session) !== database) {
          await session.queryAsync(`USE \`${database.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``);
          databases.set(session, database);
        }
        const answer = await work(session);
        reusable = !leavesTraces && !closed;
        return answer;
      } finally {
        if (session && reusable) idle.push(session);
        else session?.close();
        freeSlot();
      }
    },

    /** Asks the engine to stop the running statements whose text begins with this mark. Takes a few milliseconds. */
    kill(mark: string): void {
      control.query(`KILL QUERY WHERE startsWith(query, '${mark}') ASYNC FORMAT Null`);
    },

    /** Work of the engine's own start, before it listens. */
    prepare(sql: string): void {
      control.query(sql);
    },

    busy: () => lent,
    waiting: () => waiters.size,

    /** No statement is taken any more; those that wait are refused. */
    refuseNew(): void {
      closed = true;
      for (const waiter of [...waiters]) waiter.refuse(tooMany('the engine is stopping'));
    },

    close(): void {
      for (const session of idle.splice(0)) session.close();
      control.close();
    },
  };
}

/** chdb sessions, lent to one statement at a time, in bounded numbers. */
import { Session } from 'chdb';
import { createLane, type LaneOptions, tooMany } from './lane.ts';

export type SessionPoolOptions = {
  dataDir: string;
  configPath: string;
  /** Questions and inserts wait in lines of their own: long questions never keep the history from being written. */
  questions: Omit<LaneOptions, 'name'>;
  inserts: Omit<LaneOptions, 'name'>;
};

export type StatementKind = {
  database: string;
  lane: 'questions' | 'inserts';
  /** The session is thrown away afterwards: a SET, a USE or a temporary table would stay in it. */
  leavesTraces: boolean;
};

export type SessionPool = ReturnType<typeof createSessionPool>;

/** chdb closes a session only when everything that runs at that moment has ended; each one holds about 120 KB. */
const CLOSING_MAX = 1_000;

export function createSessionPool(options: SessionPoolOptions) {
  const lanes = {
    questions: createLane({ name: 'questions', ...options.questions }),
    inserts: createLane({ name: 'inserts', ...options.inserts }),
  };
  const idle: Session[] = [];
  const databases = new WeakMap<Session, string>();
  const running = new Set<Promise<unknown>>();
  let closing = 0;
  let closed = false;
  const open = () => new Session(options.dataDir, { connectionArgs: [`--config-file=${options.configPath}`] });
  // Never lent: it keeps the engine open between statements and carries the KILLs.
  const control = open();

  async function take(database: string): Promise<Session> {
    const match = idle.findLastIndex((candidate) => databases.get(candidate) === database);
    const session = match >= 0 ? idle.splice(match, 1)[0]! : (idle.shift() ?? open());
    if (databases.get(session) === database) return session;
    try {
      await session.queryAsync(`USE \`${database.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``);
    } catch (error) {
      throwAway(session);
      throw error;
    }
    databases.set(session, database);
    return session;
  }

  function throwAway(session: Session): void {
    session.close();
    closing += 1;
    void Promise.allSettled(running).then(() => {
      closing -= 1;
    });
  }

  return {
    /**
     * Runs `work` with a session whose current database is `database`. A session whose work threw is thrown away: chdb
     * would put the rows of the failed answer in front of the next one, without an error.
     */
    async use<T>(kind: StatementKind, signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
      if (closed) throw tooMany('the engine is stopping');
      if (closing >= CLOSING_MAX) throw tooMany(`${closing} failed statements wait for a long one to end`);
      const lane = lanes[kind.lane];
      await lane.enter(signal);
      try {
        const session = await take(kind.database);
        const worked = work(session);
        running.add(worked);
        const succeeded = await worked.then(
          () => true,
          () => false,
        );
        running.delete(worked);
        if (succeeded && !kind.leavesTraces && !closed) idle.push(session);
        else throwAway(session);
        return await worked;
      } finally {
        lane.leave();
      }
    },

    /** Runs `work` while no insert runs; those that come meanwhile wait for it. */
    async betweenInserts<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
      let taken = 0;
      try {
        for (; taken < options.inserts.placesMax; taken++) await lanes.inserts.enter(signal);
        return await work();
      } finally {
        for (; taken > 0; taken--) lanes.inserts.leave();
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

    busy: () => lanes.questions.taken() + lanes.inserts.taken(),

    /** No statement is taken any more; those that wait are refused. */
    refuseNew(): void {
      closed = true;
      for (const lane of Object.values(lanes)) lane.refuseWaiters('the engine is stopping');
    },

    close(): void {
      for (const session of idle.splice(0)) session.close();
      control.close();
    },
  };
}

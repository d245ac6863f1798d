/** The user behind analysts on a ClickHouse server, as statements for its administrator. */
import { createHash } from 'node:crypto';
import { loadQuery } from '../sql/load.ts';
import { opsDatabaseOf } from '../views/index.ts';

export const ANALYST_USER = 'tideline_analyst';

export type AnalystUser = {
  database: string;
  /** The user Tideline itself connects as: it makes the views. */
  owner: string;
  password: string;
  secondsMax: number;
  memoryBytesMax: number;
  threadsMax: number;
  bytesReadMax: number;
  /** At once, of all analysts. */
  questionsMax: number;
  questionsPerHourMax: number;
};

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * One text with all statements; each can be run again. The password goes in as its hash.
 * @throws when a name could be anything but a name
 */
export function analystUserSql(user: AnalystUser): string {
  const names = { database: user.database, opsDatabase: opsDatabaseOf(user.database), owner: user.owner };
  for (const name of Object.values(names)) if (!NAME.test(name)) throw new Error(`"${name}" is no plain name`);
  const values: Record<string, string | number> = {
    ...names,
    passwordSha256: createHash('sha256').update(user.password).digest('hex'),
    seconds: user.secondsMax,
    memoryBytes: user.memoryBytesMax,
    threads: user.threadsMax,
    bytesRead: user.bytesReadMax,
    questions: user.questionsMax,
    questionsPerHour: user.questionsPerHourMax,
    secondsPerHour: user.questionsPerHourMax * user.secondsMax,
  };
  return loadQuery('grants/analyst-user').replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}

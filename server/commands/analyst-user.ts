import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { ANALYST_USER, analystUserSql } from '../../analytics/clickhouse/analyst-user.ts';
import { analystLimits } from '../analyst/limits.ts';

const QUESTIONS_PER_HOUR_MAX = 2_000;

export function analystUserCommand(): Command {
  return new Command('analyst-user')
    .description(
      'Print what an administrator of a ClickHouse server runs once, so that analysts get a user of their own',
    )
    .requiredOption('--owner <name>', 'the user Tideline connects as')
    .option('--database <name>', 'the database of the history', 'tideline')
    .action(({ owner, database }: { owner: string; database: string }) => {
      const password = randomBytes(24).toString('base64url');
      const { secondsMax, memoryBytesMax, threadsMax, bytesReadMax, placesMax } = analystLimits;
      process.stdout.write(
        analystUserSql({
          owner,
          database,
          password,
          secondsMax,
          memoryBytesMax,
          threadsMax,
          bytesReadMax,
          questionsMax: placesMax + 1,
          questionsPerHourMax: QUESTIONS_PER_HOUR_MAX,
        }),
      );
      console.error(`\nThe password of ${ANALYST_USER}, shown only here: ${password}`);
    });
}

/** Whole answers of this process: whom they are asked of, and the files that are made of them. */
import { join } from 'node:path';
import { opsDatabaseOf } from '../../analytics/views/index.ts';
import type { Access } from '../access/index.ts';
import type { Config } from '../config.ts';
import { openAnswerWhole } from '../exports/answer-whole.ts';
import { openExports } from '../exports/exports.ts';
import type { StreamWhole } from '../exports/whole.ts';
import type { SqlParameters } from '../http/contract/sql-runs.ts';
import type { Logger } from '../http/route.ts';
import type { Mirror } from '../live/mirror.ts';
import { dataAge } from '../questions/data-age.ts';
import { createQuestionsModel } from '../questions/model.ts';
import type { Runtime } from '../runtime.ts';

export function openWholeAnswers(deps: {
  config: Pick<Config, 'dataDir'>;
  runtime: Runtime;
  access: Access;
  mirror: Mirror;
  logger: Logger;
  /** The runner of analysts' own SQL. */
  streamWhole: StreamWhole;
}) {
  const { config, runtime, access, mirror, logger, streamWhole } = deps;
  const { redis, keys, ops } = runtime;
  const questions = createQuestionsModel(runtime, mirror);
  const answerWhole = openAnswerWhole({
    ops,
    compile: (question, by) => {
      const { sql, parameters } = questions.compile(question, by);
      return { sql, parameters: parameters as SqlParameters };
    },
    dataAge: () => dataAge(runtime, mirror.businessNow()),
    streamWhole,
  });
  const folder = join(config.dataDir, 'exports', keys.workspace);
  const exports = openExports({ redis, keys, audit: access.audit, folder, answer: answerWhole, logger, now: Date.now });
  const opsDatabase = opsDatabaseOf(runtime.reached.history.database);
  return { answerWhole, exports, opsDatabase };
}

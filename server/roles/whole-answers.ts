/** Whole answers of this process: whom they are asked of, and the files that are made of them. */
import { join } from 'node:path';
import { kpis } from '../../analytics/kpis/index.ts';
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
import { startReportJob } from '../reports/report-job.ts';
import { openReports } from '../reports/reports.ts';
import { mailServerOf, openSendMail } from '../reports/send-mail.ts';
import type { Runtime } from '../runtime.ts';
import { openSavedThings } from '../saved/saved-things.ts';

export function openWholeAnswers(deps: {
  config: Pick<Config, 'dataDir' | 'publicUrl' | 'smtpUrl' | 'mailFrom'>;
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
  const saved = openSavedThings({ redis, workspace: keys.workspace, audit: access.audit, now: Date.now });
  const { smtpUrl: url, mailFrom: from } = config;
  const reports = openReports({
    redis,
    keys,
    audit: access.audit,
    exports,
    answerWhole,
    ask: questions.ask,
    measures: () => kpis,
    situation: () => {
      const { name, timeZone, currency } = mirror.workspace();
      return { workspace: name, timeZone, currency };
    },
    publicUrl: config.publicUrl,
    fontFolder: join(config.dataDir, 'run', 'fonts'),
    mail: url === '' ? null : { from, send: openSendMail({ server: mailServerOf(url), from }) },
    question: (id) => saved.stored('question', id),
    account: async (id) => {
      const account = (await access.listAccounts()).find((one) => one.id === id && !one.disabled);
      return account === undefined ? null : { id, name: account.email, role: account.role };
    },
    now: Date.now,
  });
  const onProblem = (reason: string) => logger.warn({ reason }, 'reports wait');
  const job = startReportJob({ redis, keys, reports, onProblem });
  return {
    model: { answerWhole, exports, opsDatabase, reports },
    async stop() {
      await job.stop();
      await exports.stop();
    },
  };
}

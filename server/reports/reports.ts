/** Reports: kept, changed and removed by who may; due at their moments; made and sent once each. */
import { randomUUID } from 'node:crypto';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { may } from '../access/abilities.ts';
import type { Audit } from '../access/audit.ts';
import { type Asker, CannotAnswer } from '../exports/whole.ts';
import {
  REPORTS_MAX,
  type Report,
  type ReportList,
  type ReportRequest,
  type ReportRun,
} from '../http/contract/reports.ts';
import type { SavedThing } from '../http/contract/saved.ts';
import { type QuestionBody, questionBody } from '../http/contract/saved-question.ts';
import { type KeptReport, openKeptReports } from './kept-reports.ts';
import { type MakeDeps, makeReport } from './make-report.ts';
import { afterCrash, afterFailure, dueRun, isOver } from './run.ts';
import { lastSlot, nextSlot } from './schedule.ts';
import { NotSent, type SendMail } from './send-mail.ts';

const TAKES_MS_MAX = 15 * 60_000;
const RUNS_SHOWN = 10;

export type SaveRefusal = 'absent' | 'not-yours' | 'overtaken' | 'too-many' | 'no-question';
export type Reports = ReturnType<typeof openReports>;

export function openReports(
  deps: MakeDeps & {
    redis: Redis;
    keys: Keys;
    audit: Audit;
    /** Null: no mail server is configured. */
    mail: { from: string; send: SendMail } | null;
    /** The saved question, whoever it belongs to. */
    question: (id: string) => Promise<SavedThing | null>;
    /** Who an account is now; null when it is gone or disabled. */
    account: (id: string) => Promise<Asker | null>;
    now: () => number;
  },
) {
  const { redis, keys, audit, mail, now } = deps;
  const kept = openKeptReports(redis, keys);

  const mayChange = (by: Asker, report: KeptReport) => report.owner === by.id || by.role === 'admin';

  async function readable(id: string, reader: string): Promise<SavedThing | null> {
    const thing = await deps.question(id);
    return thing !== null && (thing.shared || thing.owner === reader) ? thing : null;
  }

  async function describe(report: KeptReport, runs: readonly ReportRun[]): Promise<Report> {
    const question = await readable(report.question, report.owner);
    const own = runs.filter((run) => run.report === report.id).slice(0, RUNS_SHOWN);
    return { ...report, questionName: question?.name ?? null, runs: own };
  }

  async function list(by: Asker): Promise<ReportList> {
    const [reports, runs] = await Promise.all([kept.all(), kept.runs()]);
    const mine = reports.filter((report) => mayChange(by, report)).sort((a, b) => (a.name < b.name ? -1 : 1));
    return { items: await Promise.all(mine.map((report) => describe(report, runs))), mailFrom: mail?.from ?? null };
  }

  async function save({ id, version, ...request }: ReportRequest, by: Asker): Promise<Report | SaveRefusal> {
    const known = id === undefined ? null : await kept.find(id);
    if (id !== undefined && known === null) return 'absent';
    if (known !== null && !mayChange(by, known)) return 'not-yours';
    if (known !== null && known.version !== version) return 'overtaken';
    if (known === null && (await kept.all()).length >= REPORTS_MAX) return 'too-many';
    const owner = known?.owner ?? by.id;
    if ((await readable(request.question, owner)) === null) return 'no-question';
    const report: KeptReport = {
      ...request,
      id: known?.id ?? randomUUID(),
      version: version + 1,
      owner,
      ownerName: known?.ownerName ?? by.name,
      changedAt: now(),
      nextAt: request.paused ? null : nextSlot(request.schedule, now()),
    };
    const { name, question, format, paused, recipients } = report;
    await audit.record(by.name, 'report.saved', {
      id: report.id,
      name,
      question,
      format,
      paused: paused ? 'yes' : 'no',
      recipients: recipients.join(' '),
    });
    await kept.keep(report);
    return describe(report, await kept.runs());
  }

  async function remove(id: string, by: Asker): Promise<'removed' | 'absent' | 'not-yours'> {
    const report = await kept.find(id);
    if (report === null) return 'absent';
    if (!mayChange(by, report)) return 'not-yours';
    await audit.record(by.name, 'report.removed', { id, name: report.name });
    await kept.remove(id);
    return 'removed';
  }

  /** Whoever does the work takes it up within a second or two. */
  async function sendNow(id: string, by: Asker): Promise<ReportRun | 'absent' | 'not-yours'> {
    const report = await kept.find(id);
    if (report === null) return 'absent';
    if (!mayChange(by, report)) return 'not-yours';
    await audit.record(by.name, 'report.asked-for', { id, name: report.name });
    const run = dueRun(report, now(), now(), true);
    await kept.begin(run);
    return run;
  }

  /** A slot gets one run, however often it is found due; of several missed ones, the last. */
  async function findDue(): Promise<void> {
    for (const report of await kept.all()) {
      const { nextAt, schedule } = report;
      if (nextAt === null || nextAt > now()) continue;
      const slot = lastSlot(schedule, nextAt - 1, now()) ?? nextAt;
      await kept.begin(dueRun(report, slot, now()));
      // Changed meanwhile: then its own next moment stands.
      const current = await kept.find(report.id);
      if (current?.version === report.version) await kept.keep({ ...current, nextAt: nextSlot(schedule, now()) });
    }
  }

  /** Called by whoever begins to do the work, before anything else. */
  async function recover(): Promise<void> {
    for (const run of await kept.runs()) {
      const found = afterCrash(run, now());
      if (found !== run) await finish(found);
    }
  }

  async function workOff(stopping: AbortSignal): Promise<void> {
    await findDue();
    for (const run of await kept.runs()) {
      if (stopping.aborted) return;
      if (run.state === 'waiting' && run.nextAttemptAt <= now()) await work(run, stopping);
    }
    await kept.forgetOld();
  }

  async function work(begun: ReportRun, stopping: AbortSignal): Promise<void> {
    let run: ReportRun = { ...begun, state: 'making', problem: null };
    await kept.keepRun(run);
    try {
      const report = await kept.find(run.report);
      if (report === null) throw new NotSent('The report was removed.', { final: true });
      const { by, question, name } = await rightTo(report);
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(TAKES_MS_MAX)]);
      const made = await makeReport(deps, { report, run, by, question, questionName: name, signal });
      run = { ...run, export: made.manifest.id, rows: made.manifest.rows };
      if (mail === null)
        return await finish({
          ...run,
          state: 'made',
          endedAt: now(),
          problem: 'No mail server is configured: fetch the file.',
        });
      run = { ...run, state: 'sending' };
      await audit.record(report.ownerName, 'report.sent', {
        id: report.id,
        slot: new Date(run.slot).toISOString(),
        rows: run.rows ?? 0,
        recipients: report.recipients.join(' '),
      });
      // Kept before the mail leaves: if we end now, it is never sent a second time.
      await kept.keepRun(run);
      const { rejected } = await mail.send({ ...made.mail, to: report.recipients });
      const problem = rejected.length === 0 ? null : `Not taken for ${rejected.join(', ')}.`;
      await finish({ ...run, state: 'sent', endedAt: now(), rejected, problem });
    } catch (error) {
      if (stopping.aborted && run.state === 'making')
        return void (await kept.keepRun({ ...begun, nextAttemptAt: now() }));
      if (error instanceof NotSent && error.uncertain) {
        return await finish({
          ...run,
          state: 'uncertain',
          endedAt: now(),
          problem: `${error.message}. It may have been sent, and is not sent again.`,
        });
      }
      const isKnown = error instanceof CannotAnswer || error instanceof NotSent;
      const final = error instanceof NotSent && error.final;
      const problem = isKnown
        ? error.message
        : `Something went wrong on our side: ${error instanceof Error ? error.message : error}`;
      await finish(afterFailure(run, problem, now(), final));
    }
  }

  /** Rights are looked at when it runs: who left, or may no longer, sends nothing. */
  async function rightTo(report: KeptReport): Promise<{ by: Asker; question: QuestionBody; name: string }> {
    const by = await deps.account(report.owner);
    if (by === null || !may(by.role, 'schedule-reports') || !may(by.role, 'export-data')) {
      throw new NotSent(`${report.ownerName} may not send reports any more.`, { final: true });
    }
    const thing = await readable(report.question, report.owner);
    const body = questionBody.safeParse(thing?.body);
    if (thing === null || !body.success)
      throw new NotSent('The saved question is gone, or is not shared any more.', { final: true });
    return { by, question: body.data, name: thing.name };
  }

  async function finish(run: ReportRun): Promise<void> {
    await kept.keepRun(run);
    if (isOver(run))
      await audit.record('tideline', 'report.ended', { run: run.id, state: run.state, problem: run.problem ?? '' });
  }

  return { list, save, remove, sendNow, recover, workOff };
}

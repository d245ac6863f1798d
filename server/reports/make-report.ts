/** One report: the question is answered, its data is exported whole, its picture drawn, and the mail written. */
import { buffer } from 'node:stream/consumers';
import type { Cell } from '../exports/cell-kinds.ts';
import type { Exports } from '../exports/exports.ts';
import { mediaTypes } from '../exports/file-name.ts';
import { type AnswerWhole, type Asker, CannotAnswer } from '../exports/whole.ts';
import type { ExportManifest, ExportSubject } from '../http/contract/exports.ts';
import type { MetricAnswer, MetricQuestion } from '../http/contract/questions.ts';
import type { ReportRun } from '../http/contract/reports.ts';
import type { QuestionBody } from '../http/contract/saved-question.ts';
import { composeMail } from './compose-mail.ts';
import { type Content, contentOfMetrics, contentOfRows, type Measure, type Situation } from './content.ts';
import type { KeptReport } from './kept-reports.ts';
import { drawPicture } from './picture.ts';
import type { Mail } from './send-mail.ts';

/** What most mail servers take, with what encoding adds. Larger data is left to be fetched, and the mail says so. */
const ATTACHED_BYTES_MAX = 15 * 1024 ** 2;
const ROWS_READ_MAX = 1_000;
const LOOK_EVERY_MS = 200;

export type MakeDeps = {
  exports: Exports;
  answerWhole: AnswerWhole;
  ask: (question: MetricQuestion, by: Asker, signal: AbortSignal) => Promise<MetricAnswer>;
  measures: () => readonly Measure[];
  situation: () => Situation & { workspace: string };
  /** Where people reach us, for links. */
  publicUrl: string;
  fontFolder: string;
};

export type MadeReport = { mail: Omit<Mail, 'to'>; manifest: ExportManifest };

/** @param question what is saved under the name `questionName` @throws CannotAnswer */
export async function makeReport(
  deps: MakeDeps,
  made: {
    report: KeptReport;
    run: ReportRun;
    by: Asker;
    question: QuestionBody;
    questionName: string;
    signal: AbortSignal;
  },
): Promise<MadeReport> {
  const { report, run, by, question, signal } = made;
  const of = subjectOf(question);
  const [content, manifest] = await Promise.all([contentOf(deps, of, by, signal), exported(deps, made, of)]);
  const picture = content.drawn === null ? null : await drawPicture(content.drawn, deps.fontFolder);
  const messageId = `<${run.id.replaceAll(/[^A-Za-z0-9-]/g, '.')}@${new URL(deps.publicUrl).hostname}>`;
  const pictureCid = picture === null ? null : `picture-${run.slot}@tideline`;
  const data = await attachmentOf(deps, manifest, by);
  const { timeZone } = report.schedule;
  const link = linkOf(deps.publicUrl, report);
  const { subject, text, html } = composeMail({
    name: report.name,
    workspace: deps.situation().workspace,
    content,
    slot: run.slot,
    timeZone,
    isLate: run.late,
    rows: manifest.rows,
    dataAsOf: manifest.dataAsOf,
    eventsBehind: manifest.eventsBehind,
    attached: data === null ? null : manifest.file,
    tooLarge: `The file with all ${manifest.rows.toLocaleString('en')} rows is too large for a mail (${Math.ceil(manifest.bytes / 1024 ** 2)} MiB). ${report.ownerName} can fetch it in Tideline for 7 days.`,
    link,
    ownerName: report.ownerName,
    pictureCid,
  });
  const attachments = [
    ...(picture === null
      ? []
      : [{ filename: 'picture.png', content: picture, contentType: 'image/png', cid: pictureCid! }]),
    ...(data === null ? [] : [{ filename: manifest.file, content: data, contentType: mediaTypes[manifest.format] }]),
    {
      filename: `${manifest.file}.manifest.json`,
      content: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`),
      contentType: 'application/json',
    },
  ];
  return { mail: { messageId, subject, text, html, attachments }, manifest };
}

/** Where both are there, the SQL was changed by hand and wins. */
function subjectOf({ sql, metrics, values }: QuestionBody): ExportSubject {
  if (sql !== null) return { kind: 'sql', question: { sql, parameters: values } };
  if (metrics !== null) return { kind: 'metrics', question: metrics };
  throw new CannotAnswer('The saved question asks nothing.');
}

export const linkOf = (publicUrl: string, { question }: Pick<KeptReport, 'question'>): string =>
  `${publicUrl.replace(/\/$/, '')}/query/${encodeURIComponent(question)}`;

async function contentOf(deps: MakeDeps, of: ExportSubject, by: Asker, signal: AbortSignal): Promise<Content> {
  const situation = deps.situation();
  if (of.kind === 'metrics')
    return contentOfMetrics(await deps.ask(of.question, by, signal), deps.measures(), situation);
  const whole = await deps.answerWhole(of, by, 'JSONCompactEachRow', signal);
  const rows: Cell[][] = [];
  let count = 0;
  let begun = '';
  for await (const piece of whole.pieces) {
    const lines = `${begun}${Buffer.from(piece).toString('utf8')}`.split('\n');
    begun = lines.pop()!;
    count += lines.length;
    for (const line of lines.slice(0, ROWS_READ_MAX - rows.length)) rows.push(JSON.parse(line) as Cell[]);
  }
  return contentOfRows(whole.columns, rows, count, situation);
}

async function exported(
  { exports }: MakeDeps,
  { report, by, signal }: { report: KeptReport; by: Asker; signal: AbortSignal },
  of: ExportSubject,
): Promise<ExportManifest> {
  const begun = await exports.start({ of, format: report.format, name: report.name }, by);
  if (begun === null) throw new CannotAnswer('Too many exports of yours are not finished yet.');
  for (;;) {
    const manifest = await exports.find(begun.id, by);
    if (manifest?.state === 'done') return manifest;
    if (manifest === null || manifest.state === 'failed' || manifest.state === 'cancelled') {
      throw new CannotAnswer(manifest?.problem ?? 'The file is gone.');
    }
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function attachmentOf({ exports }: MakeDeps, manifest: ExportManifest, by: Asker): Promise<Buffer | null> {
  if (manifest.bytes > ATTACHED_BYTES_MAX) return null;
  const opened = await exports.open(manifest.id, by);
  return typeof opened === 'string' ? null : buffer(opened.bytes);
}

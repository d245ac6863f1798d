/** Sends the lines of a file part by part, waits where the server is busy, and keeps account of every line. */

import { PART_EVENTS_MAX } from '../../server/http/contract/imports.ts';
import type { Accepted, Problem } from '../../server/http/contract.ts';
import { asProblem } from '../http/load.ts';
import { requestWithText, withQuery } from '../http/request.ts';

export type RefusedLine = { line: number; id: string | null; problem: string };
export type SendReport = { sent: number; accepted: number; refused: RefusedLine[]; stopped: string };

const PART_CHARACTERS_MAX = 4_000_000;
const PAUSE_MS = 2_000;
const PATIENCE = 30;
type Post = (body: string) => Promise<Accepted>;

/** @param lineOf where line `index` stands in the file @returns how it ended; what was accepted stays accepted */
export async function sendEvents(
  lines: readonly string[],
  options: {
    file: string;
    lineOf: (index: number) => number;
    onProgress: (sent: number) => void;
    isCancelled: () => boolean;
    post?: Post;
    pauseMs?: number;
  },
): Promise<SendReport> {
  const { file, lineOf, onProgress, isCancelled, pauseMs = PAUSE_MS } = options;
  const path = withQuery('/v1/imports/events', { file: file.slice(-200) });
  const post = options.post ?? ((body: string) => requestWithText<Accepted>(path, body, 'application/x-ndjson'));
  const report: SendReport = { sent: 0, accepted: 0, refused: [], stopped: '' };
  while (report.sent < lines.length) {
    if (isCancelled()) return { ...report, stopped: 'You stopped it.' };
    const part = partFrom(lines, report.sent);
    const answer = await sendPart(post, part.join('\n'), pauseMs);
    if (typeof answer === 'string') return { ...report, stopped: answer };
    report.accepted += answer.accepted;
    for (const { index, id, problem } of answer.rejected) {
      report.refused.push({ line: lineOf(report.sent + index), id, problem });
    }
    report.sent += part.length;
    onProgress(report.sent);
  }
  return report;
}

function partFrom(lines: readonly string[], start: number): string[] {
  const part: string[] = [];
  let size = 0;
  for (let at = start; at < lines.length && part.length < PART_EVENTS_MAX; at++) {
    size += lines[at]!.length;
    if (part.length > 0 && size > PART_CHARACTERS_MAX) break;
    part.push(lines[at]!);
  }
  return part;
}

/** A part sent twice is harmless: its events are known by their ids. @returns why it cannot go on, or the answer */
async function sendPart(
  post: Post,
  body: string,
  pauseMs: number,
): Promise<Pick<Accepted, 'accepted' | 'rejected'> | string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await post(body);
    } catch (error) {
      const { problem, status, message } = asProblem(error);
      if (status === 422 && problem.rejected !== undefined) return { accepted: 0, rejected: problem.rejected };
      const busy = status === 0 || status === 429 || status === 503;
      if (!busy || attempt >= PATIENCE) return wordsOf(problem, message);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

const wordsOf = (problem: Problem, message: string): string => [message, problem.remedy].filter(Boolean).join(' ');

/** The audit: read by page, checked as a whole, exported complete or not at all. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { AuditEntry } from '../../access/audit.ts';
import { auditFilter, auditPage, auditQuery, auditVerification } from '../contract/audit.ts';
import { csvLine } from '../csv.ts';
import { Refusal } from '../problems.ts';
import { type Route, route } from '../route.ts';
import { actorOf } from './access-people.ts';

/** Beyond it the export says so instead of being cut. */
export const EXPORT_ENTRIES_MAX = 500_000;

const viewOf = ({ seq, at, who, what, detail }: AuditEntry) => ({ seq, at, who, what, detail: JSON.parse(detail) });

async function* linesOf(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  yield csvLine(['number', 'at', 'who', 'what', 'detail', 'hash before', 'hash']);
  for await (const { seq, at, who, what, detail, before, hash } of entries) {
    yield csvLine([seq, new Date(at).toISOString(), who, what, detail, before, hash]);
  }
}

export const auditRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/audit',
    summary: 'Who did what, newest first, by person, kind and period.',
    ability: 'see-audit',
    query: auditQuery,
    status: 200,
    answer: auditPage,
    handle: async ({ access }, { query: { cursor, limit, ...filter } }) => {
      const page = await access.audit.page(filter, limit, cursor === undefined ? undefined : Number(cursor));
      return { items: page.items.map(viewOf), next: page.next === null ? null : String(page.next) };
    },
  }),
  route({
    method: 'get',
    path: '/v1/audit/verification',
    summary: 'Whether the chain of entries is unbroken, and if not, at which entry it breaks.',
    ability: 'see-audit',
    status: 200,
    answer: auditVerification,
    handle: ({ access }) => access.audit.verify(),
  }),
  route({
    method: 'get',
    path: '/v1/audit/export',
    summary: `The audit as CSV, oldest first, whole: refused when there are more than ${EXPORT_ENTRIES_MAX} entries.`,
    ability: 'see-audit',
    query: auditFilter,
    status: 200,
    answer: z.string(),
    answerType: 'text/csv; charset=utf-8',
    handle: async ({ access }, call) => {
      const entries = await access.audit.length();
      if (entries > EXPORT_ENTRIES_MAX) {
        const detail = `There are ${entries} entries, more than the ${EXPORT_ENTRIES_MAX} of one file.`;
        throw new Refusal(409, { title: 'Too much for one file', detail, remedy: 'Read them by page: GET /v1/audit.' });
      }
      await access.audit.record(actorOf(call).name, 'export.audit', { entries });
      call.response.setHeader('Content-Disposition', 'attachment; filename="audit.csv"');
      return Readable.from(linesOf(access.audit.matching(call.query)));
    },
  }),
];

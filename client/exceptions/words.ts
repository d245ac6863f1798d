/** What an exception is about, in words. */
import type { ExceptionRow } from '../../server/live/contract.ts';

/** Subjects that are keys of states (`HP-1|BOS-1`) mean nothing to people; the detail then names the thing. */
export function aboutWhat(row: Pick<ExceptionRow, 'subject' | 'detail'>): string {
  const subject = row.subject.includes('|') ? '' : row.subject;
  const words = [subject, row.detail].filter((part, index, all) => part !== '' && all.indexOf(part) === index);
  return words.join(' · ') || row.subject.replaceAll('|', ' · ');
}

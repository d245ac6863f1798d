/** What a file says of itself, in words and in order, for formats that have a place for it. */
import type { FileAbout } from './answer-file.ts';

const moment = (at: number | null): string => (at === null ? 'not known' : new Date(at).toISOString());

export function manifestLines(about: FileAbout): [string, string][] {
  return [
    ['Name', about.name],
    ['Rows', String(about.rows)],
    ['Columns', about.columns.map(({ name, type }) => `${name} (${type})`).join(', ')],
    ['Asked by', about.askedBy],
    ['Asked at (UTC)', moment(about.askedAt)],
    ['Ready at (UTC)', moment(about.endedAt)],
    ['Data up to (UTC)', moment(about.dataAsOf)],
    ['Events behind', String(about.eventsBehind)],
    ['Query', about.sql],
    ['Parameters', JSON.stringify(about.parameters)],
    ['Export', about.id],
  ];
}

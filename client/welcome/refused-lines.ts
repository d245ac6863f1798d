/** What was refused, as a CSV for a spreadsheet. Pure. */
import type { RefusedLine } from './send-events.ts';

export function refusedAsCsv(refused: readonly RefusedLine[]): string {
  const rows = refused.map(({ line, id, problem }) => [String(line), id ?? '', problem].map(cell).join(','));
  return `${['line,id,problem', ...rows].join('\r\n')}\r\n`;
}

/** RFC 4180; what a spreadsheet would take for a formula gets a sign before it. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r\0＝]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The report as people read it. */
import type { ReplayResult } from './run-replay.ts';

const REJECTED_PRINTED_MAX = 20;
const NAME_WIDTH_MAX = 40;

export function describeReport({ report, sent, accepted, interrupted }: ReplayResult, dryRun: boolean): string {
  const lines: string[] = [];
  const section = (title: string, rows: [string, ...(string | number)[]][]) => {
    if (rows.length === 0) return;
    const names = Math.min(NAME_WIDTH_MAX, Math.max(...rows.map(([name]) => name.length)));
    lines.push('', title);
    for (const [name, ...cells] of rows) {
      lines.push(`  ${name.padEnd(names)}${cells.map((cell) => String(cell).padStart(14)).join('')}`);
    }
  };
  if (interrupted) lines.push('Interrupted. What was sent stays; the same command goes on where this one stopped.', '');
  lines.push(`${report.rows} rows read${report.from === null ? '' : `, ${report.from} to ${report.to}`}`);
  lines.push(
    dryRun
      ? `${report.events} events made, none sent (dry run)`
      : `${report.events} events made, ${sent} sent, ${accepted} accepted`,
  );
  const totals = Object.keys(report.outcomes[0]?.totals ?? {});
  for (const kind of ['mapped', 'left out'] as const) {
    const rows = report.outcomes
      .filter((outcome) => outcome.kind === kind)
      .map(({ name, rows, totals }): [string, ...(string | number)[]] => [name, rows, ...Object.values(totals)]);
    if (rows.length > 0) section(`Rows ${kind}`, [['', 'rows', ...totals], ...rows]);
  }
  section('Events by type', Object.entries(report.eventsByType));
  section('Noticed', Object.entries(report.notes));
  if (report.rejectedRows + report.rejectedEvents > 0) {
    lines.push('', `Rejected: ${report.rejectedRows} rows, ${report.rejectedEvents} events`);
    for (const { lines: at, problem } of report.rejected.slice(0, REJECTED_PRINTED_MAX)) {
      lines.push(`  ${at.length === 0 ? 'no line' : `line ${at.join(', ')}`}: ${problem}`);
    }
    const more = report.rejectedRows + report.rejectedEvents - REJECTED_PRINTED_MAX;
    if (more > 0) lines.push(`  and ${more} more; --report writes the first ${report.rejected.length} to a file`);
  }
  return `${lines.join('\n')}\n`;
}

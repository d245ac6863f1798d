/** What history knows of one exception, by its number. */
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

type Row = {
  seq: number;
  at: number;
  change: string;
  title: string;
  severity: string;
  moneyAtRisk: number;
  actor: string;
  id: string;
  source: string;
  type: string;
  data: string;
  receivedAt: number;
};

/** Changes before a place in history, newest first, each with the event that made it. Times are epoch ms. */
export async function exceptionChanges(
  history: HistoryClient,
  asked: { number: string; before: number; limit: number },
) {
  const rows = await queryRows<Row>(history, loadQuery('queries/exception-changes'), asked);
  return rows.map(({ seq, at, change, title, severity, moneyAtRisk, actor, id, source, type, data, receivedAt }) => ({
    seq: Number(seq),
    at: Number(at),
    receivedAt: Number(receivedAt),
    change,
    title,
    severity,
    moneyAtRisk: Number(moneyAtRisk),
    by: actor,
    event: { source, id, type },
    // Only what people wrote is looked at; their events are ours and small.
    data: type.startsWith('exception.') ? (JSON.parse(data) as Record<string, unknown>) : {},
  }));
}

type LastRow = {
  seq: number;
  at: number;
  number: string;
  kind: string;
  subject: string;
  change: string;
  title: string;
  severity: string;
  moneyAtRisk: number;
  since: number;
  deadline: number;
  sku: string;
  node: string;
  channel: string;
  order: string;
  source: string;
  actor: string;
};

/** @param name its number, such as `EX-17`, or `kind:subject`: then the newest of those. Undefined: there never was one */
export async function lastOfException(history: HistoryClient, name: string): Promise<LastRow | undefined> {
  const cut = name.indexOf(':');
  const asked =
    cut < 0
      ? { number: name, kind: '', subject: '' }
      : { number: '', kind: name.slice(0, cut), subject: name.slice(cut + 1) };
  const [row] = await queryRows<LastRow>(history, loadQuery('queries/exception-last'), asked);
  if (row === undefined) return undefined;
  const { seq, at, moneyAtRisk, since, deadline } = row;
  return {
    ...row,
    seq: Number(seq),
    at: Number(at),
    moneyAtRisk: Number(moneyAtRisk),
    since: Number(since),
    deadline: Number(deadline),
  };
}

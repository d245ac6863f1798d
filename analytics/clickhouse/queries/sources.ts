/** What history knows of a source: its volume, what of it was refused, and when it was silent. Times are epoch ms. */
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

type Numbers<K extends string> = Record<K, number | string>;

export type SourceHour = { hour: number; events: number; refused: number; late: number };
export async function sourceHours(
  history: HistoryClient,
  query: { source: string; from: number; to: number },
): Promise<SourceHour[]> {
  const rows = await queryRows<Numbers<keyof SourceHour>>(history, loadQuery('queries/source-hours'), query);
  return rows.map(({ hour, events, refused, late }) => ({
    hour: Number(hour),
    events: Number(events),
    refused: Number(refused),
    late: Number(late),
  }));
}

/** Refused for one reason: how often, the words of one of them with its id, and when last. */
export type Refusal = { type: string; example: string; event: string; events: number; lastAt: number };
export async function sourceRefusals(
  history: HistoryClient,
  query: { source: string; from: number; limit: number },
): Promise<Refusal[]> {
  const rows = await queryRows<Refusal>(history, loadQuery('queries/source-refusals'), query);
  return rows.map((row) => ({ ...row, events: Number(row.events), lastAt: Number(row.lastAt) }));
}

export type Silence = { exception: string; since: number; endedAt: number | null };
export async function sourceSilences(
  history: HistoryClient,
  query: { source: string; from: number; limit: number },
): Promise<Silence[]> {
  const rows = await queryRows<Silence>(history, loadQuery('queries/source-silences'), query);
  return rows.map(({ exception, since, endedAt }) => ({
    exception,
    since: Number(since),
    endedAt: Number(endedAt) || null,
  }));
}

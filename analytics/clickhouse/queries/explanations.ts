/** What history knows around an exception, for its explanation. Times are epoch ms. */
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

type Series = { kpi: string; channel: string; node: string; source: string; sku: string };

/** The last thing the detector said of a series in a time; undefined when it said nothing. */
export async function lastAnomaly(
  history: HistoryClient,
  series: Series,
  { from, to }: { from: number; to: number },
): Promise<{ at: number; data: string } | undefined> {
  const [row] = await queryRows<{ at: number | string; data: string }>(
    history,
    loadQuery('queries/explained-anomaly'),
    {
      ...series,
      from,
      to,
    },
  );
  return row === undefined ? undefined : { at: Number(row.at), data: row.data };
}

type Places = { sku: string; node: string; channel: string; source: string };
export type ExceptionAround = Places & {
  number: string;
  kind: string;
  subject: string;
  title: string;
  began: number;
  /** 0 while it stands. */
  closed: number;
};

/** @param since changes before that are not looked at: what has stood for longer is not found */
export async function exceptionsAround(
  history: HistoryClient,
  asked: { kinds: readonly string[]; since: number; until: number; from: number; to: number; limit: number },
): Promise<ExceptionAround[]> {
  const rows = await queryRows<ExceptionAround>(history, loadQuery('queries/exceptions-around'), asked);
  return rows.map((row) => ({ ...row, began: Number(row.began), closed: Number(row.closed) }));
}

export async function settingsChanged(
  history: HistoryClient,
  asked: { from: number; to: number; limit: number },
): Promise<{ at: number; type: string; data: Record<string, unknown> }[]> {
  const rows = await queryRows<{ at: number | string; type: string; data: string }>(
    history,
    loadQuery('queries/settings-changed'),
    asked,
  );
  return rows.map(({ at, type, data }) => ({
    at: Number(at),
    type,
    data: JSON.parse(data) as Record<string, unknown>,
  }));
}

export type EarlierEpisode = Places & {
  number: string;
  subject: string;
  title: string;
  began: number;
  opened: number;
  /** 0 while it stands, and while nobody did. */
  closed: number;
  acknowledged: number;
  /** The last of resolved, dismissed, reopened and opened. */
  settled: string;
  settledBy: string;
  moneyAtRiskMax: number;
  /** Of the event that opened it, as JSON; empty when that is gone. */
  data: string;
};

export async function earlierEpisodes(
  history: HistoryClient,
  asked: { kind: string; number: string; before: number; limit: number },
): Promise<EarlierEpisode[]> {
  const rows = await queryRows<EarlierEpisode>(history, loadQuery('queries/earlier-episodes'), asked);
  return rows.map((row) => ({
    ...row,
    began: Number(row.began),
    opened: Number(row.opened),
    closed: Number(row.closed),
    acknowledged: Number(row.acknowledged),
    moneyAtRiskMax: Number(row.moneyAtRiskMax),
  }));
}

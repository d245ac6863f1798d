/** Predictions as history tells them: what waits to be settled, what had happened, and how often what was said came true. */
import type { PredictionKind } from '../../../streams/events/signals.ts';
import { noTenths, type Sums } from '../../predictions/reliability.ts';
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

/** What was said together and is to be settled together. Times epoch ms. */
export type Unsettled = {
  prediction: PredictionKind;
  at: number;
  horizon: number;
  rows: { subject: string; probability: number; uncorrected: number; among: string }[];
};

const WAVE_LASTS_MS = 45 * 86_400_000;

/** @param range horizons in it, both ends included */
export async function unsettledPredictions(
  history: HistoryClient,
  prediction: PredictionKind,
  range: { since: number; until: number; limit: number },
): Promise<Unsettled[]> {
  type Row = {
    saidAt: number;
    horizonAt: number;
    subjects: string[];
    probabilities: number[];
    uncorrecteds: number[];
    amongs: string[];
  };
  const found = await queryRows<Row>(history, loadQuery('queries/predictions-unsettled'), { prediction, ...range });
  return found.map(({ saidAt, horizonAt, subjects, probabilities, uncorrecteds, amongs }) => ({
    prediction,
    at: Number(saidAt),
    horizon: Number(horizonAt),
    rows: subjects.map((subject, index) => ({
      subject,
      probability: probabilities[index]!,
      uncorrected: uncorrecteds[index]!,
      among: amongs[index]!,
    })),
  }));
}

/** By `SKU|NODE`, of the records about which a stockout was predicted then. What had run out by then is not among them. */
export async function stockoutsBetween(
  history: HistoryClient,
  { at, horizon }: { at: number; horizon: number },
): Promise<Map<string, boolean>> {
  type Row = { subject: string; happened: boolean | number };
  const rows = await queryRows<Row>(history, loadQuery('queries/stockouts-between'), { at, horizon });
  return new Map(rows.map(({ subject, happened }) => [subject, Boolean(happened)]));
}

/** Orders due and shipped by a moment, per node. */
export async function cutOffsKept(
  history: HistoryClient,
  shipBy: number,
): Promise<Map<string, { due: number; inTime: number }>> {
  type Row = { node: string; due: number; inTime: number };
  const params = { shipBy, since: shipBy - WAVE_LASTS_MS };
  const rows = await queryRows<Row>(history, loadQuery('queries/cut-offs-kept'), params);
  return new Map(rows.map(({ node, due, inTime }) => [node, { due: Number(due), inTime: Number(inTime) }]));
}

export type SaidRow = {
  at: number;
  horizon: number;
  probability: number;
  uncorrected: number;
  happened: boolean | null;
  settledAt: number | null;
};

export async function predictionsSaid(
  history: HistoryClient,
  query: { prediction: PredictionKind; subject: string; limit: number },
): Promise<SaidRow[]> {
  type Row = {
    saidAt: number;
    horizonAt: number;
    said: number;
    workedOut: number;
    isSettled: boolean;
    hasHappened: boolean;
    settledAt: number;
  };
  const rows = await queryRows<Row>(history, loadQuery('queries/predictions-said'), query);
  return rows.map(({ saidAt, horizonAt, said, workedOut, isSettled, hasHappened, settledAt }) => ({
    at: Number(saidAt),
    horizon: Number(horizonAt),
    probability: said,
    uncorrected: workedOut,
    happened: isSettled ? Boolean(hasHappened) : null,
    settledAt: isSettled ? Number(settledAt) : null,
  }));
}

export type ReliabilityRange = {
  prediction: PredictionKind;
  /** Horizons in it, epoch ms. */
  since: number;
  until: number;
  /** How long before its horizon it was said. */
  hoursAheadMin: number;
  hoursAheadMax: number;
  /** A node or a supplier; all when empty. */
  among: string;
};

/** What scores and bins are made of, and how many wait. */
export async function predictionSums(
  history: HistoryClient,
  { hoursAheadMin: aheadMin, hoursAheadMax: aheadMax, ...range }: ReliabilityRange,
): Promise<{ sums: Sums; waiting: number }> {
  type Row = {
    tenth: number;
    settled: number;
    saidSum: number;
    happenedSum: number;
    squares: number;
    squaresUncorrected: number;
    squaresClimatology: number;
  };
  const params = { ...range, aheadMin, aheadMax };
  const [rows, [counted]] = await Promise.all([
    queryRows<Row>(history, loadQuery('queries/prediction-sums'), params),
    queryRows<{ waiting: number }>(history, loadQuery('queries/predictions-waiting'), params),
  ]);
  const sums: Sums = { tenths: noTenths(), squares: 0, squaresUncorrected: 0, squaresClimatology: 0 };
  for (const row of rows) {
    sums.tenths[row.tenth] = { count: Number(row.settled), said: row.saidSum, happened: row.happenedSum };
    sums.squares += row.squares;
    sums.squaresUncorrected += row.squaresUncorrected;
    sums.squaresClimatology += row.squaresClimatology;
  }
  return { sums, waiting: Number(counted?.waiting ?? 0) };
}

/**
 * KPIs that are worked out from history: as they stand, and day by day before. Asked in the background and kept for a while,
 * one question at a time; until the first answer there is no figure.
 */
import type { Dimension, Kpi } from '../../analytics/kpis/index.ts';
import { type AskHistory, kpiSeries } from '../../analytics/kpis/series.ts';
import { HOUR_MS, MINUTE_MS } from '../../streams/operations/buckets.ts';
import type { KpiTile } from '../live/contract.ts';

const DAY_MS = 24 * HOUR_MS;
const SPARK_DAYS = 28;
/** The running day still grows, and history may have been behind. */
const READ_AGAIN_MS = 10 * MINUTE_MS;
const FORGOTTEN_AFTER_MS = HOUR_MS;
const READINGS_MAX = 400;

type Part = { node?: string | undefined; channel?: string | undefined };
export type HistoryFigure = { value: number | null; lastWeek: number | null; spark: KpiTile['spark'] };
export type HistoryFigures = {
  /** What is known of it by now. */
  of(kpi: Kpi, part: Part): HistoryFigure | null;
  /** Of the whole; waits where it was never asked for. */
  read(kpi: Kpi): Promise<HistoryFigure | null>;
};
type Reading = { figure: HistoryFigure; readAt: number; askedAt: number };

export function keepHistoryFigures(deps: {
  ask: AskHistory;
  /** The workspace, and business time in epoch ms. */
  situation(): { timeZone: string; currency: string; now: number };
  now(): number;
}): HistoryFigures {
  const { now } = deps;
  const readings = new Map<string, Reading>();
  const underWay = new Map<string, Promise<void>>();
  let asking: Promise<void> = Promise.resolve();

  function of(kpi: Kpi, part: Part): HistoryFigure | null {
    // History has one dimension at a time.
    if (kpi.waitsFor !== undefined || (part.node !== undefined && part.channel !== undefined)) return null;
    const id = nameOf(kpi, part);
    const known = readings.get(id);
    if (known !== undefined) known.askedAt = now();
    if ((known === undefined || now() - known.readAt >= READ_AGAIN_MS) && !underWay.has(id)) begin(id, kpi, part);
    return known?.figure ?? null;
  }

  async function read(kpi: Kpi): Promise<HistoryFigure | null> {
    const known = of(kpi, {});
    if (known !== null) return known;
    await underWay.get(nameOf(kpi, {}));
    return readings.get(nameOf(kpi, {}))?.figure ?? null;
  }

  function begin(id: string, kpi: Kpi, part: Part): void {
    asking = asking.then(() => work(id, kpi, part)).finally(() => underWay.delete(id));
    underWay.set(id, asking);
  }

  async function work(id: string, kpi: Kpi, part: Part): Promise<void> {
    forget();
    try {
      readings.set(id, { figure: await figureOf(kpi, part), readAt: now(), askedAt: now() });
    } catch {
      // History is away: what was known stands, and it is asked again.
      const known = readings.get(id);
      if (known !== undefined) known.readAt = now();
    }
  }

  async function figureOf(kpi: Kpi, { node, channel }: Part): Promise<HistoryFigure> {
    const situation = deps.situation();
    const by: Dimension | null = node !== undefined ? 'node' : channel !== undefined ? 'channel' : null;
    const over = async (days: number, to: number) => {
      const query = { ...situation, from: to - days * DAY_MS, to, grain: 'day' as const, by };
      const { series } = await kpiSeries(deps.ask, kpi, query);
      return series.find(({ key }) => key === (node ?? channel ?? '')) ?? { points: [], total: null };
    };
    const days = kpi.live.kind === 'history' && kpi.live.of === 'period' ? kpi.live.days : 1;
    const to = situation.now;
    const [whole, before, daily] = [
      await over(days, to),
      await over(days, to - 7 * DAY_MS),
      await over(SPARK_DAYS, to),
    ];
    const values = daily.points.map(([, value]) => value);
    const spark = { from: daily.points[0]?.[0] ?? to, stepMs: DAY_MS, values };
    return { value: whole.total, lastWeek: before.total, spark };
  }

  function forget(): void {
    for (const [id, { askedAt }] of readings) {
      if (now() - askedAt > FORGOTTEN_AFTER_MS || readings.size >= READINGS_MAX) readings.delete(id);
    }
  }

  return { of, read };
}

const nameOf = ({ id }: Kpi, { node, channel }: Part): string =>
  `${id}|${node === undefined ? '' : `node ${node}`}|${channel === undefined ? '' : `channel ${channel}`}`;

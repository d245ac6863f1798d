/** What the API tells of signals: what is watched, what is expected, what is planned. */
import type { z } from 'zod';
import { SERIES_MAX } from '../../analytics/anomalies/watching/choose-series.ts';
import { kpiById } from '../../analytics/kpis/index.ts';
import { unconfigured } from '../../streams/operations/master-data.ts';
import { type CalendarEntry, type Item, ids, type Workspace } from '../../streams/operations/states.ts';
import {
  type BandAnswer,
  type BandQuery,
  type SignalState,
  type SignalsAnswer,
  type signalsQuery,
  type WatchedSeries,
  watchedParts,
} from '../http/contract/signals.ts';
import type { Mirror } from '../live/mirror.ts';
import type { Runtime } from '../runtime.ts';
import { createBands } from './bands.ts';
import { type CalendarModel, createCalendar } from './calendar.ts';
import { readStatus } from './kept-signals.ts';
import type { SeriesStatus, SignalsStatus } from './status.ts';

/** After so long without a word, the job does not run. */
const SILENT_JOB_MS = 5 * 60_000;

export type SignalsModel = {
  calendar: CalendarModel;
  /** @param mayBeShown KPIs this caller may see */
  list(query: z.output<typeof signalsQuery>, mayBeShown: (kpi: string) => boolean): Promise<SignalsAnswer>;
  /** Null: there is no such KPI. */
  band(query: BandQuery): Promise<BandAnswer | null>;
};

export function createSignalsModel(runtime: Runtime, mirror: Pick<Mirror, 'now' | 'businessNow'>): SignalsModel {
  const { redis, keys } = runtime;
  async function around() {
    const [workspace, entries] = await Promise.all([
      redis.hGet(keys.state('workspace'), ids.workspace),
      redis.hGetAll(keys.state('calendar')),
    ]);
    const { timeZone } = typeof workspace === 'string' ? (JSON.parse(workspace) as Workspace) : unconfigured;
    const planned = Object.values(entries).map((text) => JSON.parse(text) as CalendarEntry);
    const skus = [...new Set(planned.flatMap(({ category, skus = [] }) => (category === undefined ? [] : skus)))];
    const items = skus.length === 0 ? [] : await redis.hmGet(keys.state('item'), skus);
    const categories = new Map(
      items.flatMap((text) => {
        if (typeof text !== 'string') return [];
        const { sku, category } = JSON.parse(text) as Item;
        return [[sku, category] as const];
      }),
    );
    return {
      now: mirror.businessNow(),
      timeZone,
      planned: planned.filter(({ withdrawn }) => !withdrawn),
      categoryOf: (sku: string) => categories.get(sku),
    };
  }

  return {
    calendar: createCalendar(runtime, mirror.now),
    band: createBands(runtime, around),
    async list(query, mayBeShown) {
      const { status, series } = await readStatus(runtime);
      const shown = series.filter(({ kpi }) => mayBeShown(kpi)).sort((a, b) => (a.series < b.series ? -1 : 1));
      const fitting = shown.filter(
        (one) =>
          (query.kpi === undefined || one.kpi === query.kpi) &&
          (query.state === undefined || one.state === query.state) &&
          watchedParts.every((part) => query[part] === undefined || one[part] === query[part]),
      );
      const after = query.cursor === undefined ? fitting : fitting.filter((one) => one.series > query.cursor!);
      const items = after.slice(0, query.limit);
      const counts = { all: shown.length, warming: 0, quiet: 0, out: 0, 'no-data': 0, off: 0 };
      for (const one of shown) counts[one.state] += 1;
      return {
        items: items.map(viewOf),
        next: after.length > items.length ? items.at(-1)!.series : null,
        counts: counts satisfies Record<SignalState | 'all', number>,
        seriesMax: SERIES_MAX,
        leftOut: status?.leftOut ?? 0,
        judgedUntil: status?.judgedUntil || null,
        job: jobOf(status, mirror.now()),
        effort: {
          roundMs: status?.roundMs ?? 0,
          readMs: status?.readMs ?? 0,
          points: status?.points ?? 0,
          microsPerPoint: status?.microsPerPoint ?? 0,
          bytes: series.reduce((sum, { bytes }) => sum + bytes, 0),
        },
      };
    },
  };
}

function jobOf(status: SignalsStatus | null, now: number): SignalsAnswer['job'] {
  if (status === null) return { state: 'off', why: 'nothing has been watched yet' };
  // While it learns from a long history, a round may take minutes.
  if (status.state !== 'warming' && now - status.at > SILENT_JOB_MS) {
    return { state: 'off', why: 'the process that watches has not said anything for five minutes' };
  }
  return { state: status.state, why: status.why };
}

function viewOf({ last, ...status }: SeriesStatus): WatchedSeries {
  const kpi = kpiById(status.kpi);
  const words = { name: kpi?.name ?? status.kpi, unit: kpi?.unit ?? 'count' };
  if (last === null) return { ...status, ...words, last };
  const { at, value, low, mid: expected, high, score, what } = last;
  return { ...status, ...words, last: { at, value, low, expected, high, score, what } };
}

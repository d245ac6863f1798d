/** How far records can be trusted, what to count first, and where systems state something else. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { EventOf } from '../../streams/events/index.ts';
import type { SourceDrift } from '../../streams/operations/accuracy/accuracy-state.ts';
import { beyond } from '../../streams/operations/accuracy/as-of.ts';
import { figureAsOf } from '../../streams/operations/accuracy/assertions.ts';
import type { Calibration } from '../../streams/operations/accuracy/calibration-state.ts';
import type { Snapshot } from '../../streams/operations/accuracy/snapshot-state.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import { ids, type Stock } from '../../streams/operations/states.ts';
import { appendToLog } from '../../streams/processing/event-log.ts';
import type {
  AccuracyAnswer,
  countListPage,
  countListQuery,
  countRequests,
  countRequestsAnswer,
  driftAnswer,
  driftRecordsPage,
  driftRecordsQuery,
  recordsPage,
  recordsQuery,
  SnapshotView,
  snapshotsPage,
  snapshotsQuery,
} from '../http/contract/accuracy.ts';
import type { Mirror } from '../live/mirror.ts';
import type { Runtime } from '../runtime.ts';
import { createAccuracyIndex, type RecordEntry } from './accuracy-index.ts';
import { atOneMoment, type Wanted } from './at-one-moment.ts';
import { createStateIndex } from './state-index.ts';

const MINUTE_MS = 60_000;
/** Rows of a snapshot shown with it: those that differ most. */
const CHANGES_SHOWN_MAX = 100;
const REASONS_SHOWN_MAX = 3;

type Records = z.output<typeof recordsPage>['items'][number];

export type AccuracyModel = ReturnType<typeof createAccuracyModel>;

export function createAccuracyModel({ redis, keys }: Pick<Runtime, 'redis' | 'keys'>, mirror: Mirror) {
  const index = createAccuracyIndex(redis, keys, mirror.now, mirror.businessNow);
  const snapshots = createStateIndex<Snapshot>(redis, keys.state('snapshot'), mirror.now);

  return {
    async accuracy(): Promise<AccuracyAnswer> {
      const { at, shift, records } = await index();
      const nodes = [...new Set(records.map(({ stock }) => stock.node))].sort();
      const known = await redis.hmGet(keys.state('calibration'), [ids.company, ...nodes.map(ids.calibration)]);
      const [company, ...ofNodes] = known.map((text) => (text ? (JSON.parse(text) as Calibration) : undefined));
      return {
        company: accuracyOf(null, records, company),
        nodes: nodes.map((node, place) =>
          accuracyOf(
            node,
            records.filter(({ stock }) => stock.node === node),
            ofNodes[place],
          ),
        ),
        calibration: reliabilityOf(company),
        shift,
        asOf: at,
      };
    },

    async accuracyRecords(query: z.output<typeof recordsQuery>): Promise<z.output<typeof recordsPage>> {
      const { cursor = '', limit, node, below = 1 } = query;
      const words = (query.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
      const found = (await index()).records.filter(
        (record) =>
          record.id > cursor &&
          (node === undefined || record.stock.node === node) &&
          (below === 1 || record.confidence.confidence < below) &&
          words.every((word) => `${record.stock.sku} ${record.item?.name ?? ''}`.toLowerCase().includes(word)),
      );
      const chosen = found.slice(0, limit);
      return { items: chosen.map(rowOf), next: found.length > limit ? chosen.at(-1)!.id : null };
    },

    /** The cursor is the last record shown: what has moved up in the meantime is on the next first page. */
    async countList(query: z.output<typeof countListQuery>): Promise<z.output<typeof countListPage>> {
      const { cursor, limit, node, requested } = query;
      const listed = (await index()).records
        .filter(
          ({ stock }) =>
            (node === undefined || stock.node === node) && (requested || stock.evidence.countRequestedAt === 0),
        )
        .sort((a, b) => b.count.value - a.count.value || (a.id < b.id ? -1 : 1));
      const from = cursor === undefined ? 0 : listed.findIndex(({ id }) => id === cursor) + 1;
      const chosen = listed.slice(from, from + limit);
      const items = chosen.map((record) => ({
        ...rowOf(record),
        chance: record.count.chance,
        expectedUnits: Math.round(record.count.units * 10) / 10,
        worthPerUnit: record.count.worthPerUnit,
        expectedValue: Math.round(record.count.value),
      }));
      return { items, next: from + limit < listed.length ? chosen.at(-1)!.id : null };
    },

    /** Appends one `stock.count-requested` for each record that nobody has been asked to count yet. */
    async requestCounts(
      { records, reason }: z.output<typeof countRequests>,
      by: string,
    ): Promise<z.output<typeof countRequestsAnswer>> {
      const distinct = [...new Map(records.map((record) => [ids.stock(record.sku, record.node), record])).values()];
      const texts = await redis.hmGet(
        keys.state('stock'),
        distinct.map(({ sku, node }) => ids.stock(sku, node)),
      );
      const stocks = texts.map((text) => (text ? (JSON.parse(text) as Stock) : undefined));
      const unknown = distinct.filter((_, place) => stocks[place] === undefined);
      const waiting = distinct.filter((_, place) => (stocks[place]?.evidence.countRequestedAt ?? 0) > 0);
      const asked = distinct.filter((record) => !unknown.includes(record) && !waiting.includes(record));
      const now = mirror.businessNow();
      const lines = asked.map(({ sku, node }) => {
        const event: EventOf<'stock.count-requested'> = {
          id: `count-requested:${randomUUID()}`,
          source: OWN_SOURCE,
          type: 'stock.count-requested',
          occurredAt: now,
          observedAt: now,
          receivedAt: mirror.now(),
          data: { sku, node, by, ...(reason === undefined ? {} : { reason }) },
        };
        return JSON.stringify(event);
      });
      if (lines.length > 0) await appendToLog(redis, keys, lines);
      return { requested: asked.length, waiting, unknown };
    },

    async drift(): Promise<z.output<typeof driftAnswer>> {
      const texts = await redis.hVals(keys.state('drift'));
      const now = mirror.businessNow();
      const items = texts.map((text) => {
        const { openSinceSum, ...drift } = JSON.parse(text) as SourceDrift;
        const openMinutes = Math.max(0, Math.round((drift.drifting * now - openSinceSum) / MINUTE_MS));
        return { ...drift, name: mirror.states.source.get(drift.source)?.name ?? drift.source, openMinutes };
      });
      return { items: items.sort((a, b) => (a.source < b.source ? -1 : 1)) };
    },

    async driftRecords(query: z.output<typeof driftRecordsQuery>): Promise<z.output<typeof driftRecordsPage>> {
      const { cursor = '', limit, source, node } = query;
      const now = mirror.businessNow();
      const found = (await index()).records.flatMap(({ stock }) =>
        stock.assertions
          .filter((known) => known.since > 0 && (source === undefined || known.source === source))
          .map(({ source, measure, quantity, drift, at, since }) => {
            const openMinutes = Math.max(0, Math.round((now - since) / MINUTE_MS));
            const { sku, node } = stock;
            const id = [sku, node, source, measure].join('|');
            return { id, row: { sku, node, source, measure, stated: quantity, drift, at, since, openMinutes } };
          }),
      );
      const rest = found
        .filter(({ id, row }) => id > cursor && (node === undefined || row.node === node))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const chosen = rest.slice(0, limit);
      return { items: chosen.map(({ row }) => row), next: rest.length > limit ? chosen.at(-1)!.id : null };
    },

    async snapshots(query: z.output<typeof snapshotsQuery>): Promise<z.output<typeof snapshotsPage>> {
      const { cursor = '', limit, source, node } = query;
      const { items, next } = await snapshots.page(
        cursor,
        limit,
        (one) => (source === undefined || one.source === source) && (node === undefined || one.node === node),
      );
      return { items: items.map(snapshotRow), next };
    },

    async snapshot(id: string): Promise<SnapshotView | null> {
      const text = await redis.hGet(keys.state('snapshot'), id);
      if (!text) return null;
      const known = JSON.parse(text) as Snapshot;
      const wanted: Wanted = new Map([
        ['stock', new Set(known.rows.map(([sku]) => ids.stock(sku, known.node)))],
        ['item', new Set(known.rows.map(([sku]) => sku))],
      ]);
      const { answer } = await atOneMoment(
        redis,
        keys,
        (draft) =>
          known.rows.map(([sku, stated]) => {
            const stock = draft.get('stock', ids.stock(sku, known.node));
            const range = stock === undefined ? none : figureAsOf(draft, stock, known.measure, known.at);
            const difference = beyond(stated, range);
            return { sku, stated, ours: stated - difference, difference };
          }),
        wanted,
      );
      const changes = answer
        .filter(({ difference }) => difference !== 0)
        .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || (a.sku < b.sku ? -1 : 1))
        .slice(0, CHANGES_SHOWN_MAX);
      return { ...snapshotRow(known), changes };
    },
  };
}

const none = { low: 0, high: 0 };

function snapshotRow({ rows, figures, treat: _, openExceptions: __, ...snapshot }: Snapshot) {
  if (figures === null) return { ...snapshot, rows: rows.length, figures };
  const { opening: ___, ...numbers } = figures;
  return { ...snapshot, rows: rows.length, figures: numbers };
}

function rowOf({ stock, item, onHand, tolerance, confidence }: RecordEntry): Records {
  const { sku, node, lastCountAt, evidence } = stock;
  const because = confidence.parts
    .filter((part) => part.logOdds < 0)
    .sort((a, b) => a.logOdds - b.logOdds)
    .slice(0, REASONS_SHOWN_MAX)
    .map((part) => part.words);
  return {
    sku,
    node,
    name: item?.name ?? sku,
    abc: item?.abc ?? null,
    onHand,
    tolerance,
    confidence: confidence.confidence,
    because,
    lastCountAt: lastCountAt > 0 ? lastCountAt : null,
    countRequestedAt: evidence.countRequestedAt > 0 ? evidence.countRequestedAt : null,
  };
}

function accuracyOf(node: string | null, records: RecordEntry[], calibration: Calibration | undefined) {
  let value = 0;
  let trusted = 0;
  for (const { onHand, item, confidence } of records) {
    const worth = Math.max(0, onHand) * (item?.unitCost ?? 0);
    value += worth;
    trusted += worth * confidence.confidence;
  }
  const counted = calibration?.allCounted ?? 0;
  return {
    node,
    records: records.length,
    confidence: value === 0 ? null : trusted / value,
    stockValue: value,
    counted,
    recordAccuracy: counted === 0 ? null : calibration!.allRight / counted,
  };
}

function reliabilityOf(calibration: Calibration | undefined): AccuracyAnswer['calibration'] {
  const tenths = calibration?.tenths ?? [];
  return tenths.flatMap(([counted, right, said], tenth) =>
    counted === 0
      ? []
      : [{ from: tenth / 10, to: (tenth + 1) / 10, counted, said: said / counted / 1_000, right: right / counted }],
  );
}

/**
 * A workspace in memory that predicts on the way: what was said is kept, and settled by what had happened in business time
 * once late events have come. What is settled goes back into the workspace's own record, as in a running one.
 */
import { catalog } from '../../../analytics/kpis/index.ts';
import type { Settled } from '../../../analytics/predictions/reliability.ts';
import { clockOf } from '../../../server/jobs/pass-deadlines.ts';
import { cameLate, missed } from '../../../server/predictions/outcomes.ts';
import type { Event } from '../../../streams/events/index.ts';
import type { PredictionKind } from '../../../streams/events/signals.ts';
import type { Predicted } from '../../../streams/operations/predictions/predicted.ts';
import { OWN_SOURCE } from '../../../streams/operations/sources/source.ts';
import { ids } from '../../../streams/operations/states.ts';
import { beginBatch, processBatch } from '../../../streams/processing/process-batch.ts';
import { createWorld, type World } from '../../support/world.ts';
import { createDeadlines } from '../detection/play-company.ts';

const LOOK_MS = 1_000;
const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Movements older than this are forgotten: no prediction reaches so far. */
const KEPT_MS = 25 * DAY_MS;

export type Row = Settled & { prediction: PredictionKind; subject: string };
type Change = { at: number; delta: number; isReceipt: boolean };
type Open = Predicted & { level: number };

/** @param settledAfterMs when late events have come */
export function openBook({ settledAfterMs = 6 * HOUR_MS } = {}) {
  const world: World = createWorld();
  const clock = createDeadlines();
  const changes = new Map<string, Change[]>();
  const waves = new Map<string, { due: number; inTime: number }>();
  const rows: Row[] = [];
  let open: Open[] = [];
  let seq = 0;
  let told = 0;

  function apply(event: Event): void {
    const batch = beginBatch(world.maps, seq);
    processBatch(batch, [event], 0, catalog);
    seq = batch.seq;
    for (const change of batch.draft.deadlines.values()) clock.set(change);
    for (const { effects } of batch.facts) {
      for (const { sku, from, to, quantity, at } of effects.movements) {
        if (from.node !== '' && from.place === 'sellable')
          note(`${sku}|${from.node}`, { at, delta: -quantity, isReceipt: false });
        if (to.node === '') continue;
        const isReceipt = from.place === 'supplier' || from.place === 'in-transit';
        if (to.place === 'sellable') note(`${sku}|${to.node}`, { at, delta: quantity, isReceipt });
        else if (isReceipt && to.place !== 'in-transit') note(`${sku}|${to.node}`, { at, delta: 0, isReceipt });
      }
      for (const { step, sign, at, node, shipBy } of effects.transitions) {
        if (step !== 'order-due' && step !== 'order-completed') continue;
        const wave = waves.get(`${node}|${shipBy}`) ?? { due: 0, inTime: 0 };
        waves.set(`${node}|${shipBy}`, wave);
        if (step === 'order-due') wave.due += sign;
        else if (at <= shipBy) wave.inTime += sign;
      }
    }
  }

  function note(subject: string, change: Change): void {
    const known = changes.get(subject);
    if (known === undefined) changes.set(subject, [change]);
    else known.push(change);
  }

  const live = (source: string, now: number) =>
    clockOf(world.get('source', source), world.get('workspace', ids.workspace)?.watermark ?? 0, now);

  /** Deadlines that go by up to a moment. */
  function passDeadlines(until: number): void {
    for (let at = clock.next(); at !== undefined && at <= until; at = clock.next()) {
      const look = Math.ceil(at / LOOK_MS) * LOOK_MS;
      for (const { source, kind, subject, due } of clock.take(at, (name) => live(name, look))) {
        const data = { kind, subject, due, clock: source };
        const event = { id: `deadline-${++told}`, source: OWN_SOURCE, type: 'deadline.passed', data } as const;
        apply({ ...event, occurredAt: due, observedAt: look, receivedAt: look });
      }
    }
  }

  function say(list: readonly Predicted[]): void {
    for (const one of list) open.push({ ...one, level: (one.inputs['available'] as number) ?? 0 });
  }

  function settle(now: number): void {
    const ripe = open.filter(({ horizon }) => horizon + settledAfterMs <= now);
    if (ripe.length === 0) return;
    open = open.filter(({ horizon }) => horizon + settledAfterMs > now);
    const settled = ripe.flatMap((one): Row[] => {
      const happened = outcomeOf(one);
      if (happened === null) return [];
      const { prediction, subject, at, horizon, probability, uncorrected, among } = one;
      return [{ prediction, subject, at, horizon, probability, uncorrected, among, happened }];
    });
    rows.push(...settled);
    for (const [prediction, list] of Map.groupBy(settled, (row) => row.prediction)) {
      const data = { prediction, at: now, horizon: now, rows: list };
      const times = { occurredAt: now, observedAt: now, receivedAt: now };
      apply({ id: `settled-${++told}`, source: OWN_SOURCE, type: 'prediction.settled', ...times, data } as Event);
    }
    for (const [id, list] of changes)
      if (list.length > 0 && list[0]!.at < now - 2 * KEPT_MS)
        changes.set(
          id,
          list.filter((change) => change.at > now - KEPT_MS),
        );
  }

  function outcomeOf({ prediction, subject, at, horizon, level }: Open): boolean | null {
    if (prediction === 'cut-off-miss') return missed(waves.get(subject));
    if (prediction === 'late-receipt') {
      const cut = subject.lastIndexOf('/');
      return cameLate(world.get('purchase-order', subject.slice(0, cut)), subject.slice(cut + 1), horizon);
    }
    let left = level;
    const list = (changes.get(subject) ?? []).filter((change) => change.at > at && change.at <= horizon);
    for (const { delta, isReceipt } of list.sort((a, b) => a.at - b.at)) {
      if (isReceipt) return false;
      left += delta;
      if (left <= 0) return true;
    }
    return false;
  }

  return { world, apply, passDeadlines, say, settle, rows, events: () => seq };
}

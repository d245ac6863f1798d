/**
 * Counts and assertions: what somebody says is there, compared with our figure as of the moment they speak of. A count,
 * or an assertion that the policy trusts, moves the difference to or from `unknown` at that moment; all others are drift.
 */
import type { Treatment } from '../../events/accuracy-policies.ts';
import type { Bucket } from '../../events/fields.ts';
import type { EventOf } from '../../events/index.ts';
import type { PolicyBody } from '../../events/policies.ts';
import type { Draft } from '../draft.ts';
import { policyOf } from '../policy.ts';
import { toleranceOf } from '../record-facts.ts';
import { ids, type Stock } from '../states.ts';
import { stepOfNoOrder } from '../step.ts';
import { onHand } from '../stock/on-hand.ts';
import { type Correction, type Effect, restateAfter } from '../stock/restate.ts';
import { at, move, outside, stockAt } from '../stock/stock.ts';
import type { Assertion, Count, Evidence } from './accuracy-state.ts';
import { beyond, type Measure, type Range, rangeAsOf } from './as-of.ts';
import { learnFrom } from './calibration.ts';
import { driftingSince, keepDrift } from './drift.ts';

/** Sources and measures whose last assertion is kept per stock record. */
export const ASSERTIONS_MAX = 16;

/** Our figure for what was counted or stated, as of a moment. */
export function figureAsOf(draft: Draft, stock: Stock, measure: Assertion['measure'], asOf: number): Range {
  const of: Measure = measure === 'available' ? 'sellable' : measure;
  const now = of === 'on-hand' ? onHand(stock) : stock[of];
  const range = rangeAsOf(stock.recent, stock.lastMovementAt, of, now, asOf);
  if (measure !== 'available') return range;
  const safety = draft.get('item', stock.sku)?.safetyStock ?? 0;
  return { low: range.low - safety, high: range.high - safety };
}

/** The bucket in which a difference is made good: what is not said of one bucket is taken to be for sale. */
export const bucketOf = (measure: Assertion['measure']): Bucket =>
  measure === 'available' || measure === 'on-hand' ? 'sellable' : measure;

/** An older count than the last of the same measure is in history and changes nothing. */
export function counted(draft: Draft, event: EventOf<'stock.counted'>): void {
  const { sku, node, bucket: measure, quantity } = event.data;
  const countedAt = event.data.countedAt ?? event.observedAt;
  const stock = stockAt(draft, sku, node);
  const last = stock.evidence.counts.find((known) => known.measure === measure);
  if (last !== undefined && countedAt < last.at) return;
  const figure = figureAsOf(draft, stock, measure, countedAt);
  const variance = beyond(quantity, figure);
  tellCounted(draft, stock, { quantity, variance, figure: figure.low, at: countedAt });
  if (answersRequest(measure)) learnFrom(draft, event, stock, variance);
  correct(draft, stock, measure, variance, 'count variance', countedAt);
  const count: Count = { measure, at: countedAt, quantity, variance };
  keepEvidence(draft, sku, node, (evidence) => ({
    ...evidence,
    statedAt: Math.max(evidence.statedAt, countedAt),
    counts: [...evidence.counts.filter((known) => known !== last), count].sort(byMeasure),
    countRequestedAt: answersRequest(measure) ? 0 : evidence.countRequestedAt,
  }));
}

/** Each count is a test of its record by itself: pluses never make up for minuses elsewhere. */
function tellCounted(
  draft: Draft,
  { sku, node }: Stock,
  { quantity, variance, figure, at: when }: { quantity: number; variance: number; figure: number; at: number },
): void {
  const { abc = 'C' } = draft.get('item', sku) ?? {};
  const beyondTolerance = Math.max(0, Math.abs(variance) - toleranceOf(figure, abc, policyOf(draft, 'accuracy')));
  draft.transition(
    stepOfNoOrder({ step: 'record-counted', at: when, sku, node, quantity, short: beyondTolerance, cause: abc }),
  );
}

const byMeasure = (a: { measure: string }, b: { measure: string }): number => (a.measure < b.measure ? -1 : 1);
/** A count of the shelf as a whole, or of what is for sale on it. */
const answersRequest = (measure: Assertion['measure']): boolean => measure === 'sellable' || measure === 'on-hand';

function keepEvidence(draft: Draft, sku: string, node: string, change: (evidence: Evidence) => Evidence): void {
  const id = ids.stock(sku, node);
  const stock = draft.get('stock', id)!;
  draft.put('stock', id, withSummary({ ...stock, evidence: change(stock.evidence) }), stock);
  draft.touch('stock', id);
}

/** What rules and pages ask of the counts at every turn. */
export function withSummary(stock: Stock): Stock {
  const { counts } = stock.evidence;
  const lastCountAt = counts.reduce(
    (newest, count) => (answersRequest(count.measure) ? Math.max(newest, count.at) : newest),
    0,
  );
  const countVariance = counts.reduce(
    (largest, { variance }) => (Math.abs(variance) > Math.abs(largest) ? variance : largest),
    0,
  );
  return { ...stock, lastCountAt, countVariance };
}

/** One source's word on one measure of one record. */
export type Statement = {
  source: string;
  sku: string;
  node: string;
  measure: Assertion['measure'];
  quantity: number;
  at: number;
  treat: Treatment;
};

export function asserted(draft: Draft, event: EventOf<'stock.asserted'>): void {
  const { sku, node, measure, quantity, policy } = event.data;
  const rules = policyOf(draft, 'assertion');
  const treat = policy ?? treatmentOf(rules, event.source, node, measure);
  state(draft, { source: event.source, sku, node, measure, quantity, at: event.observedAt, treat }, rules);
}

export function treatmentOf(
  { rules, otherwise }: PolicyBody<'assertion'>,
  source: string,
  node: string,
  measure: Assertion['measure'],
): Treatment {
  const rule = rules.find(
    (one) => (one.source ?? source) === source && (one.node ?? node) === node && (one.measure ?? measure) === measure,
  );
  return rule?.treat ?? otherwise;
}

/** Takes note of a statement, and of an authoritative one moves stock. One older than the source's last changes nothing. */
export function state(draft: Draft, statement: Statement, policy: PolicyBody<'assertion'>): void {
  const { source, sku, node, measure, quantity, treat, at: statedAt } = statement;
  if (treat === 'ignored') return;
  const stock = stockAt(draft, sku, node);
  const last = stock.assertions.find((known) => known.source === source && known.measure === measure);
  if (last !== undefined && statedAt < last.at) return;
  const figure = figureAsOf(draft, stock, measure, statedAt);
  const drift = beyond(quantity, figure);
  const authoritative = treat === 'authoritative';
  if (authoritative) correct(draft, stock, measure, drift, `stated by ${source}`, statedAt);
  const since = authoritative ? 0 : driftingSince(last, drift, figure.low, statedAt, policy);
  const assertion: Assertion = { source, measure, quantity, at: statedAt, drift, since, authoritative };
  keepDrift(draft, last, assertion);
  const id = ids.stock(sku, node);
  const now = draft.get('stock', id)!;
  const others = now.assertions.filter((known) => known.source !== source || known.measure !== measure);
  const evidence = { ...now.evidence, statedAt: Math.max(now.evidence.statedAt, statedAt) };
  draft.put('stock', id, { ...now, evidence, assertions: bounded(draft, [...others, assertion]) }, now);
  draft.touch('stock', id);
}

/** The least recent statement falls out; what it said is no longer part of its source's drift. */
function bounded(draft: Draft, assertions: Assertion[]): Assertion[] {
  if (assertions.length > ASSERTIONS_MAX) {
    const oldest = assertions.reduce((a, b) => (b.at < a.at || (b.at === a.at && b.source < a.source) ? b : a));
    keepDrift(draft, oldest, undefined);
    return bounded(
      draft,
      assertions.filter((known) => known !== oldest),
    );
  }
  return assertions.sort((a, b) => (a.source === b.source ? byMeasure(a, b) : a.source < b.source ? -1 : 1));
}

/** Books a difference at the moment it was found; whoever has stated something of a later moment already knew of it. */
function correct(
  draft: Draft,
  stock: Stock,
  measure: Assertion['measure'],
  variance: number,
  reason: string,
  when: number,
): void {
  if (variance === 0) return;
  const { sku, node } = stock;
  const bucket = bucketOf(measure);
  book(draft, sku, node, { bucket, units: variance, at: when, takenBack: 0 }, reason);
  if (when < stock.evidence.statedAt)
    restate(draft, sku, node, { bucket, delta: variance, crossing: bucket !== 'in-transit' }, when);
}

function book(draft: Draft, sku: string, node: string, correction: Correction, reason: string): void {
  const { bucket, units, at: when, takenBack } = correction;
  const [from, to] = units > 0 ? [outside('unknown'), at(node, bucket)] : [at(node, bucket), outside('unknown')];
  move(draft, { sku, from, to, quantity: Math.abs(units), reason, at: when, neverLate: true, takenBack });
}

/**
 * Sets right what later counts and assertions had found, after movements from before them became known. Called once
 * the event has been applied.
 */
export function settleLate(draft: Draft): void {
  const late = draft.late;
  draft.late = [];
  for (const { sku, node, at: when, ...effect } of late) restate(draft, sku, node, effect, when);
}

function restate(draft: Draft, sku: string, node: string, effect: Effect, when: number): void {
  const id = ids.stock(sku, node);
  const policy = policyOf(draft, 'assertion');
  const { corrections, counts, assertions } = restateAfter(draft.get('stock', id)!, effect, when);
  for (const correction of corrections) book(draft, sku, node, correction, 'known before it was reported');
  const now = draft.get('stock', id)!;
  const judged = assertions.map((known): Assertion => {
    if (known.at <= when || known.authoritative) return known;
    const figure = figureAsOf(draft, now, known.measure, known.at);
    const drift = beyond(known.quantity, figure);
    if (drift === known.drift) return known;
    const changed = { ...known, drift, since: driftingSince(known, drift, figure.low, known.at, policy) };
    keepDrift(draft, known, changed);
    return changed;
  });
  draft.put('stock', id, withSummary({ ...now, assertions: judged, evidence: { ...now.evidence, counts } }), now);
  draft.touch('stock', id);
}

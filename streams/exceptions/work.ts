/** What people do about exceptions, and the exceptions that detectors raise. */
import type { EventOf } from '../events/index.ts';
import { type Draft, Refused } from '../operations/draft.ts';
import { ids, type OpenException } from '../operations/states.ts';
import { changeOf, close, open, update } from './judge.ts';
import type { Finding } from './rule.ts';

/** Comments kept on an open exception; history keeps all of them. */
const COMMENTS_MAX = 50;

function work(draft: Draft, id: string, change: (known: OpenException) => OpenException): OpenException {
  const known = draft.get('exception', id);
  if (known === undefined) throw new Refused(`exception ${id} is not open any more`);
  const changed = change(known);
  draft.put('exception', id, changed);
  return changed;
}

/** Work events name an exception by `kind:subject`, which stays the same while its number is only for reading. */
export function acknowledged(draft: Draft, event: EventOf<'exception.acknowledged'>): void {
  const { exception, by } = event.data;
  const changed = work(draft, exception, (known) => ({ ...known, acknowledgedBy: by, updatedAt: event.occurredAt }));
  draft.exceptionChange(changeOf(changed, 'acknowledged', event.occurredAt, by));
}

export function assigned(draft: Draft, event: EventOf<'exception.assigned'>): void {
  const { exception, to, by } = event.data;
  const changed = work(draft, exception, (known) => ({ ...known, assignee: to, updatedAt: event.occurredAt }));
  draft.exceptionChange(changeOf(changed, 'assigned', event.occurredAt, by));
}

export function commented(draft: Draft, event: EventOf<'exception.commented'>): void {
  const { exception, by, comment } = event.data;
  const entry = { by, at: event.occurredAt, comment };
  const changed = work(draft, exception, (known) => ({
    ...known,
    comments: [...known.comments, entry].slice(-COMMENTS_MAX),
    updatedAt: event.occurredAt,
  }));
  draft.exceptionChange(changeOf(changed, 'commented', event.occurredAt, by));
}

const ANOMALY = 'kpi-anomaly';
const LOOK_WITHIN_MS = 3_600_000;

/** An anomaly of a KPI is pushed like any other exception. */
export function anomalyDetected(draft: Draft, event: EventOf<'anomaly.detected'>): void {
  const { kpi, channel, node, at, value, low, expected, high, score } = event.data;
  const subject = [kpi, channel ?? '', node ?? ''].join('/');
  const below = value < low;
  const finding: Finding = {
    title: `${kpi} ${below ? 'below' : 'above'} its expected band`,
    detail: `${channel ?? node ?? 'whole workspace'}: ${round(value)} a minute, expected ${round(low)} to ${round(high)}`,
    severity: below ? 'high' : 'medium',
    deadline: at + LOOK_WITHIN_MS,
    moneyAtRisk: 0,
    formula: 'not priced yet: see the orders it holds back',
    inputs: { value: round(value), low: round(low), expected: round(expected), high: round(high), score: round(score) },
    advice: below
      ? 'Check the channel and its source first; then prices, stock and the shop itself.'
      : 'Check stock cover and promise dates.',
    ...(channel === undefined ? {} : { channel }),
    ...(node === undefined ? {} : { node }),
  };
  const known = draft.get('exception', ids.exception(ANOMALY, subject));
  if (known === undefined) open(draft, ANOMALY, subject, finding, at);
  else update(draft, ANOMALY, subject, finding, at);
}

export function anomalyCleared(draft: Draft, event: EventOf<'anomaly.cleared'>): void {
  const { kpi, channel, node, at } = event.data;
  close(draft, ANOMALY, [kpi, channel ?? '', node ?? ''].join('/'), at);
}

const round = (value: number): number => Math.round(value * 100) / 100;

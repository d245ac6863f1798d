/** Sources: how fresh each one is, and whether it has fallen silent. */
import type { Event, EventOf } from '../../events/index.ts';
import type { Draft } from '../draft.ts';
import { workspaceOf } from '../master-data.ts';
import { ids, type Source } from '../states.ts';
import { aheadAfter, newQuality, slotOver, watchVolume } from './source-quality.ts';
import { noteUnknown } from './unknown-values.ts';

/** An event this much older than its arrival comes from a replay or a catch-up, not from live business. */
export const LIVE_LAG_MAX_MS = 15 * 60_000;
/** The deadline for silence moves only in steps, so that a busy source does not rewrite it with every event. */
const SILENCE_STEP_MS = 10_000;
/** Our own events (deadlines, detectors, people) come under this name and are not a feed. */
export const OWN_SOURCE = 'tideline';

const newSource = (source: string, now: number): Source => ({
  source,
  name: source,
  kind: 'channel',
  channel: '',
  node: '',
  silentAfterMinutes: 15,
  riskPerMinute: 0,
  definedAt: 0,
  version: 0,
  events: 0,
  firstReceivedAt: now,
  lastReceivedAt: 0,
  lastOccurredAt: 0,
  watermark: 0,
  silentDue: 0,
  silentSince: 0,
  deadLetters: 0,
  orders: 0,
  orderAmount: 0,
  firstOccurredAt: 0,
  ...newQuality,
  openExceptions: [],
});

const sourceOf = (draft: Draft, source: string): Source => draft.get('source', source) ?? newSource(source, draft.now);

function keep(draft: Draft, source: Source): void {
  draft.put('source', source.source, source);
  draft.touch('source', source.source);
}

/** Notes an arrival: freshness, watermark, and the moment from which silence would be worrying. */
export function heardFrom(draft: Draft, event: Event): void {
  if (event.source === OWN_SOURCE) return;
  const source = sourceOf(draft, event.source);
  const watermark = Math.max(source.watermark, event.occurredAt);
  const live = event.receivedAt - event.occurredAt <= LIVE_LAG_MAX_MS;
  const silentDue = live && source.kind !== 'replay' ? event.receivedAt + source.silentAfterMinutes * 60_000 : 0;
  const moved = Math.abs(silentDue - source.silentDue) >= SILENCE_STEP_MS;
  if (moved && silentDue > 0) draft.setDeadline(event.source, 'source-silent', event.source, silentDue);
  else if (moved) draft.clearDeadline(event.source, 'source-silent', event.source);
  const ahead = aheadAfter(source, event);
  const watched = live && source.kind !== 'replay';
  const heard: Source = {
    ...source,
    ...(ahead === source ? {} : ahead),
    liveEvents: source.liveEvents + (live ? 1 : 0),
    slotDue: watched && source.slotDue === 0 ? watchVolume(draft, event) : source.slotDue,
    events: source.events + 1,
    lastReceivedAt: Math.max(source.lastReceivedAt, event.receivedAt),
    lastOccurredAt: event.occurredAt,
    firstOccurredAt: source.events === 0 ? event.occurredAt : Math.min(source.firstOccurredAt, event.occurredAt),
    orders: source.orders + (event.type === 'order.placed' ? 1 : 0),
    orderAmount: source.orderAmount + worthOf(event),
    watermark,
    silentDue: moved ? silentDue : source.silentDue,
    silentSince: 0,
  };
  draft.put('source', event.source, heard);
  if (source.silentSince > 0 || ahead.aheadMs !== source.aheadMs) draft.touch('source', event.source);
  const workspace = workspaceOf(draft);
  if (watermark > workspace.watermark) draft.put('workspace', ids.workspace, { ...workspace, watermark });
}

/** Notes on the source what an event that was applied names and nobody has defined. */
export function noteNamed(draft: Draft, event: Event): void {
  if (event.source === OWN_SOURCE) return;
  const source = draft.get('source', event.source)!;
  const noted = noteUnknown(draft, source, event);
  if (noted !== source) draft.put('source', event.source, noted);
}

const worthOf = (event: Event): number =>
  event.type === 'order.placed'
    ? event.data.lines.reduce((sum, line) => sum + (line.amount ?? line.quantity * line.unitPrice), 0)
    : 0;

export function sourceDefined(draft: Draft, event: EventOf<'source.defined'>): void {
  const { source: name, channel = '', node = '', ...data } = event.data;
  const known = sourceOf(draft, name);
  if (event.occurredAt < known.definedAt) return;
  keep(draft, { ...known, ...data, channel, node, definedAt: event.occurredAt, version: known.version + 1 });
}

export function deliveryRejected(draft: Draft, event: EventOf<'delivery.rejected'>): void {
  const source = sourceOf(draft, event.data.source);
  keep(draft, { ...source, deadLetters: source.deadLetters + 1 });
}

export function deliverySettled(draft: Draft, event: EventOf<'delivery.settled'>): void {
  const source = sourceOf(draft, event.data.source);
  keep(draft, { ...source, deadLetters: Math.max(0, source.deadLetters - 1) });
}

export function silenceDue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const source = draft.get('source', event.data.subject);
  // It has been heard from since, so the deadline has moved and this one is void.
  if (source === undefined || source.silentDue === 0 || source.silentDue > event.data.due) return;
  draft.clearDeadline(event.data.clock, 'source-silent', event.data.subject);
  keep(draft, { ...source, silentDue: 0, silentSince: source.lastReceivedAt });
}

/** A quarter of an hour is over: its events are counted against what is usual. */
export function slotDue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const source = draft.get('source', event.data.subject);
  const after = source && slotOver(draft, source, event, workspaceOf(draft).timeZone);
  if (after !== undefined && after !== null) keep(draft, after);
}

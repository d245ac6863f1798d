/**
 * Who is told of what now. It compares what stands with what was told, and so needs no memory of changes: whatever was
 * missed while nothing ran, held back or given up is found again the next time. Pure.
 */

import { severities } from '../../../streams/events/exception-words.ts';
import type { Amount } from '../../../streams/exceptions/work-machine.ts';
import type { OpenException } from '../../../streams/operations/states.ts';
import { written } from '../../reports/content.ts';
import { type AlertMessage, DIGEST_ITEMS_MAX, type MessageItem } from '../message.ts';
import { quietUntil } from '../routing/quiet-hours.ts';
import { type Directory, keepsIncidents, type Target } from '../routing/resolve-recipients.ts';
import { ALERTS_MAX, type AlertRecord } from './alert-record.ts';
import { type Cause, causesOf, holds, type Standing } from './causes.ts';
import { itemOf } from './item-of.ts';
import { nothingSent, type Sent, spend } from './spend.ts';
import { type AlertPolicy, type TellDeps, tellCalling } from './tell-calling.ts';
import { tellSilent } from './tell-silent.ts';
import type { Want } from './want.ts';

const CLOSINGS_LISTED_MAX = 500;

/** What is known of what was told. */
export type Book = {
  alerts: ReadonlyMap<string, AlertRecord>;
  sent: ReadonlyMap<Target, Sent>;
  /** The number of the last message. */
  seq: number;
};
/** What there is now. */
export type Seen = {
  now: number;
  standing: Standing;
  policy: AlertPolicy;
  directory: Directory;
  workspace: { name: string; timeZone: string; currency: string };
  urlOf: (number: string) => string;
  /** How many messages each target has not taken yet. */
  queued: ReadonlyMap<Target, number>;
  /** The id of a message by its number: receivers tell repeats by it. */
  idOf: (seq: number) => string;
};
export type NewMessage = { seq: number; target: Target; message: AlertMessage; exceptions: string[] };
export type Turn = {
  book: Book;
  /** Alerts that changed; null: it is gone. */
  changed: Map<string, AlertRecord | null>;
  messages: NewMessage[];
};

export function whoIsTold(book: Book, seen: Seen): Turn {
  const causes = causesOf(seen.standing);
  const numbered = new Map([...seen.standing.values()].map((exception) => [exception.id, exception]));
  const deps = depsOf(book, seen, numbered);
  const alerts = new Map<string, AlertRecord>();
  const wants: Want[] = [];
  const keep = (told: { record: AlertRecord; wants: Want[] } | null) => {
    if (told === null) return;
    alerts.set(told.record.key, told.record);
    wants.push(...told.wants);
  };
  for (const [key, record] of book.alerts) {
    const cause = causes.get(key);
    if (cause === undefined) keep(tellSilent(record, numbered, deps));
    else keep(tellCalling(record, cause, itemOf(cause, seen.urlOf), deps));
  }
  for (const cause of newOnes(causes, book, alerts.size)) {
    if (alerts.size < ALERTS_MAX) keep(tellCalling(null, cause, itemOf(cause, seen.urlOf), deps));
  }
  const { sent, messages } = tell(alerts, wants, book, seen);
  for (const [key, record] of alerts) {
    if (record.endedAt > 0 && Object.keys(record.told).length === 0) alerts.delete(key);
    else if (causes.has(key) || record.endedAt > 0) alerts.set(key, { ...record, state: stateOf(record) });
  }
  return {
    book: { alerts, sent, seq: book.seq + messages.length },
    changed: changes(book.alerts, alerts),
    messages,
  };
}

/** The worst first, so that they have room. */
function newOnes(causes: ReadonlyMap<string, Cause>, { alerts }: Book, known: number): Cause[] {
  const fresh = [...causes.values()].filter(({ key }) => !alerts.has(key));
  return known + fresh.length <= ALERTS_MAX ? fresh : fresh.sort((a, b) => compareAmounts(a, b, a.key, b.key));
}

function depsOf({ alerts }: Book, seen: Seen, numbered: ReadonlyMap<string, OpenException>): TellDeps {
  const { now, policy, directory, workspace } = seen;
  const quiet = new Map(policy.quietHours.map((one) => [one.name, quietUntil(one, now, workspace.timeZone)]));
  const knowing = new Map<string, Set<Target>>();
  for (const { members, told } of alerts.values()) {
    const targets = Object.keys(told).filter((target) => told[target]!.again !== true);
    for (const number of targets.length === 0 ? [] : members) {
      const known = knowing.get(number);
      if (known === undefined) knowing.set(number, new Set(targets));
      else for (const target of targets) known.add(target);
    }
  }
  return {
    now,
    policy,
    directory,
    quietUntil: (name) => quiet.get(name) ?? null,
    knowsOf: (target, number) => knowing.get(number)?.has(target) === true,
    holding: new Map([...numbered].filter(([, exception]) => holds(exception))),
    written: ({ severity, moneyAtRisk }) => {
      const money = moneyAtRisk === 0 ? '' : `, ${written(moneyAtRisk, 'money', workspace.currency)}`;
      return `${severity}${money}`;
    },
  };
}

/** Makes messages of what is wanted, and writes down in the alerts who was told by which. */
function tell(alerts: Map<string, AlertRecord>, wants: readonly Want[], book: Book, seen: Seen) {
  const messages: NewMessage[] = [];
  const sent = new Map<Target, Sent>();
  const waiting = new Map<string, AlertRecord['waiting']>();
  const held = new Map<string, Target[]>();
  const amountOf = ({ key, target, kind }: Want): Amount => {
    const { item, moneyAtRisk, told } = alerts.get(key)!;
    return kind === 'ended' ? told[target]! : { severity: item.severity, moneyAtRisk };
  };
  for (const [target, those] of [...Map.groupBy(wants, (want) => want.target)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const urgent = those.sort((a, b) => compareAmounts(amountOf(a), amountOf(b), a.key, b.key));
    const spent = spend(urgent, book.sent.get(target) ?? nothingSent, seen.policy.digest, {
      queued: seen.queued.get(target) ?? 0,
      now: seen.now,
    });
    sent.set(target, spent.sent);
    for (const { want, from, why } of spent.waiting) {
      push(waiting, want.key, { target, kind: want.kind, from, why });
      // What still waits for a digest after the night is told with what the night held back.
      if (want.heldUntil !== null || want.afterQuiet) push(held, want.key, target);
    }
    for (const { wants: told, note } of spent.messages) {
      const seq = book.seq + messages.length + 1;
      messages.push(messageOf(told, note, seq, target));
      for (const want of told) alerts.set(want.key, afterTelling(alerts.get(want.key)!, want, seq));
    }
  }
  for (const [key, record] of alerts) {
    alerts.set(key, { ...record, waiting: waiting.get(key) ?? [], held: held.get(key) ?? [] });
  }
  // Windows that have passed hold nothing back any more.
  const windowMs = seen.policy.digest.withinMinutes * 60_000;
  for (const [target, before] of book.sent) {
    const isPast = before.digestAt <= seen.now - windowMs && before.singles.every((at) => at <= seen.now - windowMs);
    if (!sent.has(target) && !isPast) sent.set(target, before);
  }
  return { sent, messages };

  function messageOf(told: readonly Want[], note: string, seq: number, target: Target): NewMessage {
    const items = told.map(({ key, kind }): MessageItem => ({ kind, ...alerts.get(key)!.item }));
    const message: AlertMessage = {
      id: seen.idOf(seq),
      kind: told.length === 1 ? told[0]!.kind : 'digest',
      at: seen.now,
      workspace: seen.workspace.name,
      timeZone: seen.workspace.timeZone,
      items: listed(items, keepsIncidents(target, seen.directory)),
      count: items.length,
      note,
    };
    return { seq, target, message, exceptions: items.map(({ number }) => number) };
  }
  function afterTelling(record: AlertRecord, { target, kind }: Want, seq: number): AlertRecord {
    const { [target]: last, ...others } = record.told;
    if (kind === 'ended') return { ...record, told: others };
    const { severity } = record.item;
    const now = { at: seen.now, kind, delivery: seen.idOf(seq), attended: record.attendedBy !== '' };
    // Who hears that somebody is at it was not told anew how bad it is.
    const amount = kind === 'acknowledged' ? last! : { severity, moneyAtRisk: record.moneyAtRisk };
    return {
      ...record,
      begunAt: record.begunAt || seen.now,
      woken: record.woken.filter((one) => one !== target),
      told: { ...others, [target]: { severity: amount.severity, moneyAtRisk: amount.moneyAtRisk, ...now } },
    };
  }
}

/** People read some; who keeps incidents of its own must hear of every one that is over. */
function listed(items: readonly MessageItem[], ofIncidents: boolean): MessageItem[] {
  if (!ofIncidents) return items.slice(0, DIGEST_ITEMS_MAX);
  const isClosing = ({ kind }: MessageItem) => kind === 'ended' || kind === 'acknowledged';
  const open = items.filter((item) => !isClosing(item)).slice(0, DIGEST_ITEMS_MAX);
  return [...open, ...items.filter(isClosing).slice(0, CLOSINGS_LISTED_MAX)];
}

function push<T>(lists: Map<string, T[]>, key: string, entry: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [entry]);
  else list.push(entry);
}

function stateOf({ endedAt, attendedBy, told, waiting, held }: AlertRecord): AlertRecord['state'] {
  if (endedAt > 0) return 'ended';
  if (attendedBy !== '') return 'attended';
  if (Object.keys(told).length > 0) return 'told';
  if (waiting.length === 0) return 'unreachable';
  return held.length > 0 ? 'held' : 'collected';
}

/** The worst first; then a name, so that the order is the same every time. */
function compareAmounts(a: Amount, b: Amount, nameA: string, nameB: string): number {
  const worse = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return worse || b.moneyAtRisk - a.moneyAtRisk || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0);
}

function changes(before: ReadonlyMap<string, AlertRecord>, after: ReadonlyMap<string, AlertRecord>) {
  const changed = new Map<string, AlertRecord | null>();
  for (const [key, record] of after) {
    const known = before.get(key);
    if (known === undefined || JSON.stringify(known) !== JSON.stringify(record)) changed.set(key, record);
  }
  for (const key of before.keys()) if (!after.has(key)) changed.set(key, null);
  return changed;
}

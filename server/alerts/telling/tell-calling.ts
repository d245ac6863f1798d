/** Who should be told of a cause that calls for somebody, given who was told before. Pure. */
import type { AlertRoute } from '../../../streams/events/alert-policies.ts';
import type { PolicyBody } from '../../../streams/events/policies.ts';
import { areaOf } from '../../../streams/exceptions/shown.ts';
import { type Amount, isWorse } from '../../../streams/exceptions/work-machine.ts';
import type { OpenException } from '../../../streams/operations/states.ts';
import type { MessageItem } from '../message.ts';
import { findRoute, type Routed } from '../routing/find-route.ts';
import { breaksQuiet } from '../routing/quiet-hours.ts';
import {
  type Directory,
  isReachable,
  keepsIncidents,
  personTarget,
  resolveRecipients,
  type Target,
} from '../routing/resolve-recipients.ts';
import { type AlertRecord, MEMBERS_KEPT_MAX, type Told } from './alert-record.ts';
import { type Cause, settledAt } from './causes.ts';
import { assignedNote, calledBack, knownBefore } from './known-before.ts';
import type { Want } from './want.ts';

const MINUTE_MS = 60_000;
const silentStates: ReadonlySet<AlertRecord['state']> = new Set(['asleep', 'beneath', 'ended']);

export type AlertPolicy = PolicyBody<'alerts'>;
export type TellDeps = {
  now: number;
  policy: AlertPolicy;
  directory: Directory;
  /** When the quiet hours of that name end; null: it is not quiet. */
  quietUntil(name: string): number | null;
  /** Whether a target knows of an exception, by its number, from any alert. */
  knowsOf(target: Target, number: string): boolean;
  /** Exceptions that are not over, by number. */
  holding: ReadonlyMap<string, OpenException>;
  /** An amount in the words of a note. */
  written(amount: Amount): string;
};

export const routedOf = ({ lead, severity, moneyAtRisk }: Cause): Routed => {
  const { kind, owner, node, channel } = lead;
  return { kind, area: areaOf(kind), owner, node, channel, severity, moneyAtRisk };
};

/**
 * @param known null: there is no alert of it yet
 * @returns null: no route fits, and nobody knows of it
 */
export function tellCalling(
  known: AlertRecord | null,
  cause: Cause,
  item: MessageItem,
  deps: TellDeps,
): { record: AlertRecord; wants: Want[] } | null {
  const { now, policy, directory } = deps;
  const route = policy.on ? findRoute(policy.routes, routedOf(cause)).route : null;
  if (known === null && (route === null || (route.to.length === 0 && route.escalate.length === 0))) return null;
  // Of a clock that runs ahead nobody knows how long it has stood.
  const hasBegun = cause.members.some(({ openedAt }) => openedAt <= now);
  if (known === null && hasBegun && now < settledAt(cause, policy.settleMinutes)) return null;
  const record = seenAgain(known, cause, item, route, deps);
  if (route === null) return { record: { ...record, unreachable: [], escalates: null, woken: [] }, wants: [] };

  const { lead, attendedBy } = cause;
  const resolved = (recipients: readonly string[]) => resolveRecipients(recipients, lead, policy.owners, directory);
  const primary = resolved(route.to);
  const unreachable = [...primary.unreachable];
  const told: Record<Target, Told> = {};
  for (const [target, last] of Object.entries(record.told)) {
    told[target] = attendedBy === '' && last.attended ? { ...last, attended: false } : last;
  }
  const wanted = new Map<Target, string>();
  const want = (target: Target, note: string) => {
    if (wanted.has(target)) return;
    wanted.set(target, note);
    if (!isNews(told[target])) return;
    const before = knownBefore(target, cause, now, deps.knowsOf);
    if (before !== null) told[target] = before;
  };
  for (const { target } of primary.told) want(target, '');
  // Where there is nobody to tell, or they all know, the time for the next ones runs as if they had been told.
  const isKnown = primary.told.every(({ target }) => !isNews(told[target]));
  const begun = record.begunAt || (isKnown ? record.wantedAt : 0);
  const steps = stepsOf(route, begun);
  for (const { at, afterMinutes, to } of attendedBy === '' ? steps : []) {
    if (at > now) break;
    const others = resolved(to);
    unreachable.push(...others.unreachable);
    for (const { target } of others.told) want(target, `nobody has acted for ${afterMinutes} minutes`);
  }
  const awake = cause.members.filter(({ id }) => known?.asleep.includes(id) === true);
  const back = awake.length > 0 ? calledBack(wanted.keys(), cause, awake, directory.people) : record.woken;
  const woken = back.filter((target) => isReachable(target, directory));
  const wants: Want[] = [];
  for (const [target, note] of wanted) {
    if (!isNews(told[target]) || woken.includes(target)) continue;
    if (attendedBy !== '' && personTarget(lead.assignee ?? '') !== target) continue;
    wants.push(wantOf(target, note === '' ? 'opened' : 'still', note || assignedNote(target, lead)));
  }
  for (const target of new Set([...Object.keys(told), ...woken])) {
    const again = isReachable(target, directory) ? wantAgain(target, told[target]) : null;
    if (again !== null) wants.push(again);
  }

  function wantAgain(target: Target, last: Told | undefined): Want | null {
    if (last?.again) return null;
    if (last !== undefined && isWorse(last, cause, policy.againWhenWorsePercent)) {
      return wantOf(target, 'worse', `${deps.written(cause)}, after ${deps.written(last)}`);
    }
    if (woken.includes(target)) return wantOf(target, 'still', 'its snooze is over');
    if (attendedBy === '' || last === undefined || last.attended || last.delivery === '') return null;
    return keepsIncidents(target, directory) ? wantOf(target, 'acknowledged', `${attendedBy} is at it`) : null;
  }
  function wantOf(target: Target, kind: Want['kind'], note: string): Want {
    const quiet = policy.quietHours.find(({ name }) => name === route?.quietHours);
    const until = quiet === undefined ? null : deps.quietUntil(quiet.name);
    // Who keeps books of who is at what is not disturbed by it.
    const isHeld = until !== null && kind !== 'acknowledged' && breaksQuiet(quiet!, cause) === null;
    const afterQuiet = !isHeld && record.held.includes(target);
    return {
      target,
      key: cause.key,
      kind,
      note,
      heldUntil: isHeld ? until : null,
      heldBy: quiet?.name ?? '',
      afterQuiet,
    };
  }
  const next = attendedBy === '' && begun > 0 ? steps.find(({ at }) => at > now) : undefined;
  const escalates = next === undefined ? null : { at: next.at, to: next.to };
  return { record: { ...record, told, woken, unreachable, escalates }, wants };
}

function toldAgain(told: AlertRecord['told']): AlertRecord['told'] {
  const spoken = Object.entries(told).filter(([, { delivery }]) => delivery !== '');
  return Object.fromEntries(spoken.map(([target, last]) => [target, { ...last, again: true }]));
}

const isNews = (last: Told | undefined): boolean => last === undefined || last.again === true;

/** The cause ended and came again, or has only now been found: those who were told of what there was before are told anew. */
const isAnother = (known: AlertRecord | null, { lead, isHeaded }: Cause): boolean =>
  known !== null && isHeaded && known.item.number !== lead.id && !known.members.includes(lead.id);

/** @param begun 0: nobody has been told yet, and no time runs */
const stepsOf = ({ escalate }: AlertRoute, begun: number) =>
  (begun === 0 ? [] : escalate)
    .map((step) => ({ ...step, at: begun + step.afterMinutes * MINUTE_MS }))
    .sort((a, b) => a.at - b.at);

function seenAgain(
  known: AlertRecord | null,
  cause: Cause,
  item: MessageItem,
  route: AlertRoute | null,
  { now, holding }: TellDeps,
): AlertRecord {
  const { key, lead, members, beneath, moneyAtRisk, attendedBy } = cause;
  const isAgain = isAnother(known, cause);
  const before = known?.members.filter((number) => holding.has(number)) ?? [];
  const numbers = [...new Set([...before, ...members.map(({ id }) => id)])].slice(0, MEMBERS_KEPT_MAX);
  return {
    told: {},
    held: [],
    woken: [],
    wantedAt: now,
    begunAt: 0,
    waiting: [],
    unreachable: [],
    escalates: null,
    state: 'collected',
    ...known,
    key,
    item,
    currency: lead.currency,
    moneyAtRisk,
    members: numbers,
    exceptions: members.length,
    beneath,
    asleep: numbers.filter((number) => holding.get(number)?.work === 'snoozed'),
    route: route?.name ?? '',
    tellEnd: route?.tellEnd ?? known?.tellEnd ?? false,
    quietHours: route?.quietHours ?? '',
    attendedBy,
    endedAt: 0,
    endNote: '',
    // The time in which it called for nobody is nobody's failure to act.
    ...(known !== null && silentStates.has(known.state) ? { wantedAt: now, begunAt: known.begunAt && now } : {}),
    ...(isAgain ? { wantedAt: now, begunAt: 0, told: toldAgain(known!.told) } : {}),
  };
}

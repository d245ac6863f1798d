/** Who would be told of an exception, when and why. Pure. */
import type { QuietHours } from '../../streams/events/alert-policies.ts';
import { nameOf } from '../../streams/exceptions/inhibition.ts';
import { areaOf, askInhibitor } from '../../streams/exceptions/shown.ts';
import { isSettled } from '../../streams/exceptions/work-machine.ts';
import type { OpenException } from '../../streams/operations/states.ts';
import type { AlertPreview } from '../http/contract/alerts.ts';
import { findRoute } from './routing/find-route.ts';
import { breaksQuiet, quietUntil } from './routing/quiet-hours.ts';
import { type Directory, personTarget, type Resolved, resolveRecipients } from './routing/resolve-recipients.ts';
import type { AlertRecord } from './telling/alert-record.ts';
import { type Cause, causeOf, causesOf, type Standing, settledAt } from './telling/causes.ts';
import { knownBefore } from './telling/known-before.ts';
import { type AlertPolicy, routedOf } from './telling/tell-calling.ts';

const MINUTE_MS = 60_000;

export type PreviewDeps = {
  /** Epoch ms. */
  at: number;
  policy: AlertPolicy;
  directory: Directory;
  /** What stands; without it, the exception is looked at alone. */
  standing: Standing;
  alerts: ReadonlyMap<string, AlertRecord>;
  timeZone: string;
};

export function previewOf(exception: OpenException, deps: PreviewDeps): AlertPreview {
  const { policy, directory, at, timeZone } = deps;
  const cause = causeAround(exception, deps.standing);
  const { lead, severity, moneyAtRisk, members } = cause;
  const { route, passed } = findRoute(policy.routes, routedOf(cause));
  const record = deps.alerts.get(cause.key) ?? null;
  const quiet = policy.quietHours.find(({ name }) => name === route?.quietHours);
  const resolved = (recipients: readonly string[]) => resolveRecipients(recipients, lead, policy.owners, directory);
  const primary = resolved(route?.to ?? []);
  const told = primary.told.map((one) => toldOf(one, at));
  const begun = record?.begunAt || Math.min(...told.map(({ from, when }) => (when === 'knows' ? at : from)), Infinity);
  const steps = (route?.escalate ?? []).toSorted((a, b) => a.afterMinutes - b.afterMinutes);
  const escalations = steps.map(({ afterMinutes, to }) => {
    const others = resolved(to);
    const from = Math.max(at, (Number.isFinite(begun) ? begun : at) + afterMinutes * MINUTE_MS);
    return {
      afterMinutes,
      told: others.told.map((one) => toldOf(one, from)),
      unreachable: others.unreachable,
    };
  });
  const until = quiet === undefined ? null : quietUntil(quiet, at, timeZone);
  return {
    number: exception.id,
    title: exception.title,
    area: areaOf(exception.kind) ?? null,
    severity,
    moneyAtRisk,
    currency: exception.currency,
    owner: exception.owner,
    silent: silentBecause(exception, deps),
    cause:
      members.length > 1 || cause.key !== nameOf(exception) ? { key: cause.key, exceptions: members.length } : null,
    route: route?.name ?? null,
    passed,
    quietHours: until === null ? null : { name: quiet!.name, until, broken: breaksQuiet(quiet!, cause) },
    told,
    unreachable: primary.unreachable,
    escalations,
    tellEnd: route?.tellEnd ?? false,
  };

  function toldOf({ recipient, target, name }: Resolved['told'][number], from: number): AlertPreview['told'][number] {
    const whom = { recipient, target, name };
    const last = record?.told[target];
    if (last !== undefined && last.again !== true) {
      return {
        ...whom,
        when: 'knows',
        from: last.at,
        why: last.delivery === '' ? 'knows of it' : `was told: ${last.kind}`,
      };
    }
    const knowsOf = (to: string, number: string) =>
      [...deps.alerts.values()].some((other) => other.told[to] !== undefined && other.members.includes(number));
    if (knownBefore(target, cause, at, knowsOf) !== null)
      return { ...whom, when: 'knows', from: at, why: 'knows of it' };
    if (cause.attendedBy !== '' && target !== personTarget(lead.assignee ?? '')) {
      return { ...whom, when: 'attended', from: at, why: `${cause.attendedBy} is at it` };
    }
    const settled = settledAt(cause, policy.settleMinutes);
    const settles = `once it has stood for ${policy.settleMinutes} minutes`;
    if (record === null && settled > from) return { ...whom, when: 'later', from: settled, why: settles };
    const held = heldUntil(quiet, cause, from, timeZone);
    if (held !== null) return { ...whom, when: 'later', from: held, why: `quiet hours: ${quiet!.name}` };
    const waits = record?.waiting.find((one) => one.target === target);
    if (waits !== undefined) return { ...whom, when: 'later', from: Math.max(at, waits.from), why: waits.why };
    return { ...whom, when: from > at ? 'later' : 'now', from, why: reasonOf(recipient, lead) };
  }
}

function heldUntil(quiet: QuietHours | undefined, cause: Cause, at: number, timeZone: string): number | null {
  if (quiet === undefined || breaksQuiet(quiet, cause) !== null) return null;
  return quietUntil(quiet, at, timeZone);
}

/** Those that would be told in the same message; what calls for nobody is looked at alone. */
function causeAround(exception: OpenException, standing: Standing): Cause {
  const found = [...causesOf(standing).values()].find(({ members }) => members.some(({ id }) => id === exception.id));
  return found ?? causeOf(nameOf(exception), [exception], 0);
}

function silentBecause(exception: OpenException, { policy, standing }: PreviewDeps): string | null {
  if (!policy.on) return 'The policy alerts is off.';
  if (exception.condition === 'pending') return 'It is only pending, and may come to nothing.';
  if (exception.condition === 'recovering') return 'It seems over.';
  if (exception.work === 'snoozed') return 'It is snoozed.';
  if (isSettled(exception)) return `It was ${exception.work}.`;
  const by = askInhibitor(standing.values())(exception);
  if (by === undefined) return null;
  return `It stands beneath ${standing.get(by)?.title ?? by}, and what it states is doubtful.`;
}

function reasonOf(recipient: string, { assignee, owner }: OpenException): string {
  if (recipient === 'owner') return assignee === undefined ? `takes care of it for the ${owner}` : 'it is theirs';
  if (recipient.startsWith('role:')) return `is a ${recipient.slice('role:'.length)}`;
  return 'is named by the route';
}

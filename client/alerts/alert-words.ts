/** How alerts and messages are put into words. */
import type { Alert, AlertState, Delivery } from '../../server/http/contract/alerts.ts';
import type { State } from '../status/states.ts';

export const alertStateWords: Record<AlertState, string> = {
  told: 'Told',
  attended: 'Somebody is at it',
  held: 'Held back for the night',
  collected: 'In the next digest',
  asleep: 'Snoozed',
  beneath: 'Explained by another',
  unreachable: 'Nobody can be told',
  ended: 'Over',
};

/** What an alert's state looks like: only what keeps somebody from hearing of it is alarming. */
export const alertShapes: Record<AlertState, State> = {
  told: 'medium',
  attended: 'ok',
  held: 'low',
  collected: 'low',
  asleep: 'low',
  beneath: 'low',
  unreachable: 'critical',
  ended: 'ok',
};

export const messageWords: Record<Delivery['kind'], string> = {
  opened: 'New',
  worse: 'Worse',
  still: 'Still open',
  acknowledged: 'Taken on',
  ended: 'Over',
  digest: 'Digest',
};

/** A finished try that was refused is worse than one that still waits. */
export function deliveryShape({ state, attempts }: Pick<Delivery, 'state' | 'attempts'>): State {
  if (state === 'delivered') return 'ok';
  if (state === 'failed') return 'critical';
  return attempts === 0 ? 'low' : 'high';
}

export function deliveryWords({ state, attempts }: Pick<Delivery, 'state' | 'attempts'>): string {
  const tries = `${attempts} ${attempts === 1 ? 'try' : 'tries'}`;
  if (state === 'delivered') return attempts === 1 ? 'Delivered' : `Delivered after ${tries}`;
  if (state === 'failed') return `Not delivered, ${tries}`;
  return attempts === 0 ? 'Waiting' : `Waiting, ${tries} so far`;
}

/** `channel:ops` and `person:ana@example.com` by the names that people gave them. */
export function targetName(target: string, channels: ReadonlyMap<string, string>): string {
  const [kind, ...rest] = target.split(':');
  const id = rest.join(':');
  return kind === 'channel' ? (channels.get(id) ?? id) : kind === 'role' ? `Every ${id}` : id || target;
}

/** `3 exceptions`, with those that stand beneath them. */
export function sizeWords({ exceptions, beneath }: Pick<Alert, 'exceptions' | 'beneath'>): string {
  const own = exceptions === 1 ? '' : `${exceptions} exceptions`;
  const under = beneath === 0 ? '' : `${beneath} beneath`;
  return [own, under].filter(Boolean).join(', ');
}

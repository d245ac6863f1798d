/** What an exception rule is: a pure test on one state, with the money at risk and the last useful moment. */

import { type ExceptionArea, type Severity, severities } from '../events/exception-words.ts';
import type { Snapshot } from '../operations/accuracy/snapshot-state.ts';
import type { Recipient } from '../operations/actions/instruction-state.ts';
import type { Draft } from '../operations/draft.ts';
import type { Impairment } from '../operations/nodes/impairment-state.ts';
import type { NodeLoad } from '../operations/nodes/node-load-state.ts';
import type { Overdue } from '../operations/orders/cohort-state.ts';
import { policyOf } from '../operations/policy.ts';
import type { Reservation } from '../operations/reservations/reservation-state.ts';
import type { Ledger, OpenException, Parked, Source, Stock, Wave } from '../operations/states.ts';
import type { Return } from '../operations/stock/return-state.ts';
import type { Transfer } from '../operations/stock/transfer-state.ts';

/** The states that rules watch; each carries the kinds of its open exceptions. */
export type Watched = {
  stock: Stock;
  ledger: Ledger;
  transfer: Transfer;
  return: Return;
  wave: Wave;
  'node-load': NodeLoad;
  impairment: Impairment;
  source: Source;
  snapshot: Snapshot;
  parked: Parked;
  overdue: Overdue;
  reservation: Reservation;
  recipient: Recipient;
};

/** What a rule found wrong, in the words a planner reads. Money in minor units, times epoch ms. */
export type Finding = Pick<
  OpenException,
  | 'title'
  | 'detail'
  | 'severity'
  | 'deadline'
  | 'moneyAtRisk'
  | 'formula'
  | 'inputs'
  | 'advice'
  | 'sku'
  | 'node'
  | 'channel'
  | 'order'
  | 'source'
  | 'cause'
  | 'because'
  | 'dependsOn'
  | 'suggests'
>;

/** What an exception is, in words: an entry of the catalog. */
export type ExceptionDefinition = {
  kind: string;
  area: ExceptionArea;
  /** Who takes care of it unless the ownership policy says otherwise, as a role of the company: `inventory planner`. */
  owner: string;
  /** What a good planner does about it, in order. */
  playbook: readonly string[];
  /** What ends it, in words: the evidence somebody who closes it looks for. */
  endsWhen: string;
  /** It must hold this long before it opens (0: at once), and be gone this long before it closes (0: at once). */
  holdMs?: number;
  recoverMs?: number;
  /** Limits the policy `exceptions` may change, by a name that ends in the unit; read them with `thresholdOf`. */
  thresholds?: Readonly<Record<string, number>>;
  /** Limits that decide whether it is told at all, and which way fewer are told. */
  fewerWhen?: Readonly<Record<string, 'higher' | 'lower'>>;
  /** The question it answers, for the catalog page. */
  question: string;
};

export type ExceptionRule<K extends keyof Watched = keyof Watched> = ExceptionDefinition & {
  watches: K;
  /**
   * @param wasOpen whether the last test found something: rules with hysteresis let go later than they take hold
   * @returns what is wrong with this state now, or null. Reads other states through the draft.
   */
  test(state: Watched[K], draft: Draft, wasOpen: boolean): Finding | null;
};

export const defineRule = <K extends keyof Watched>(rule: ExceptionRule<K>): ExceptionRule<K> => rule;

/** A limit of a rule: the company's, or else the rule's own. */
export function thresholdOf(draft: Draft, rule: ExceptionDefinition, name: string): number {
  return policyOf(draft, 'exceptions').kinds[rule.kind]?.thresholds[name] ?? rule.thresholds![name]!;
}

/** How bad an amount is, by the limits of the policy `exceptions`. */
export function severityOf(moneyAtRisk: number, draft: Draft): Severity {
  const { criticalFrom, highFrom } = policyOf(draft, 'exceptions');
  if (moneyAtRisk >= criticalFrom) return 'critical';
  if (moneyAtRisk >= highFrom) return 'high';
  return moneyAtRisk > 0 ? 'medium' : 'low';
}

/** The severity, raised or lowered to the bounds. */
export function within(severity: Severity, atLeast: Severity = 'low', atMost: Severity = 'critical'): Severity {
  const rank = Math.max(
    severities.indexOf(atMost),
    Math.min(severities.indexOf(atLeast), severities.indexOf(severity)),
  );
  return severities[rank]!;
}

/** What an exception rule is: a pure test on one state, with the money at risk and the last useful moment. */
import type { Draft } from '../operations/draft.ts';
import type { Ledger, OpenException, Parked, Source, Stock, Wave } from '../operations/states.ts';

/** The states that rules watch; each carries the kinds of its open exceptions. */
export type Watched = { stock: Stock; ledger: Ledger; wave: Wave; source: Source; parked: Parked };

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
  | 'dependsOn'
  | 'suggests'
>;

export const exceptionAreas = ['inventory', 'procurement', 'fulfilment', 'data', 'signals'] as const;
export type ExceptionArea = (typeof exceptionAreas)[number];

export type ExceptionRule<K extends keyof Watched = keyof Watched> = {
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
  /** The question it answers, for the catalog page. */
  question: string;
  watches: K;
  /**
   * @param wasOpen whether the last test found something: rules with hysteresis let go later than they take hold
   * @returns what is wrong with this state now, or null. Reads other states through the draft.
   */
  test(state: Watched[K], draft: Draft, wasOpen: boolean): Finding | null;
};

export const defineRule = <K extends keyof Watched>(rule: ExceptionRule<K>): ExceptionRule<K> => rule;

/** Amounts from which an exception is critical or high, in minor units of the workspace's currency. */
const CRITICAL_FROM = 100_000;
const HIGH_FROM = 20_000;

export function severityOf(moneyAtRisk: number): OpenException['severity'] {
  if (moneyAtRisk >= CRITICAL_FROM) return 'critical';
  if (moneyAtRisk >= HIGH_FROM) return 'high';
  return moneyAtRisk > 0 ? 'medium' : 'low';
}

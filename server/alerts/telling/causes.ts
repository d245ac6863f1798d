/** What calls for somebody, one for each cause: the same grouping and inhibition as on the screens. Pure. */
import type { Severity } from '../../../streams/events/exception-words.ts';
import { compareUrgency, rootOf } from '../../../streams/exceptions/grouping.ts';
import { nameOf } from '../../../streams/exceptions/inhibition.ts';
import { askInhibitor } from '../../../streams/exceptions/shown.ts';
import { isSettled, needsAttention } from '../../../streams/exceptions/work-machine.ts';
import type { OpenException } from '../../../streams/operations/states.ts';

/** By `kind:subject`. */
export type Standing = ReadonlyMap<string, OpenException>;

export type Cause = {
  /** The root: an exception of ours as `kind:subject`, or what several name as their cause. */
  key: string;
  /** The cause itself where it calls, else the worst of them. */
  lead: OpenException;
  /** Whether the lead is the cause. */
  isHeaded: boolean;
  /** Those that call, worst first. */
  members: OpenException[];
  /** How many more it makes doubtful. They and their money are not counted: they may come to nothing. */
  beneath: number;
  severity: Severity;
  moneyAtRisk: number;
  /** Who is at it; empty: nobody. */
  attendedBy: string;
};

/**
 * Pending ones may come to nothing and recovering ones seem over: neither calls for anybody. What somebody has put away
 * does not either.
 */
export function causesOf(standing: Standing): Map<string, Cause> {
  const ask = askInhibitor(standing.values());
  const calling = new Map<string, OpenException[]>();
  const beneath = new Map<string, number>();
  for (const exception of standing.values()) {
    if (exception.condition !== 'open' || !needsAttention(exception)) continue;
    const key = exception.cause === undefined && ask(exception) === undefined ? nameOf(exception) : root(exception);
    if (ask(exception) !== undefined) beneath.set(key, (beneath.get(key) ?? 0) + 1);
    else {
      const others = calling.get(key);
      if (others === undefined) calling.set(key, [exception]);
      else others.push(exception);
    }
  }
  function root(exception: OpenException): string {
    return rootOf(exception, standing, ask);
  }
  return new Map([...calling].map(([key, members]) => [key, causeOf(key, members, beneath.get(key) ?? 0)]));
}

export function causeOf(key: string, members: OpenException[], beneath: number): Cause {
  members.sort(compareUrgency);
  const head = members.find((member) => nameOf(member) === key);
  const lead = head ?? members[0]!;
  // Whoever is at the cause is at all that follows from it; without one, whoever is at any of them is at it.
  const attended = (head === undefined ? members : [head]).find(isAttended);
  return {
    key,
    lead,
    isHeaded: head !== undefined,
    members,
    beneath,
    severity: members[0]!.severity,
    moneyAtRisk: members.reduce((sum, { moneyAtRisk }) => sum + moneyAtRisk, 0),
    attendedBy: attended === undefined ? '' : (attended.assignee ?? attended.acknowledgedBy ?? 'somebody'),
  };
}

const isAttended = ({ work }: OpenException): boolean => work === 'acknowledged' || work === 'in-progress';

/** When it will have stood for so long that it is told; epoch ms. */
export const settledAt = ({ members }: Cause, settleMinutes: number): number =>
  members.reduce((first, { openedAt }) => Math.min(first, openedAt), Infinity) + settleMinutes * 60_000;

/** Whether it is not over yet, for those who were told of it. */
export const holds = (exception: OpenException): boolean => exception.condition !== 'pending' && !isSettled(exception);

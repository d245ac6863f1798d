/** One line for what belongs together: a late supplier is one line with the summed amount, not 140. Pure. */
import { type Grouping, type Severity, severities } from '../events/exception-words.ts';
import type { OpenException } from '../operations/exception-state.ts';
import { type AskInhibitor, nameOf } from './inhibition.ts';

export type ExceptionGroup = {
  /** What they share: for causes `kind:subject`, else the value; empty where they name none. */
  key: string;
  /** The exception that is the cause of the others, when it is one of ours and stands. */
  head: OpenException | null;
  /** All of them that are shown, worst first; with the head, when it is. */
  members: OpenException[];
  /** Sum over the members, in minor units of the workspace's currency. */
  moneyAtRisk: number;
  severity: Severity;
  /** The earliest last useful moment. */
  deadline: number;
  since: number;
  /** How many of each kind, sorted by name. */
  kinds: Record<string, number>;
};

/**
 * @param exceptions those that are shown
 * @param by what they are grouped by
 * @param ask which exception inhibits another: an inhibitor counts as the cause
 * @param standing all there are: a cause among them heads its group even when it is not shown itself
 * @returns groups, the worst first
 */
export function groupExceptions(
  exceptions: readonly OpenException[],
  by: Grouping,
  ask: AskInhibitor,
  areaOf: (kind: string) => string | undefined,
  standing: readonly OpenException[] = exceptions,
): ExceptionGroup[] {
  const byName = new Map(standing.map((exception) => [nameOf(exception), exception]));
  const keyOf = (exception: OpenException): string => {
    if (by === 'cause') return rootOf(exception, byName, ask);
    if (by === 'area') return areaOf(exception.kind) ?? '';
    return exception[by] ?? '';
  };
  return [...Map.groupBy(exceptions, keyOf)]
    .map(([key, members]) => groupOf(key, members, by === 'cause' ? (byName.get(key) ?? null) : null))
    .sort(compareUrgency);
}

/** Follows what an exception comes from to its beginning, which may be something that is no exception of ours. */
export function rootOf(
  exception: OpenException,
  byName: ReadonlyMap<string, OpenException>,
  ask: AskInhibitor,
): string {
  const chain = [nameOf(exception)];
  for (let at: OpenException | undefined = exception; at !== undefined; at = byName.get(chain.at(-1)!)) {
    const cause = ask(at) ?? at.cause;
    if (cause === undefined) break;
    const loop = chain.indexOf(cause);
    // Of those that name each other the first by name stands for all, whichever is asked.
    if (loop >= 0) return chain.slice(loop).sort()[0]!;
    chain.push(cause);
  }
  return chain.at(-1)!;
}

function groupOf(key: string, members: OpenException[], head: OpenException | null): ExceptionGroup {
  const sorted = [...members].sort(compareUrgency);
  const kinds = [...Map.groupBy(sorted, ({ kind }) => kind)].map(([kind, list]) => [kind, list.length] as const);
  return {
    key,
    head,
    members: sorted,
    moneyAtRisk: sorted.reduce((sum, { moneyAtRisk }) => sum + moneyAtRisk, 0),
    severity: sorted[0]!.severity,
    deadline: sorted.reduce((first, { deadline }) => earlier(first, deadline), 0),
    since: Math.min(...sorted.map(({ since }) => since)),
    kinds: Object.fromEntries(kinds.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** 0 means that there is none. */
const earlier = (a: number, b: number): number => (a === 0 ? b : b === 0 ? a : Math.min(a, b));

type Urgency = Pick<OpenException, 'severity' | 'moneyAtRisk'> & ({ id: string } | { key: string });

/** The worst first: severity, then money, then a name so that the order is the same for everybody. */
export function compareUrgency(a: Urgency, b: Urgency): number {
  const nameA = 'key' in a ? a.key : a.id;
  const nameB = 'key' in b ? b.key : b.id;
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    b.moneyAtRisk - a.moneyAtRisk ||
    (nameA < nameB ? -1 : nameA > nameB ? 1 : 0)
  );
}

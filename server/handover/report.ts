/** What the next shift must know, from what stands now and what moved since the last handover. Pure. */
import type { Moved } from '../../analytics/clickhouse/queries/exceptions-moved.ts';
import { severities } from '../../streams/events/exception-words.ts';
import { compareUrgency } from '../../streams/exceptions/grouping.ts';
import { nameOf } from '../../streams/exceptions/inhibition.ts';
import { callingForSomebody } from '../../streams/exceptions/shown.ts';
import { isAtRisk } from '../../streams/exceptions/work-machine.ts';
import type { Node, OpenException, Wave } from '../../streams/operations/states.ts';
import type { HandoverReport, HandoverRow } from '../http/contract/handover.ts';
import { exceptionRow } from '../live/views/exceptions.ts';

const HOUR_MS = 3_600_000;
export const NEXT_MS = 8 * HOUR_MS;
/** Rows told of each list; all are counted. */
const ROWS_MAX = 100;
/** What marks words as somebody's promise, as the dialogs of work write it. */
const PROMISE = /^promise:\s*/i;

export type Standing = {
  exceptions: readonly OpenException[];
  waves: readonly Wave[];
  nodes: readonly Node[];
};

export function standingReport(
  { exceptions, waves, nodes }: Standing,
  node: string | null,
  now: number,
): Pick<HandoverReport, 'open' | 'promised' | 'breachesNext' | 'breached' | 'cutOffs'> {
  const here = exceptions.filter((one) => one.condition !== 'pending' && (node === null || one.node === node));
  const calling = callingForSomebody(exceptions).filter((one) => node === null || one.node === node);
  const urgent = [...calling].sort(byUrgency);
  // A snooze stops no clock: what is put away breaches too.
  const due = here
    .filter((one) => isAtRisk(one) && one.deadline > now && one.deadline <= now + NEXT_MS)
    .sort((a, b) => a.deadline - b.deadline);
  return {
    open: {
      ...sumOf(calling),
      bySeverity: severities.map((severity) => ({
        severity,
        ...sumOf(calling.filter((one) => one.severity === severity)),
      })),
      byAssignee: groupsOf(calling, ({ assignee = '' }) => assignee).map(([assignee, sum]) => ({ assignee, ...sum })),
      byOwner: groupsOf(calling, ({ owner }) => owner).map(([owner, sum]) => ({ owner, ...sum })),
    },
    promised: {
      snoozed: here
        .filter(({ work }) => work === 'snoozed')
        .sort(byWaking)
        .slice(0, ROWS_MAX)
        .map(rowOf),
      promises: here
        .flatMap(promisesOf)
        .sort((a, b) => b.at - a.at)
        .slice(0, ROWS_MAX),
      inWork: urgent
        .filter(({ work, assignee }) => work === 'in-progress' || assignee !== undefined)
        .slice(0, ROWS_MAX)
        .map(rowOf),
    },
    breachesNext: {
      hours4: due.filter(({ deadline }) => deadline <= now + NEXT_MS / 2).length,
      hours8: due.length,
      rows: due.slice(0, ROWS_MAX).map(rowOf),
    },
    breached: sumOf(calling.filter(({ deadline }) => deadline > 0 && deadline <= now)),
    cutOffs: waves
      .filter((wave) => wave.orders > 0 && wave.shipBy > now && wave.shipBy <= now + NEXT_MS)
      .filter((wave) => node === null || wave.node === node)
      .sort((a, b) => a.shipBy - b.shipBy)
      .map(({ node: at, shipBy, orders }) => {
        const known = nodes.find((one) => one.node === at);
        return { node: at, name: known?.name ?? at, timeZone: known?.timeZone ?? 'UTC', at: shipBy, orders };
      }),
  };
}

/** @param moved newest first */
export function movedReport(moved: readonly Moved[]): Pick<HandoverReport, 'closed' | 'changed'> {
  const put = new Map<string, Moved>();
  const over = new Map<string, Moved>();
  const opened: Moved[] = [];
  for (const one of moved) {
    if (one.change === 'opened') opened.push(one);
    else if (one.change === 'closed') over.set(one.id, one);
    else if (!put.has(one.id)) put.set(one.id, one);
  }
  const alone = [...over.values()].filter(({ id }) => !put.has(id));
  const items = [...put.values(), ...alone].sort((a, b) => b.at - a.at);
  const people = Map.groupBy(put.values(), ({ actor }) => actor);
  return {
    closed: {
      items: items.slice(0, ROWS_MAX).map(({ id, title, severity, moneyAtRisk, at, change, actor }) => {
        return { id, title, severity, moneyAtRisk, at, how: change as 'resolved' | 'dismissed' | 'closed', by: actor };
      }),
      byPerson: [...people].map(([by, all]) => ({ by, count: all.length })).sort((a, b) => b.count - a.count),
      byThemselves: alone.length,
    },
    changed: { opened: sumOf(opened), closed: sumOf(items) },
  };
}

const byUrgency = (a: OpenException, b: OpenException): number =>
  compareUrgency({ ...a, key: nameOf(a) }, { ...b, key: nameOf(b) });

const byWaking = (a: OpenException, b: OpenException): number =>
  (a.snooze?.until.time ?? Number.MAX_SAFE_INTEGER) - (b.snooze?.until.time ?? Number.MAX_SAFE_INTEGER);

const sumOf = (all: readonly { moneyAtRisk: number }[]) => ({
  count: all.length,
  moneyAtRisk: all.reduce((sum, { moneyAtRisk }) => sum + moneyAtRisk, 0),
});

function groupsOf(all: readonly OpenException[], by: (one: OpenException) => string) {
  return [...Map.groupBy(all, by)]
    .map(([key, members]) => [key, sumOf(members)] as const)
    .sort(([, a], [, b]) => b.moneyAtRisk - a.moneyAtRisk);
}

function promisesOf(exception: OpenException): HandoverReport['promised']['promises'] {
  const { snooze, comments } = exception;
  const said = [...comments.map(({ by, at, comment }) => ({ by, at, words: comment }))];
  if (snooze !== undefined) said.push({ by: snooze.by, at: snooze.at, words: snooze.reason });
  return said
    .filter(({ words }) => PROMISE.test(words))
    .map(({ by, at, words }) => ({ ...rowOf(exception), by, at, words: words.replace(PROMISE, '') }));
}

function rowOf(exception: OpenException): HandoverRow {
  const { id, kind, title, subject, severity, moneyAtRisk, currency, deadline, ...more } = exceptionRow(exception);
  const { node, channel, assignee, work, version, snoozedUntil } = more;
  return {
    id,
    kind,
    title,
    subject,
    severity,
    moneyAtRisk,
    currency,
    deadline,
    work,
    version,
    ...(node === undefined ? {} : { node }),
    ...(channel === undefined ? {} : { channel }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(snoozedUntil === undefined ? {} : { snoozedUntil }),
  };
}

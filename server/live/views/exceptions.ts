/** Exceptions as screens and the API tell them: single ones, and those of one cause as one line. */
import type { Grouping } from '../../../streams/events/exception-words.ts';
import { groupExceptions } from '../../../streams/exceptions/grouping.ts';
import { areaOf, askInhibitor, definitionOf } from '../../../streams/exceptions/shown.ts';
import { needsAttention } from '../../../streams/exceptions/work-machine.ts';
import type { OpenException } from '../../../streams/operations/states.ts';
import type { ExceptionGroupRow, ExceptionRow } from '../contract.ts';
import { anyOf, type View } from './view.ts';

/** Exceptions named in a group; the others are counted and summed. */
const NAMED_MAX = 50;

/** By cause: also those that stand beneath another one are counted here. */
export const exceptionGroupsView: View = {
  concerns: anyOf('exception'),
  everyMs: null,
  entries: ({ states, workspace }) => {
    const all = [...states.exception.values()];
    const groups = groupRows(all.filter(needsAttention), 'cause', all, workspace().currency);
    return Object.fromEntries(groups.map((group) => [group.key, group]));
  },
};

/**
 * @param shown those that are put together
 * @param standing all there are: they can be causes and inhibitors
 * @returns the worst first
 */
export function groupRows(
  shown: readonly OpenException[],
  by: Grouping,
  standing: readonly OpenException[],
  currency: string,
): ExceptionGroupRow[] {
  return groupExceptions(shown, by, askInhibitor(standing), areaOf, standing).map((group) => ({
    key: group.key,
    title: group.head?.title ?? titleOf(group.key, by),
    head: group.head === null || group.head.id === '' ? null : group.head.id,
    count: group.members.length,
    moneyAtRisk: group.moneyAtRisk,
    currency,
    severity: group.severity,
    deadline: group.deadline > 0 ? group.deadline : null,
    since: group.since,
    kinds: group.kinds,
    exceptions: group.members.slice(0, NAMED_MAX).map(({ id }) => id),
  }));
}

/** In words, where no exception of ours is the cause: `supplier late: ACME`. */
function titleOf(key: string, by: Grouping): string {
  if (key === '') return `No ${by}`;
  if (by === 'kind') return key.replaceAll('-', ' ');
  if (by !== 'cause') return key;
  const cut = key.indexOf(':');
  return cut < 0 ? key : `${key.slice(0, cut).replaceAll('-', ' ')}: ${key.slice(cut + 1).replaceAll('|', ', ')}`;
}

export function exceptionRow(exception: OpenException, inhibitedBy?: string): ExceptionRow {
  const { deadline, openedAt, ended, snooze, lastWork, currency, formula, inputs, advice } = exception;
  const { id, kind, title, detail, severity, since, updatedAt, moneyAtRisk, condition, work, version, owner } =
    exception;
  return {
    id,
    kind,
    title,
    subject: subjectWords(exception),
    detail,
    severity,
    since,
    updatedAt,
    deadline: deadline > 0 ? deadline : null,
    moneyAtRisk,
    currency,
    formula,
    inputs,
    advice,
    area: definitionOf(kind)?.area ?? 'signals',
    condition,
    work,
    version,
    owner,
    openedAt: openedAt > 0 ? openedAt : null,
    lastSeenAt: ended?.at ?? null,
    returns: exception.returns,
    ...(snooze === undefined ? {} : { snoozedUntil: snooze.until }),
    ...(lastWork === undefined ? {} : { lastWork: { what: lastWork.what, by: lastWork.by, at: lastWork.at } }),
    ...(inhibitedBy === undefined ? {} : { inhibitedBy }),
    ...Object.fromEntries(
      optional.filter((name) => exception[name] !== undefined).map((name) => [name, exception[name]]),
    ),
  };
}

const optional = [
  'sku',
  'node',
  'channel',
  'order',
  'source',
  'acknowledgedBy',
  'assignee',
  'cause',
  'dependsOn',
  'suggests',
] as const satisfies (keyof OpenException)[];

/** What it is about, as people write it: the state id behind it is ours alone. */
function subjectWords({
  sku,
  order,
  source,
  kind,
  detail,
}: Pick<OpenException, 'sku' | 'order' | 'source' | 'kind' | 'detail'>): string {
  if (kind === 'ship-by-at-risk' || kind === 'kpi-anomaly') return detail;
  return sku ?? order ?? source ?? detail;
}

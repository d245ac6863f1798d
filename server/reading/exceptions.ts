/** Exceptions as the API tells them: pages, groups, one with all about it, the catalog, and what history knows. */
import type { HistoryClient } from '../../analytics/clickhouse/client.ts';
import { exceptionChanges } from '../../analytics/clickhouse/queries/exception-changes.ts';
import { severities } from '../../streams/events/exception-words.ts';
import { compareUrgency, rootOf } from '../../streams/exceptions/grouping.ts';
import { exceptionDefinitions, exceptionRules } from '../../streams/exceptions/index.ts';
import { inhibitions, nameOf } from '../../streams/exceptions/inhibition.ts';
import { areaOf, askInhibitor, definitionOf } from '../../streams/exceptions/shown.ts';
import { needsAttention } from '../../streams/exceptions/work-machine.ts';
import { defaultPolicy } from '../../streams/operations/policy.ts';
import type { OpenException, Policy } from '../../streams/operations/states.ts';
import type {
  ChangesPage,
  ExceptionCatalog,
  ExceptionsPage,
  ExceptionsQuery,
  ExceptionView,
} from '../http/contract/exceptions.ts';
import { Refusal } from '../http/problems.ts';
import type { Mirror } from '../live/mirror.ts';
import { exceptionRow, groupRows } from '../live/views/exceptions.ts';
import { reachable } from './ask-history.ts';

const MINUTE_MS = 60_000;
/** Effects named beneath an exception; all are counted and summed. */
const EFFECTS_NAMED_MAX = 100;

const standing = (mirror: Mirror): OpenException[] => [...mirror.states.exception.values()];

/** @param name its number, such as `EX-17`, or `kind:subject` */
export function findException(mirror: Mirror, name: string): OpenException | undefined {
  const { exception: known } = mirror.states;
  return known.get(name) ?? [...known.values()].find(({ id }) => id === name && id !== '');
}

export function readExceptions(mirror: Mirror, query: ExceptionsQuery): ExceptionsPage {
  const all = standing(mirror);
  const ask = askInhibitor(all);
  // Those beneath another one are part of its group: a group is what one cause has led to.
  const isShown = {
    calling: (one: OpenException) => needsAttention(one) && (query.group === 'cause' || ask(one) === undefined),
    'put-away': (one: OpenException) => one.condition !== 'pending' && !needsAttention(one),
    inhibited: (one: OpenException) => needsAttention(one) && ask(one) !== undefined,
    all: () => true,
  }[query.show];
  const shown = all.filter((one) => isShown(one) && fits(one, query));
  if (query.group === undefined) {
    const named = shown.map((exception) => ({ ...exception, key: nameOf(exception), exception }));
    const { items, next } = pageOf(named, query);
    return { items: items.map(({ exception }) => exceptionRow(exception, ask(exception))), next };
  }
  return pageOf(groupRows(shown, query.group, all, mirror.workspace().currency), query);
}

const fields = [
  'kind',
  'severity',
  'condition',
  'work',
  'node',
  'channel',
  'sku',
  'order',
  'source',
  'owner',
  'assignee',
] as const;

const fits = (exception: OpenException, query: ExceptionsQuery): boolean =>
  (query.area === undefined || areaOf(exception.kind) === query.area) &&
  fields.every((field) => query[field] === undefined || exception[field] === query[field]);

type Placed = Pick<OpenException, 'severity' | 'moneyAtRisk'> & { key: string };

/** The cursor is a place in the order, not a row: it holds when the row it was taken from is gone. */
function pageOf<T extends Placed>(rows: T[], { cursor, limit }: ExceptionsQuery): { items: T[]; next: string | null } {
  const sorted = rows.sort(compareUrgency);
  const after = cursor === undefined ? undefined : placeOf(cursor);
  const rest = after === undefined ? sorted : sorted.filter((row) => compareUrgency(row, after) > 0);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const next = last === undefined || rest.length <= limit ? null : cursorOf(last);
  return { items, next };
}

const cursorOf = ({ severity, moneyAtRisk, key }: Placed): string =>
  Buffer.from(JSON.stringify([severities.indexOf(severity), moneyAtRisk, key])).toString('base64url');

function placeOf(cursor: string): Placed {
  try {
    const [rank, moneyAtRisk, key] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [
      number,
      number,
      string,
    ];
    const severity = severities[rank];
    if (severity !== undefined && Number.isFinite(moneyAtRisk) && typeof key === 'string') {
      return { severity, moneyAtRisk, key };
    }
  } catch {
    // It is no cursor of ours, as said below.
  }
  throw new Refusal(400, { title: 'Invalid request', detail: 'The cursor was not given by an earlier page.' });
}

export function viewOfException(mirror: Mirror, exception: OpenException): ExceptionView {
  const all = standing(mirror);
  const ask = askInhibitor(all);
  const { question = '', playbook = [], endsWhen = '' } = definitionOf(exception.kind) ?? {};
  const byName = new Map(all.map((one) => [nameOf(one), one]));
  const root = nameOf(exception);
  const effects = all
    .filter((one) => one !== exception && needsAttention(one) && rootOf(one, byName, ask) === root)
    .sort(compareUrgency);
  return {
    ...exceptionRow(exception, ask(exception)),
    name: root,
    overSince: null,
    question,
    playbook: [...playbook],
    endsWhen,
    comments: exception.comments.map(({ by, at, comment }) => ({ by, at, comment })),
    settled: exception.settled ?? null,
    ended: exception.ended ?? null,
    effects: {
      count: effects.length,
      moneyAtRisk: effects.reduce((sum, { moneyAtRisk }) => sum + moneyAtRisk, 0),
      exceptions: effects.slice(0, EFFECTS_NAMED_MAX).map(({ id }) => id),
    },
  };
}

export async function readExceptionCatalog(mirror: Mirror): Promise<ExceptionCatalog> {
  const [policy] = await mirror.readStates<Policy>('policy', ['exceptions']);
  const { kinds } = (policy?.body as ReturnType<typeof defaultPolicy<'exceptions'>>) ?? defaultPolicy('exceptions');
  const all = standing(mirror);
  const ask = askInhibitor(all);
  const items = exceptionDefinitions.map((definition) => {
    const { kind, area, question, owner, playbook, endsWhen, holdMs = 0, recoverMs = 0, thresholds = {} } = definition;
    const own = kinds[kind];
    const named = Object.entries(own?.thresholds ?? {}).filter(([threshold]) => threshold in thresholds);
    const those = all.filter((exception) => exception.kind === kind);
    return {
      kind,
      area,
      question,
      owner,
      playbook: [...playbook],
      endsWhen,
      watches: exceptionRules.find((rule) => rule.kind === kind)?.watches ?? null,
      off: own?.off ?? false,
      holdMinutes: own?.holdMinutes ?? holdMs / MINUTE_MS,
      recoverMinutes: own?.recoverMinutes ?? recoverMs / MINUTE_MS,
      thresholds: { ...thresholds, ...Object.fromEntries(named) },
      standing: those.length,
      calling: those.filter((exception) => needsAttention(exception) && ask(exception) === undefined).length,
    };
  });
  return { items, inhibitions: inhibitions.map(({ by, field, why }) => ({ by, field, why })) };
}

/** What happened to an exception, newest first, also when it is over. @returns null when there never was such a one */
export async function readExceptionChanges(
  history: HistoryClient,
  number: string,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<ChangesPage | null> {
  const rows = await reachable(exceptionChanges(history, { number, before: before ?? Number.MAX_SAFE_INTEGER, limit }));
  if (rows.length === 0 && before === undefined) return null;
  const items = rows.map(({ data, ...row }) => ({ ...row, words: wordsOf(data) }));
  return { items, next: rows.length < limit ? null : rows.at(-1)!.seq };
}

/** A reason or a comment out of an event of ours. */
function wordsOf({ reason, comment, to }: Record<string, unknown>): string {
  const words = reason ?? comment ?? to;
  return typeof words === 'string' ? words : '';
}

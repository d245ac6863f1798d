/** All exceptions as lines of a list, in two topics: those that call for somebody, and those that stand aside. */
import { rootOf } from '../../../streams/exceptions/grouping.ts';
import { type AskInhibitor, inhibitions, nameOf } from '../../../streams/exceptions/inhibition.ts';
import { askInhibitor } from '../../../streams/exceptions/shown.ts';
import { needsAttention } from '../../../streams/exceptions/work-machine.ts';
import type { OpenException } from '../../../streams/operations/states.ts';
import type { Entries, ExceptionLine } from '../contract.ts';
import type { Mirror } from '../mirror.ts';
import { exceptionRow } from './exceptions.ts';
import { anyOf, type View } from './view.ts';

const inhibiting = new Set(inhibitions.map(({ by }) => by));
type Standing = Mirror['states']['exception'];

/**
 * Twenty thousand lines are not worked out anew because five hundred changed: what is known of the last look tells
 * which lines a change concerns. A change of something that heads others concerns too many, and is looked up whole.
 * @param which `aside`: put away by somebody, or beneath another one. Pending ones have no number yet and are nowhere.
 */
export function exceptionLinesView(which: 'calling' | 'aside'): View {
  let ask: AskInhibitor = () => undefined;
  /** The number under which an exception (`kind:subject`) was told last. */
  let told = new Map<string, string>();
  /** What others follow from, and how it stood: a line names the number of its root. */
  let heads = new Map<string, string>();

  const isShown = (exception: OpenException): boolean =>
    exception.condition !== 'pending' &&
    (needsAttention(exception) && ask(exception) === undefined) === (which === 'calling');

  const causeOf = (exception: OpenException): string | undefined => ask(exception) ?? exception.cause;
  const stands = (known: OpenException | undefined): string =>
    known === undefined ? '' : `${known.id} ${causeOf(known) ?? ''}`;

  function lineOf(exception: OpenException, standing: Standing): ExceptionLine {
    const root = causeOf(exception) === undefined ? nameOf(exception) : rootOf(exception, standing, ask);
    return exceptionLine(exception, ask(exception), root === nameOf(exception) ? undefined : numberOf(root, standing));
  }

  function entries({ states }: Mirror): Entries {
    const standing = states.exception;
    ask = askInhibitor(standing.values());
    told = new Map();
    const causes = new Set([...standing.values()].flatMap((exception) => causeOf(exception) ?? []));
    heads = new Map([...causes].map((name) => [name, stands(standing.get(name))]));
    const lines: Entries = {};
    for (const [name, exception] of standing) {
      if (!isShown(exception)) continue;
      told.set(name, exception.id);
      lines[exception.id] = lineOf(exception, standing);
    }
    return lines;
  }

  function concernsMany(name: string, standing: Standing): boolean {
    if (inhibiting.has(name.slice(0, name.indexOf(':')))) return true;
    const known = heads.get(name);
    return known !== undefined && known !== stands(standing.get(name));
  }

  return {
    concerns: anyOf('exception'),
    everyMs: null,
    entries,
    difference({ states }, changed) {
      const names = changed?.get('exception');
      if (names === undefined || names === '*') return null;
      const standing = states.exception;
      for (const name of names) if (concernsMany(name, standing)) return null;
      const set: Entries = {};
      const remove: string[] = [];
      for (const name of names) {
        const exception = standing.get(name);
        const before = told.get(name);
        const shown = exception !== undefined && isShown(exception);
        if (before !== undefined && (!shown || before !== exception.id)) {
          told.delete(name);
          remove.push(before);
        }
        if (!shown) continue;
        told.set(name, exception.id);
        set[exception.id] = lineOf(exception, standing);
        const cause = causeOf(exception);
        if (cause !== undefined && !heads.has(cause)) heads.set(cause, stands(standing.get(cause)));
      }
      return { set, remove };
    },
  };
}

const numberOf = (name: string, standing: Standing): string => standing.get(name)?.id || name;

function exceptionLine(exception: OpenException, inhibitedBy?: string, root?: string): ExceptionLine {
  const { formula, inputs, advice, dependsOn, suggests, cause, openedAt, lastSeenAt, returns, ...line } = exceptionRow(
    exception,
    inhibitedBy,
  );
  // The subject often is the whole detail: it is told once.
  return { ...line, detail: line.detail === line.subject ? '' : line.detail, ...(root === undefined ? {} : { root }) };
}

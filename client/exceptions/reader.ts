/** What a filter needs to know to read a row: the time, who is asking, and all the words of the row. */
import type { ExceptionLine } from '../../server/live/contract.ts';
import { minorPerMajor } from '../formats/quantities.ts';
import { usePeople } from '../people/people.ts';
import { stateWords } from '../status/states.ts';
import { useWorkspace } from '../workspace/workspace.ts';
import type { Reader } from './filter/filter.ts';

/** Texts kept; beyond it all are put together anew. */
const TEXTS_MAX = 60_000;

/** Words are put together once per row and version of it; searching thousands of rows is then a look at each. */
export function useReader(): Reader {
  const people = usePeople();
  const workspace = useWorkspace();
  const texts = new Map<string, { row: string; text: string }>();
  return {
    get now() {
      return workspace.now;
    },
    // Plain: it is asked for every row.
    me: people.me,
    minorPerMajor,
    text(row) {
      const stamp = `${row.updatedAt} ${row.version} ${row.assignee ?? ''}`;
      const known = texts.get(row.id);
      if (known?.row === stamp) return known.text;
      const text = words(row, row.assignee === undefined ? '' : people.nameOf(row.assignee));
      if (texts.size >= TEXTS_MAX) texts.clear();
      texts.set(row.id, { row: stamp, text });
      return text;
    },
  };
}

function words(row: ExceptionLine, assignee: string): string {
  const { id, title, subject, detail, kind, sku, order, node, channel, source, owner, work } = row;
  const all = [
    id,
    title,
    subject,
    detail,
    kind,
    sku,
    order,
    node,
    channel,
    source,
    owner,
    work,
    assignee,
    row.assignee,
  ];
  return [...all, stateWords[row.severity]].filter(Boolean).join(' ').toLowerCase();
}

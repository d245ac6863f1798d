/** The keys of the triage desk; those of the steps of work come with the work itself. */
import { type Command, useCommands } from '../commands/commands.ts';
import type { Cursor } from './cursor.ts';
import { isHead } from './grouping.ts';
import type { Triage } from './triage.ts';
import { workCommands } from './work/work-commands.ts';

export type DeskView = { filter(): void; find(): void; density(): void };

export function useTriageCommands(triage: Triage, cursor: Cursor, view: DeskView): void {
  const work = workCommands(() => cursor.meant.value);
  const move = (id: string, title: string, keys: string[], run: () => void): Command => ({
    id,
    title,
    group: 'Move',
    keys,
    keysOnly: true,
    run,
  });
  const moves: Command[] = [
    move('next', 'Next exception', ['j', 'arrowdown'], () => cursor.move(1)),
    move('previous', 'Previous exception', ['k', 'arrowup'], () => cursor.move(-1)),
    move('page-down', 'A page down', ['pagedown'], () => cursor.movePage(1)),
    move('page-up', 'A page up', ['pageup'], () => cursor.movePage(-1)),
    move('first', 'First exception', ['home'], () => cursor.moveToEnd('first')),
    move('last', 'Last exception', ['end'], () => cursor.moveToEnd('last')),
    move('open', 'Open the exception, or a group', ['enter'], () => cursor.show()),
    {
      ...move('fold', 'Close the group', ['arrowleft'], () => cursor.fold(cursor.cursor.value, 'closed')),
      when: onHead,
    },
    {
      ...move('unfold', 'Open the group', ['arrowright'], () => cursor.fold(cursor.cursor.value, 'open')),
      when: onHead,
    },
  ];
  const selecting: Command[] = [
    command('select', 'Select', 'Selection', ['x', 'space'], () => cursor.toggle()),
    command('select-range', 'Select everything from the last one to here', 'Selection', ['shift+x'], () =>
      cursor.selectTo(),
    ),
    command('extend-down', 'Extend the selection down', 'Selection', ['shift+j', 'shift+arrowdown'], () =>
      cursor.move(1, true),
    ),
    command('extend-up', 'Extend the selection up', 'Selection', ['shift+k', 'shift+arrowup'], () =>
      cursor.move(-1, true),
    ),
    command('select-all', 'Select all in this list', 'Selection', ['mod+a'], () => cursor.selectAll()),
    {
      ...command('unselect', 'Clear the selection, then close the panel', 'Selection', ['escape'], leave),
      when: () => cursor.selection.value.size > 0 || cursor.open.value !== '',
    },
  ];
  const views: Command[] = [
    command('filter', 'Filter', 'View', ['f'], view.filter),
    command('find', 'Find an SKU, an order, any word', 'View', ['/'], view.find),
    command('pause', 'Pause or go on', 'View', ['p'], () => triage.live.pause(!triage.live.paused.value)),
    command('arrange', 'Show new ones and sort again', 'View', ['n', 'r'], () => triage.list.arrange()),
    command('density', 'Denser or looser rows', 'View', ['d'], view.density),
    command('clear-filters', 'Clear all filters', 'View', [], () => triage.clear()),
  ];
  useCommands(() => [...moves, ...selecting, ...work, ...views]);

  function onHead(): boolean {
    return isHead(cursor.cursor.value);
  }

  function leave(): void {
    if (cursor.selection.value.size > 0) cursor.clear();
    else cursor.close();
  }
}

const command = (
  id: string,
  title: string,
  group: Command['group'],
  keys: readonly string[],
  run: () => void,
): Command => ({ id, title, group, keys, run });

/** What can be done on the page of questions, by name and by key. */
import { chartKinds } from '../../server/http/contract/question-parts.ts';
import type { Command } from '../commands/commands.ts';
import type { QueryPageState } from './query-page.ts';
import { isBlank } from './tabs/tab.ts';

const kindNames = { line: 'Draw lines', bar: 'Draw bars', table: 'Show as a table', pivot: 'Show as a pivot' } as const;

export function queryCommands(
  page: QueryPageState,
  { maySql, toggleSql }: { maySql: boolean; toggleSql(): void },
): Command[] {
  const { tabs, tab, session } = page;
  const asks = () => tab.value !== undefined && !isBlank(tab.value);
  const step = (by: number) => {
    const at = tabs.tabs.findIndex(({ key }) => key === tabs.activeKey);
    const next = tabs.tabs[(at + by + tabs.tabs.length) % tabs.tabs.length];
    if (next !== undefined) tabs.activate(next.key);
  };
  const several = () => tabs.tabs.length > 1;
  return [
    {
      id: 'query.run',
      title: 'Run the question',
      group: 'Selection',
      keys: ['mod+enter'],
      when: asks,
      run: () => page.run(),
    },
    {
      id: 'query.save',
      title: 'Save the question',
      group: 'Selection',
      keys: ['mod+s'],
      when: () => asks() && session.may('save-views'),
      run: () => page.save(),
    },
    {
      id: 'query.link',
      title: 'Copy a link to this',
      group: 'Selection',
      keys: ['l'],
      when: asks,
      run: () => page.copyLink(),
    },
    {
      id: 'query.pin',
      title: 'Pin the question to a board',
      group: 'Selection',
      when: () => asks() && session.may('save-views'),
      run: () => page.pin(),
    },
    {
      id: 'query.cancel',
      title: 'Cancel the run',
      group: 'Selection',
      keys: ['shift+escape'],
      when: () => page.answer.value.asking !== null,
      run: () => page.cancel(),
    },
    { id: 'query.new', title: 'New question', group: 'General', keys: ['c'], run: () => void tabs.open() },
    {
      id: 'query.new-sql',
      title: 'Write SQL',
      group: 'General',
      keys: ['shift+c'],
      when: () => maySql,
      run: () => page.openSql(''),
    },
    {
      id: 'query.browse',
      title: 'Saved questions and runs',
      group: 'Go to',
      keys: ['o'],
      run: () => {
        page.dialog.value = { kind: 'browse' };
      },
    },
    {
      id: 'query.next',
      title: 'Next question',
      group: 'Move',
      keys: [']'],
      keysOnly: true,
      when: several,
      run: () => step(1),
    },
    {
      id: 'query.previous',
      title: 'Previous question',
      group: 'Move',
      keys: ['['],
      keysOnly: true,
      when: several,
      run: () => step(-1),
    },
    {
      id: 'query.close',
      title: 'Close the question',
      group: 'Move',
      keys: ['shift+x'],
      run: () => page.close(tabs.activeKey),
    },
    { id: 'query.sql', title: 'Show or hide the SQL', group: 'View', keys: ['s'], when: () => maySql, run: toggleSql },
    ...chartKinds.map(
      (as, at): Command => ({
        id: `query.show-${as}`,
        title: kindNames[as],
        group: 'View',
        keys: [String(at + 1)],
        when: asks,
        run: () => page.change({ as }),
      }),
    ),
  ];
}

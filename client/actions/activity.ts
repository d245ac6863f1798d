/** Steps, comments and actions as one list, newest first. Pure. */
import type { ActionView } from '../../server/http/contract/actions.ts';
import type { ChangesPage } from '../../server/http/contract/exceptions.ts';

export type Activity = {
  key: string;
  at: number;
  who: string;
  /** Not a rule or a source. */
  isPerson: boolean;
  isComment: boolean;
  words: string;
  action: ActionView | null;
};

/** Changes of the amount are many and said elsewhere. */
const quiet = new Set(['updated']);
const told: Record<string, string> = {
  opened: 'Opened',
  returned: 'Came back while it recovered',
  recovering: 'Seems to be over',
  closed: 'Over',
  acknowledged: 'Has seen it',
  started: 'Began to work on it',
  woken: 'Woken',
  snoozed: 'Snoozed',
  resolved: 'Resolved',
  dismissed: 'Dismissed',
  reopened: 'Taken up again',
};

/** @param comments from live state: history comes to them a moment later, and knows also those that live state let go */
export function activityOf(
  actions: readonly ActionView[],
  changes: ChangesPage['items'],
  comments: readonly { by: string; at: number; comment: string }[],
  nameOf: (key: string) => string,
): Activity[] {
  const done = actions.map((action) => ({
    key: action.action,
    at: action.at,
    who: action.by,
    isPerson: true,
    isComment: false,
    words: action.words,
    action,
  }));
  const changed = changes
    .filter(({ change }) => !quiet.has(change))
    .map(({ seq, at, change, by, words, event }) => ({
      key: `${seq}:${change}`,
      at,
      who: by || event.source,
      isPerson: by !== '',
      isComment: change === 'commented',
      words: wordsOf(change, words, nameOf),
      action: null,
    }));
  const written = new Set(changed.filter(({ isComment }) => isComment).map(({ at, who }) => `${at} ${who}`));
  const said = comments
    .filter(({ at, by }) => !written.has(`${at} ${by}`))
    .map(({ by, at, comment }) => ({
      key: `${at} ${by}`,
      at,
      who: by,
      isPerson: true,
      isComment: true,
      words: comment,
      action: null,
    }));
  return [...done, ...changed, ...said].sort((a, b) => b.at - a.at);
}

function wordsOf(change: string, words: string, nameOf: (key: string) => string): string {
  if (change === 'commented') return words;
  if (change === 'assigned') return words === '' ? 'Took the name off' : `Assigned to ${nameOf(words)}`;
  const name = told[change] ?? change.charAt(0).toUpperCase() + change.slice(1).replaceAll('-', ' ');
  return words === '' ? name : `${name}: ${words}`;
}

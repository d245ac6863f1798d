/** What fields and values of a filter are called on the screen. */
import { stateWords } from '../../status/states.ts';
import { type FacetField, ME, NONE, type Show } from './filter.ts';

export const fieldWords: Record<FacetField, string> = {
  severity: 'Severity',
  kind: 'Kind',
  area: 'Area',
  node: 'Node',
  channel: 'Channel',
  owner: 'Team',
  assignee: 'Owner',
  condition: 'Condition',
  work: 'Work',
  source: 'Source',
};
export const showWords: Record<Show, string> = {
  calling: 'open',
  'put-away': 'put away',
  beneath: 'beneath another',
  all: 'all',
};

/** `stockout-expected` is `Stockout expected`. */
export function readable(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const identifiers = new Set<FacetField>(['node', 'channel', 'source']);

export function valueWords(field: FacetField, value: string, nameOf: (person: string) => string): string {
  if (value === NONE) return field === 'assignee' ? 'Nobody' : 'None';
  if (field === 'assignee') return value === ME ? 'Me' : nameOf(value);
  if (field === 'severity') return stateWords[value as keyof typeof stateWords] ?? value;
  return identifiers.has(field) ? value : readable(value);
}

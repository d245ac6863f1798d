/**
 * Which exceptions a list shows. A filter is text, as the address holds it: `severity:critical,high node:BOS-1 mug`.
 * Values of one field are alternatives; fields and words must all fit. Pure.
 */
import type { ExceptionLine } from '../../../server/live/contract.ts';
import { type DueBucket, dueBucket, dueBuckets } from '../due.ts';

export const facetFields = [
  'severity',
  'kind',
  'area',
  'node',
  'channel',
  'owner',
  'assignee',
  'condition',
  'work',
  'source',
] as const;
export type FacetField = (typeof facetFields)[number];

/** `calling`: asks for somebody. `put-away`: snoozed, resolved or dismissed. `beneath`: another one explains it. */
export const shows = ['calling', 'put-away', 'beneath', 'all'] as const;
export type Show = (typeof shows)[number];

/** What a field says of a row that says nothing of it: `node:none`, `assignee:none`. */
export const NONE = 'none';
/** Whoever is signed in: `assignee:me` is the same link for everybody. */
export const ME = 'me';

export type Filter = {
  show: Show;
  facets: ReadonlyMap<FacetField, readonly string[]>;
  due: DueBucket | '';
  /** All of them must occur. */
  words: readonly string[];
  /** In whole units of the currency, as people write it; 0: any. */
  moneyFrom: number;
  /** 0: any. */
  olderThanMs: number;
};
export type Reader = {
  now: number;
  me: string;
  /** All that is shown of a row, in lower case. */
  text(row: ExceptionLine): string;
  /** Minor units to one of the currency. */
  minorPerMajor(currency: string): number;
};

export const nothing: Filter = { show: 'calling', facets: new Map(), due: '', words: [], moneyFrom: 0, olderThanMs: 0 };

const HOUR_MS = 3_600_000;
const spans: Record<string, number> = { m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS };

/** Whatever is no filter is a word to look for: nothing that somebody typed is lost. */
export function parseFilter(text: string, due = ''): Filter {
  const facets = new Map<FacetField, readonly string[]>();
  const words: string[] = [];
  let { show, moneyFrom, olderThanMs } = nothing;
  for (const token of tokensOf(text)) {
    const [, field = '', value = ''] = /^([a-z]+):(.+)$/s.exec(token) ?? [];
    if (field === 'show' && isOneOf(shows, value)) show = value;
    else if (isOneOf(facetFields, field))
      facets.set(field, unique([...(facets.get(field) ?? []), ...value.split(',')]));
    else if (field === 'money' && /^>\d+$/.test(value)) moneyFrom = Number(value.slice(1));
    else if (field === 'age' && spanOf(value) > 0) olderThanMs = spanOf(value);
    else words.push(token.toLowerCase());
  }
  return { show, facets, due: isOneOf(dueBuckets, due) ? due : '', words, moneyFrom, olderThanMs };
}

/** The text of a filter, without `due`, which has its own place in the address. */
export function filterText({ show, facets, words, moneyFrom, olderThanMs }: Filter): string {
  const tokens = [
    ...(show === 'calling' ? [] : [`show:${show}`]),
    ...facetFields.flatMap((field) => (facets.get(field)?.length ? [`${field}:${facets.get(field)!.join(',')}`] : [])),
    ...(moneyFrom > 0 ? [`money:>${moneyFrom}`] : []),
    ...(olderThanMs > 0 ? [`age:>${ageText(olderThanMs)}`] : []),
    ...words,
  ];
  return tokens.map((token) => (/\s/.test(token) ? `"${token}"` : token)).join(' ');
}

export function withFacet(filter: Filter, field: FacetField, values: readonly string[]): Filter {
  const facets = new Map(filter.facets);
  if (values.length === 0) facets.delete(field);
  else facets.set(field, unique(values));
  return { ...filter, facets };
}

export function toggleFacet(filter: Filter, field: FacetField, value: string): Filter {
  const values = filter.facets.get(field) ?? [];
  return withFacet(filter, field, values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);
}

export const isFiltered = (filter: Filter): boolean => filter.due !== '' || filterText(filter) !== '';
/** Whether time alone lets rows come and go. */
export const followsClock = ({ due, olderThanMs }: Filter): boolean => due !== '' || olderThanMs > 0;

export function standingOf({ work, inhibitedBy }: Pick<ExceptionLine, 'work' | 'inhibitedBy'>): Exclude<Show, 'all'> {
  if (work === 'snoozed' || work === 'resolved' || work === 'dismissed') return 'put-away';
  return inhibitedBy === undefined ? 'calling' : 'beneath';
}

export function facetOf(row: ExceptionLine, field: FacetField): string {
  return row[field] || NONE;
}

export function matches(filter: Filter, row: ExceptionLine, reader: Reader): boolean {
  if (!matchesButFacets(filter, row, reader)) return false;
  for (const [field, values] of filter.facets) if (!fitsFacet(values, row, field, reader)) return false;
  return true;
}

export function fitsFacet(values: readonly string[], row: ExceptionLine, field: FacetField, { me }: Reader): boolean {
  const value = facetOf(row, field);
  return values.includes(value) || (field === 'assignee' && value === me && values.includes(ME));
}

export function matchesButFacets(filter: Filter, row: ExceptionLine, reader: Reader): boolean {
  if (filter.show !== 'all' && standingOf(row) !== filter.show) return false;
  if (filter.due !== '' && dueBucket(row.deadline, reader.now) !== filter.due) return false;
  if (filter.moneyFrom > 0 && row.moneyAtRisk < filter.moneyFrom * reader.minorPerMajor(row.currency)) return false;
  if (filter.olderThanMs > 0 && reader.now - row.since < filter.olderThanMs) return false;
  if (filter.words.length === 0) return true;
  const text = reader.text(row);
  return filter.words.every((word) => text.includes(word));
}

/** Split at spaces; `"two words"` are one. */
function tokensOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"?|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').filter(Boolean);
}

function spanOf(value: string): number {
  const [, count = '0', unit = ''] = /^>(\d+)([mhd])$/.exec(value) ?? [];
  return Number(count) * (spans[unit] ?? 0);
}

/** `2d`, `4h`, `30m`: the largest unit that says it exactly. */
export function ageText(ms: number): string {
  const unit = ['d', 'h', 'm'].find((one) => ms % spans[one]! === 0) ?? 'm';
  return `${Math.round(ms / spans[unit]!)}${unit}`;
}

const unique = (values: readonly string[]): string[] => [...new Set(values.filter((value) => value !== ''))];
const isOneOf = <T extends string>(known: readonly T[], value: string): value is T =>
  (known as readonly string[]).includes(value);

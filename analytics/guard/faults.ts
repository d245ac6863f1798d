/** What is wrong with a question, where, and what to do about it. */
import { tokenizeSql } from '../clickhouse/sql-text.ts';

export type Fault = {
  what: string;
  remedy: string | null;
  /** 1-based, in the text as it was written; null when it cannot be told. */
  line: number | null;
  column: number | null;
};

/** A fault before its place is looked for: `at` is a word of the text, or an offset in it. */
export type Finding = { what: string; remedy?: string | null; at?: string | number | undefined };

export const FAULTS_MAX = 10;
const FAULT_CHARACTERS_MAX = 400;

export function faultsOf(text: string, findings: readonly Finding[]): Fault[] {
  const unique = new Map(findings.map((finding) => [finding.what, finding]));
  return [...unique.values()].slice(0, FAULTS_MAX).map(({ what, remedy = null, at }) => ({
    what: clipped(what),
    remedy: remedy === null ? null : clipped(remedy),
    ...placeOf(text, typeof at === 'string' ? offsetOfWord(text, at) : (at ?? -1)),
  }));
}

const clipped = (words: string): string =>
  words.length > FAULT_CHARACTERS_MAX ? `${words.slice(0, FAULT_CHARACTERS_MAX)}…` : words;

function placeOf(text: string, offset: number): { line: number | null; column: number | null } {
  if (offset < 0 || offset > text.length) return { line: null, column: null };
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** Where a name stands in the text, strings and comments left out; the canonical text may write it in another case. */
function offsetOfWord(text: string, word: string): number {
  const wanted = plain(word);
  const last = plain(word.slice(word.lastIndexOf('.') + 1));
  const tokens = tokenizeSql(text).filter(({ kind }) => kind === 'word' || kind === 'quoted');
  const found =
    tokens.find((token) => plain(token.text) === wanted) ?? tokens.find((token) => plain(token.text) === last);
  return found?.start ?? -1;
}

const plain = (name: string): string => name.replaceAll(/["`]/g, '').toLowerCase();

const DISTANCE_MAX = 2;

/** The known name that is nearest to a wrong one, or null when none is near. */
export function nearest(wrong: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.min(DISTANCE_MAX, Math.floor(wrong.length / 2)) + 1;
  const lower = wrong.toLowerCase();
  for (const name of known) {
    if (Math.abs(name.length - wrong.length) >= least) continue;
    const distance = name.toLowerCase() === lower ? 0 : distanceOf(lower, name.toLowerCase());
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

export const didYouMean = (wrong: string, known: Iterable<string>): string | null => {
  const name = nearest(wrong, known);
  return name === null ? null : `did you mean \`${name}\`?`;
};

/** How many letters must be changed, added or left out (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/**
 * A look at the canonical text before anything is made of it: its words and signs are all of known kinds, it is one
 * SELECT, and nothing in it can stand for something else in the dump of its tree.
 */
import type { Finding } from './faults.ts';

export type CanonicalText = {
  /** Names that WITH gives to subqueries. */
  named: string[];
};

type Token = { kind: 'string' | 'quoted' | 'word' | 'number' | 'sign'; text: string };

const patterns: readonly [Token['kind'], RegExp][] = [
  ['string', /'(?:[^'\\]|\\.)*'/sy],
  ['quoted', /`(?:[^`\\]|\\.)*`/sy],
  ['word', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['number', /\d[A-Za-z0-9_]*(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['sign', /<=>|->|::|\|\||<=|>=|!=|[-+*/%=<>(),.[\]]/y],
];
/** What a name in quotes may hold: nothing that means something in the dump of the tree. */
const QUOTED_NAME = /^`[\p{L}\p{N}_ %€$£#&/+:?!-]+`$/u;

/** Words of the language in the form in which the engine writes them, and what to do instead. */
const forbidden = new Map([
  ['SETTINGS', 'settings cannot be changed'],
  ['OUTFILE', 'use an export: it writes a file for you'],
  ['FORMAT', 'leave it out: the form of the answer is chosen where it is asked for'],
  ['PARALLEL', 'ask one question at a time'],
  ['RECURSIVE', 'use numbers(…) for a row of numbers or days'],
  ['STREAM', 'ask again: answers do not go on by themselves'],
]);

export function readCanonical(text: string): CanonicalText | { findings: Finding[] } {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === ' ' || text[at] === '\n') {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at);
    if (token === null) return { findings: [signFinding(text[at]!)] };
    tokens.push(token);
    at += token.text.length;
  }
  const findings = [...statementFindings(tokens), ...wordFindings(tokens), ...quotedFindings(tokens)];
  return findings.length > 0 ? { findings } : { named: namedSubqueries(tokens) };
}

function tokenAt(text: string, at: number): Token | null {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) return { kind, text: found[0] };
  }
  return null;
}

function signFinding(sign: string): Finding {
  if (sign === ';') return { what: 'only one statement can be run', remedy: 'leave out `;` and what follows it' };
  if (sign === '{') return { what: 'a parameter has no value', remedy: 'give each `{name:Type}` a value' };
  return { what: `the sign \`${sign}\` is not available`, remedy: 'put names and texts that hold it into quotes' };
}

function statementFindings(tokens: Token[]): Finding[] {
  const first = tokens.find(({ text }) => text !== '(');
  if (first?.text !== 'SELECT' && first?.text !== 'WITH') {
    const words = first === undefined ? 'there is nothing to run' : `${first.text} is not available`;
    return [{ what: words, remedy: 'write one SELECT; nothing can be changed here', at: first?.text ?? 0 }];
  }
  let depth = 0;
  for (const { text } of tokens) {
    if (text === '(') depth += 1;
    if (text === ')' && --depth < 0) return [{ what: 'a bracket is closed that was never opened' }];
  }
  return depth === 0 ? [] : [{ what: 'a bracket is not closed' }];
}

function wordFindings(tokens: Token[]): Finding[] {
  return tokens.flatMap(({ kind, text }, at) => {
    if (kind !== 'word') return [];
    const remedy = forbidden.get(text);
    if (remedy !== undefined) return [{ what: `${text} is not available`, remedy, at: text }];
    const upper = text.toUpperCase();
    const next = tokens[at + 1];
    // The engine writes its words in capitals; should it ever not, these two would still be seen.
    const isClause = next?.kind === 'word' && next.text !== next.text.toUpperCase();
    const remedyOfClause = forbidden.get(upper);
    return remedyOfClause !== undefined && isClause
      ? [{ what: `${upper} is not available`, remedy: remedyOfClause, at: text }]
      : [];
  });
}

const quotedFindings = (tokens: Token[]): Finding[] =>
  tokens
    .filter(({ kind, text }) => kind === 'quoted' && !QUOTED_NAME.test(text))
    .map(({ text }) => ({
      what: `the name ${text} is not available`,
      remedy: 'names hold letters, digits, spaces and a few signs such as % and -',
      at: text,
    }));

/** `WITH name AS (`, `, name AS (`, also with columns and MATERIALIZED: whatever could be one. */
function namedSubqueries(tokens: Token[]): string[] {
  const names: string[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'word' && token.kind !== 'quoted') continue;
    if (tokens[at - 1]?.text !== 'WITH' && tokens[at - 1]?.text !== ',') continue;
    let next = at + 1;
    if (tokens[next]?.text === '(') next = tokens.findIndex(({ text }, index) => index > next && text === ')') + 1;
    if (tokens[next]?.text !== 'AS') continue;
    next += tokens[next + 1]?.text === 'MATERIALIZED' ? 2 : 1;
    if (tokens[next]?.text === '(') names.push(token.text.replaceAll('`', ''));
  }
  return names;
}

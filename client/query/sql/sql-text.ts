/** What a text of SQL speaks of, read roughly while it is being written: what is typed is rarely whole. Pure. */

export type Word = {
  text: string;
  from: number;
  to: number;
  kind: 'word' | 'sign' | 'string' | 'number' | 'parameter';
};

const TOKEN =
  /(?<comment>--[^\n]*|#![^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>'(?:[^'\\]|\\.|'')*(?:'|$))|(?<parameter>\{\s*[A-Za-z_]\w*\s*:[^}]*\}?)|(?<quoted>`[^`]*`?|"[^"]*"?)|(?<word>[A-Za-z_]\w*)|(?<number>\d[\w.]*)|(?<sign>[^\s\w])/g;

/** Comments are no words. */
export function wordsOf(sql: string): Word[] {
  const found: Word[] = [];
  for (const match of sql.matchAll(TOKEN)) {
    const { comment, string, parameter, quoted, word, number } = match.groups!;
    if (comment !== undefined) continue;
    const kind = string ? 'string' : parameter ? 'parameter' : quoted || word ? 'word' : number ? 'number' : 'sign';
    const text = quoted ? quoted.replace(/^[`"]|[`"]$/g, '') : match[0];
    found.push({ text, kind, from: match.index, to: match.index + match[0].length });
  }
  return found;
}

/** Whether a place lies in a comment or inside of quotes, where nothing is completed. */
export function isInText(sql: string, at: number): boolean {
  for (const match of sql.matchAll(TOKEN)) {
    const { comment, string } = match.groups!;
    if (match.index >= at) return false;
    const end = match.index + match[0].length;
    if (comment !== undefined && at > match.index && at <= end) return !comment.endsWith('*/') || at < end;
    if (string !== undefined && at < end) return true;
    if (string !== undefined && at === end && (string.length === 1 || !string.endsWith("'"))) return true;
  }
  return false;
}

export type Source = { view: string; alias: string };
const AFTER_VIEW = new Set(
  'where group order limit join inner left right full cross any all asof on using prewhere having union final sample as array settings with select format global semi anti window qualify offset except intersect'.split(
    ' ',
  ),
);

/** Views that are read, with the names they are called by: `FROM orders o JOIN items AS i`. */
export function sourcesOf(sql: string): Source[] {
  const words = wordsOf(sql);
  const sources: Source[] = [];
  for (let index = 0; index < words.length; index++) {
    const lower = words[index]!.text.toLowerCase();
    if (words[index]!.kind !== 'word' || (lower !== 'from' && lower !== 'join')) continue;
    let next = index + 1;
    // `FROM a, b` names two.
    for (;;) {
      const view = words[next];
      if (view?.kind !== 'word') break;
      let after = words[next + 1];
      let alias = view.text;
      if (after?.text.toLowerCase() === 'as') {
        next += 1;
        after = words[next + 1];
      }
      if (after?.kind === 'word' && !AFTER_VIEW.has(after.text.toLowerCase())) {
        alias = after.text;
        next += 1;
      }
      sources.push({ view: view.text, alias });
      if (words[next + 1]?.text !== ',') break;
      next += 2;
    }
  }
  return sources;
}

/** Names that the text gives to what it selects: `AS revenue`, and to what stands before: `WITH x AS (`. */
export function namesGiven(sql: string): string[] {
  const words = wordsOf(sql);
  const given = new Set<string>();
  words.forEach((word, index) => {
    if (word.kind !== 'word' || word.text.toLowerCase() !== 'as') return;
    const next = words[index + 1];
    if (next?.text === '(') {
      const before = words[index - 1];
      if (before?.kind === 'word') given.add(before.text);
    } else if (next?.kind === 'word') given.add(next.text);
  });
  return [...given];
}

/** `{from:DateTime}` wherever it stands, each once, in the order of the text. */
export function parametersOf(sql: string): { name: string; type: string }[] {
  const found = new Map<string, string>();
  for (const { kind, text } of wordsOf(sql)) {
    if (kind !== 'parameter' || !text.endsWith('}')) continue;
    const [, name = '', type = ''] = /^\{\s*(\w+)\s*:\s*(.*?)\s*\}$/s.exec(text) ?? [];
    if (!found.has(name)) found.set(name, type);
  }
  return [...found].map(([name, type]) => ({ name, type }));
}

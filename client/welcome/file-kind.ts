/** What a file is, by its name and its first characters: nobody is asked what can be seen. Pure. */
export type FileKind = 'events' | 'settings' | 'table' | 'mapping' | 'unknown';

const LOOKED_AT_CHARACTERS = 4_000;

export function kindOf(name: string, text: string): FileKind {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const head = text.slice(0, LOOKED_AT_CHARACTERS).trimStart();
  if (head === '' || head.includes('\u0000')) return 'unknown';
  if (/^tidelineMapping\s*:/m.test(head)) return 'mapping';
  if (['csv', 'tsv', 'txt'].includes(ending)) return 'table';
  if (['ndjson', 'jsonl'].includes(ending)) return 'events';
  if (['yaml', 'yml'].includes(ending)) return 'settings';
  if (ending !== 'json' && !head.startsWith('{') && !head.startsWith('[')) return 'unknown';
  return head.startsWith('[') || head.includes('"specversion"') ? 'events' : 'settings';
}

/** Lines of CloudEvents, from lines or from one JSON array. Throws what JSON.parse throws. */
export function eventLines(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) return (JSON.parse(trimmed) as unknown[]).map((one) => JSON.stringify(one));
  try {
    // One event, written over several lines.
    return [JSON.stringify(JSON.parse(trimmed))];
  } catch {
    return trimmed.split(/\r?\n/).filter((line) => line.trim() !== '');
  }
}

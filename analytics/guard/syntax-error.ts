/** What the engine says of a text it does not understand, for the person who wrote it. */
import type { Finding } from './faults.ts';

const EXPECTED_SHOWN_MAX = 5;

/** Codes of the engine that speak of its own state, not of the text: no memory, no time, no room, cancelled. */
const OWN_STATE = new Set([159, 202, 209, 210, 241, 394, 516]);

const TOO_DEEP = new Set([167, 168, 306]);

/** @throws the error itself when it is not about the text: the engine is away, or has no room */
export function readSyntaxError(error: unknown, text: string): Finding {
  const words = error instanceof Error ? error.message : String(error);
  // The client of a server tells it apart, the embedded engine in its words.
  const told = Number((error as { code?: unknown })?.code ?? Number.NaN);
  const code = Number.isInteger(told) ? told : Number(/Code: (\d+)\. DB::/.exec(words)?.[1] ?? Number.NaN);
  if (!Number.isInteger(code) || OWN_STATE.has(code)) throw error;
  if (TOO_DEEP.has(code))
    return { what: 'the question is nested too deeply', remedy: 'take it apart: WITH name AS (SELECT …)' };
  const place = /failed at position (\d+) \(([^\n]*?)\)/.exec(words);
  if (place === null) {
    const said = words.replace(/^.*?DB::Exception: /s, '').replace(/: In scope .*$/s, '');
    return { what: said.slice(0, 300).trim() };
  }
  const at = Math.max(0, characterAt(text, Number(place[1]) - 1));
  const expected = /Expected one of: ([^.]*?)(?:\.|: In scope|$)/s.exec(words)?.[1]?.split(', ') ?? [];
  const near = place[2] === 'end of query' ? 'the end' : `\`${place[2]}\``;
  return {
    what: /Multi-statements/.test(words) ? 'only one statement can be run' : `I do not understand ${near} here`,
    remedy: expected.length === 0 ? null : `expected ${expected.slice(0, EXPECTED_SHOWN_MAX).join(', ')}`,
    at,
  };
}

/** The engine counts bytes. */
function characterAt(text: string, bytes: number): number {
  return Buffer.from(text, 'utf8').subarray(0, bytes).toString('utf8').length;
}

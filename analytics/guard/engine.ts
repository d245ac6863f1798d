/** The two questions the guard has for an engine. It answers them without running anything of the text. */
import { text as readText } from 'node:stream/consumers';
import { type HistoryClient, queryRows } from '../clickhouse/client.ts';
import { loadQuery } from '../sql/load.ts';

export type GuardEngine = {
  /** The text as the engine itself writes it. @throws when it is not one statement of its language */
  write(text: string): Promise<string>;
  /** The lines of the tree of a text that `write` has given. @throws when it has none */
  explain(canonical: string): Promise<string[]>;
};

/** The statement that writes a text anew, in the column `canonical`. */
export const writeStatement = (text: string): string =>
  loadQuery('guard/canonical').replace('{hex}', Buffer.from(text, 'utf8').toString('hex'));

/** The statement that shows the tree of a canonical text; it names no format. */
export const explainStatement = (canonical: string): string =>
  loadQuery('guard/explain').replace('{canonical}', () => canonical);

/** By the client of any engine, embedded or not, with the rights of whoever the client is. */
export const guardEngineOf = (client: HistoryClient): GuardEngine => ({
  async write(text) {
    const [row] = await queryRows<{ canonical: string }>(client, writeStatement(text));
    return row?.canonical ?? '';
  },
  async explain(canonical) {
    // Without a format of its own: the engine would take it for one of the text that is explained.
    const { stream } = await client.exec({ query: explainStatement(canonical) });
    return linesOf(await readText(stream));
  },
});

/** The lines of an answer in the engine's own form, tab-separated. */
export const linesOf = (answer: string): string[] => answer.split('\n').slice(0, -1).map(unescaped);

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

const unescaped = (line: string): string => line.replaceAll(/\\(.)/gs, (_, sign: string) => ESCAPES[sign] ?? sign);

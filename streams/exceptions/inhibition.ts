/**
 * Which exceptions another one makes doubtful or explains: they are shown beneath it and call for nobody by themselves.
 * Nothing is written: when the other one is over, they stand for themselves again. Pure.
 */
import type { ExceptionArea } from '../events/exception-words.ts';
import type { OpenException } from '../operations/exception-state.ts';

export type Inhibited = Pick<OpenException, 'kind' | 'subject' | 'node' | 'channel' | 'source' | 'dependsOn'>;

type Inhibition = {
  /** The kind that inhibits while it holds. */
  by: string;
  why: string;
  /** What both must name, the one that inhibits by its field, the other by one of its own. */
  field: 'source' | 'node' | 'channel';
  /** The values by which an exception depends on such a thing. */
  values(exception: Inhibited, area: ExceptionArea): readonly (string | undefined)[];
};

/** First come, first served: the first row that fits is the one that is shown. */
export const inhibitions: readonly Inhibition[] = [
  {
    by: 'source-silent',
    why: 'what it was worked out from has stopped coming in',
    field: 'source',
    values: ({ dependsOn = [] }) => dependsOn,
  },
  {
    by: 'node-impaired',
    why: 'the node cannot do what it usually does, and somebody is at it',
    field: 'node',
    values: ({ node }, area) => (area === 'fulfilment' ? [node] : []),
  },
  {
    by: 'source-silent',
    why: 'the system of this node has stopped sending: its stock and its work may have moved on',
    field: 'node',
    values: ({ node }, area) => (area === 'fulfilment' || area === 'inventory' ? [node] : []),
  },
  {
    by: 'source-silent',
    why: 'the channel has stopped sending: its figures say so too',
    field: 'channel',
    values: ({ channel }, area) => (area === 'signals' ? [channel] : []),
  },
];

/** Asks, for a set of exceptions, which of them (as `kind:subject`) inhibits a given one. */
export type AskInhibitor = (exception: Inhibited) => string | undefined;

/** @param areaOf the area of a kind, from the catalog */
export function findInhibitors(
  exceptions: Iterable<OpenException>,
  areaOf: (kind: string) => ExceptionArea | undefined,
): AskInhibitor {
  const kinds = new Set(inhibitions.map(({ by }) => by));
  const found = new Map<string, string>();
  for (const exception of exceptions) {
    // A false alarm explains nothing, and neither does what may come to nothing yet.
    if (!kinds.has(exception.kind) || exception.condition === 'pending' || exception.work === 'dismissed') continue;
    for (const field of ['source', 'node', 'channel'] as const) {
      const value = exception[field];
      const key = `${exception.kind}|${field}|${value}`;
      const name = nameOf(exception);
      // Of several the first by name: the answer must not hang on the order in which they came.
      if (value !== undefined && (found.get(key) ?? name) >= name) found.set(key, name);
    }
  }
  if (found.size === 0) return () => undefined;
  return (exception) => {
    if (kinds.has(exception.kind)) return undefined;
    const area = areaOf(exception.kind);
    if (area === undefined) return undefined;
    for (const { by, field, values } of inhibitions) {
      for (const value of values(exception, area)) {
        const name = found.get(`${by}|${field}|${value}`);
        if (name !== undefined) return name;
      }
    }
    return undefined;
  };
}

export const nameOf = ({ kind, subject }: Pick<OpenException, 'kind' | 'subject'>): string => `${kind}:${subject}`;

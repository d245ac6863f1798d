/** Where a figure comes from that nobody counts: it was defined, and by whom. */
import type { Draft } from '../../../streams/operations/draft.ts';
import type { Explanation } from '../../http/contract/explain.ts';
import { askHistory, reachable } from '../ask-history.ts';
import { atOneMoment } from '../at-one-moment.ts';
import { eventsBehind } from '../events-behind.ts';
import { type EventsAsked, type EventsTold, type ExplainDeps, explanationOf, type Part } from './told.ts';

const definitions = {
  item: { type: 'item.defined', subject: (id: string) => id },
  channel: { type: 'channel.defined', subject: (id: string) => `channels:${id}` },
  node: { type: 'node.defined', subject: (id: string) => `nodes:${id}` },
  policy: { type: 'policy.defined', subject: (id: string) => `policies:${id}` },
} as const;

type Defined = keyof typeof definitions;
export const isDefined = (kind: string): kind is Defined => Object.hasOwn(definitions, kind);

/** Numbers of the definition are its parts; its versions are the events. */
export async function explainDefinition(
  deps: ExplainDeps,
  kind: Defined,
  id: string,
  { limit }: EventsAsked,
): Promise<Explanation | null> {
  const { redis, keys } = deps.runtime;
  const moment = await atOneMoment(redis, keys, (draft) => defined(draft, kind, id));
  const { type, subject } = definitions[kind];
  const rows = await reachable(
    askHistory(deps.runtime)('queries/settings-versions', { subject: subject(id), type, limit }),
  );
  if (moment.answer === undefined && rows.length === 0) return null;
  const parts = numbersOf(moment.answer ?? {});
  const told = {
    number: `${kind}:${id}`,
    name: `${kind} ${id} as it is defined`,
    value: null,
    unit: 'units' as const,
    formula: 'defined by a person or a system; the newest definition holds',
    parts,
    events: { items: rows.map((row) => eventOf(row, type)), next: null },
  };
  return explanationOf(moment, told, await eventsBehind(deps.runtime));
}

function defined(draft: Draft, kind: Defined, id: string): object | undefined {
  return kind === 'policy' ? draft.get('policy', id)?.body : draft.get(kind, id);
}

const bookkeeping = new Set(['definedAt', 'version']);

const numbersOf = (definition: object): Part[] =>
  Object.entries(definition).flatMap(([name, value]) =>
    typeof value === 'number' && !bookkeeping.has(name) ? [{ words: name, value, number: null }] : [],
  );

function eventOf(row: Record<string, unknown>, type: string): EventsTold['items'][number] {
  const { by } = JSON.parse(String(row['data'])) as { by?: string };
  return {
    seq: Number(row['seq']),
    occurredAt: Number(row['occurredAt']),
    receivedAt: Number(row['receivedAt']),
    source: String(row['source']),
    id: '',
    type,
    words: by === undefined ? `defined by ${String(row['source'])}` : `defined by ${by}`,
    change: null,
    balance: null,
  };
}

/**
 * Values that events name and master data does not know: a SKU nobody defined, a node, a channel. Only where the company
 * defines such things at all: without any item defined, no item is missing.
 */
import type { Event } from '../../events/index.ts';
import type { Draft } from '../draft.ts';
import type { Source } from '../states.ts';
import type { DefinedKind } from './source-quality-state.ts';

/** Values remembered per source; more of them are one and the same problem. */
const REMEMBERED_MAX = 20;

type Naming = {
  sku?: string;
  node?: string;
  fromNode?: string;
  toNode?: string;
  channel?: string;
  lines?: { sku?: string; quantity?: number; unitPrice?: number; amount?: number }[];
};

/** Notes what an event names that nobody has defined. @returns the source, changed only when there is something */
export function noteUnknown(draft: Draft, source: Source, event: Event): Source {
  if (definitions.has(event.type)) return source;
  const data = event.data as Naming;
  let found: string[] | undefined;
  let amount = 0;
  const look = (kind: DefinedKind, value: string | undefined): boolean => {
    if (value === undefined || value === '' || draft.get(kind, value) !== undefined) return false;
    if (draft.get('unknown-values', kind)?.defined !== true) return false;
    found ??= [];
    const name = `${kind}:${value}`;
    if (!found.includes(name)) found.push(name);
    return true;
  };
  look('item', data.sku);
  look('node', data.node);
  look('node', data.fromNode);
  look('node', data.toNode);
  look('channel', data.channel);
  for (const line of data.lines ?? []) {
    if (look('item', line.sku)) amount += line.amount ?? (line.quantity ?? 0) * (line.unitPrice ?? 0);
  }
  return found === undefined ? source : remember(draft, source, found, event, amount);
}

/** These say themselves what there is. */
const definitions: ReadonlySet<Event['type']> = new Set<Event['type']>([
  'item.defined',
  'node.defined',
  'channel.defined',
  'source.defined',
]);

function remember(draft: Draft, source: Source, found: string[], event: Event, amount: number): Source {
  const fresh = found
    .filter((name) => !source.unknown.includes(name))
    .slice(0, Math.max(0, REMEMBERED_MAX - source.unknown.length));
  for (const name of fresh) {
    const kind = name.slice(0, name.indexOf(':')) as DefinedKind;
    const value = name.slice(kind.length + 1);
    const known = draft.get('unknown-values', kind)!;
    const sources = [...(known.sources[value] ?? []), source.source].sort();
    draft.put('unknown-values', kind, { ...known, sources: sorted({ ...known.sources, [value]: sources }) });
  }
  const unknownEvents = source.unknownEvents + 1;
  // Told anew when the list grows and whenever the count has doubled: not with each of a million events.
  if (fresh.length > 0 || (unknownEvents & (unknownEvents - 1)) === 0) draft.touch('source', source.source);
  return {
    ...source,
    unknown: fresh.length === 0 ? source.unknown : [...source.unknown, ...fresh].sort(),
    unknownSince: source.unknownSince === 0 ? event.receivedAt : source.unknownSince,
    unknownEvents,
    unknownAmount: source.unknownAmount + amount,
  };
}

/** Something was defined: whoever named it before was right to. */
export function nowKnown(draft: Draft, kind: DefinedKind, value: string): void {
  const known = draft.get('unknown-values', kind) ?? { defined: false, sources: {} };
  const { [value]: waiting = [], ...others } = known.sources;
  if (known.defined && waiting.length === 0) return;
  draft.put('unknown-values', kind, { defined: true, sources: others });
  for (const name of waiting) {
    const source = draft.get('source', name);
    if (source === undefined) continue;
    const unknown = source.unknown.filter((one) => one !== `${kind}:${value}`);
    const rest = unknown.length > 0 ? {} : { unknownSince: 0, unknownEvents: 0, unknownAmount: 0 };
    draft.put('source', name, { ...source, unknown, ...rest });
    draft.touch('source', name);
  }
}

const sorted = <T>(entries: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));

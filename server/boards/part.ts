/** The part of the operation that a board or a tile shows: one node, one channel, or everything. */
import type { Kpi } from '../../analytics/kpis/index.ts';
import type { Source } from '../../streams/operations/states.ts';
import type { Mirror } from '../live/mirror.ts';
import { feedState } from '../live/views/sources.ts';

/** Ages are told in steps: otherwise every event would send every tile again. */
const AGE_STEP_MS = 5_000;

export type Part = { node?: string | undefined; channel?: string | undefined };

/** A tile that cannot be worked out, with the reason for people. */
export class CannotShow extends Error {}

/** Everything that was defined or ever had an order. */
export function knownParts({ states }: Mirror): { nodes: Map<string, string>; channels: Map<string, string> } {
  const nodes = new Map([...states.node.values()].map(({ node, name }) => [node, name || node]));
  const channels = new Map([...states.channel.values()].map(({ channel, name }) => [channel, name || channel]));
  for (const { node, channel } of states.backlog.values()) {
    if (node !== '' && !nodes.has(node)) nodes.set(node, node);
    if (channel !== '' && !channels.has(channel)) channels.set(channel, channel);
  }
  return { nodes, channels };
}

/** Its names for people. @throws CannotShow when there is no such node or channel */
export function namesOf(mirror: Mirror, { node, channel }: Part): { node?: string; channel?: string } {
  const { nodes, channels } = knownParts(mirror);
  if (node !== undefined && !nodes.has(node)) throw new CannotShow(`There is no node "${node}".`);
  if (channel !== undefined && !channels.has(channel)) throw new CannotShow(`There is no channel "${channel}".`);
  return {
    ...(node === undefined ? {} : { node: nodes.get(node)! }),
    ...(channel === undefined ? {} : { channel: channels.get(channel)! }),
  };
}

/** The whole company's figure must never pass for that of a part. @throws CannotShow */
export function expectDimensions(kpi: Kpi, part: Part): void {
  for (const dimension of ['node', 'channel'] as const) {
    if (part[dimension] !== undefined && !kpi.dimensions.includes(dimension)) {
      throw new CannotShow(`${kpi.name} is not measured by ${dimension}.`);
    }
  }
}

/** The feeds that a figure of this part rests on; what Tideline measures of itself rests on none. */
export function feedsBehind(mirror: Mirror, kpi: Kpi, part: Part): { asOf: number | null; staleSources: string[] } {
  const { watermark } = mirror.workspace();
  const sources = kpi.group === 'data' ? [] : [...mirror.states.source.values()].filter((one) => speaksOf(one, part));
  const isPart = part.node !== undefined || part.channel !== undefined;
  const exact = isPart ? Math.max(0, ...sources.map((source) => source.watermark)) : watermark;
  const newest = floorTo(exact > 0 ? exact : watermark);
  return {
    asOf: newest > 0 ? newest : null,
    staleSources: sources
      .map((source) => feedState(mirror, source))
      .flatMap(({ status, name }) => (status === 'stale' ? [name] : [])),
  };
}

const floorTo = (at: number): number => Math.floor(at / AGE_STEP_MS) * AGE_STEP_MS;

/** One that names no channel or node speaks of all. */
const speaksOf = (source: Source, { node, channel }: Part): boolean =>
  (channel === undefined || source.channel === '' || source.channel === channel) &&
  (node === undefined || source.node === '' || source.node === node);

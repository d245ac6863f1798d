/** One source as the API tells it: live state for how it is now, history for what it sent. */
import {
  type SourceHour,
  sourceHours,
  sourceRefusals,
  sourceSilences,
} from '../../analytics/clickhouse/queries/sources.ts';
import { openDeadLetters, type StoredDeadLetter } from '../../streams/ingestion/dead-letters.ts';
import { openWebhookSources } from '../access/webhook-sources.ts';
import type { SourceView } from '../http/contract/sources.ts';
import type { Mirror } from '../live/mirror.ts';
import { feedState } from '../live/views/sources.ts';
import type { Runtime } from '../runtime.ts';
import { reachable } from './ask-history.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const HOURS_SHOWN = 48;
const WEEKS_COMPARED = 2;
const REASONS_MAX = 20;
const SILENCES_MAX = 10;
const EXCEPTIONS_MAX = 20;
/** Dead letters that are looked through for their reasons, the newest. */
const LETTERS_LOOKED_AT = 500;

/** @returns null when nobody has heard of it */
export async function readSource(
  runtime: Pick<Runtime, 'redis' | 'keys' | 'history'>,
  mirror: Mirror,
  name: string,
): Promise<SourceView | null> {
  const source = mirror.states.source.get(name);
  if (source === undefined) return null;
  const { redis, keys, history } = runtime;
  const asOf = mirror.businessNow();
  const thisHour = Math.floor(asOf / HOUR_MS) * HOUR_MS;
  const from = thisHour - (HOURS_SHOWN - 1) * HOUR_MS;
  const past = { source: name, from: from - WEEKS_COMPARED * WEEK_MS, to: thisHour + HOUR_MS };
  const letters = openDeadLetters(redis, keys.workspace);
  const [hours, refusals, silences, dead, webhook] = await Promise.all([
    reachable(sourceHours(history, past)),
    reachable(sourceRefusals(history, { source: name, from: mirror.now() - WEEK_MS, limit: REASONS_MAX })),
    reachable(sourceSilences(history, { source: name, from: asOf - 30 * DAY_MS, limit: SILENCES_MAX })),
    letters.list(0, LETTERS_LOOKED_AT),
    openWebhookSources(redis, keys).find(name),
  ]);
  await mirror.readDuplicates();
  return {
    asOf,
    feed: feedState(mirror, source),
    watermark: source.watermark || null,
    lagMs: source.events === 0 ? null : Math.max(0, source.lastReceivedAt - source.lastOccurredAt),
    aheadMs: source.aheadMs,
    silentSince: source.silentSince || null,
    firstReceivedAt: source.firstReceivedAt || null,
    volume: source.volume,
    hours: hoursShown(hours, from),
    problems: [
      ...reasonsOf(dead.items.filter((letter) => letter.source === name)),
      ...refusals.map(({ type, example, events, lastAt }) => ({
        ...{ kind: 'refused' as const, reason: example, type, count: events, lastAt },
      })),
    ],
    unknown: { values: source.unknown, events: source.unknownEvents, since: source.unknownSince || null },
    silences,
    depends: dependsOn(mirror, source),
    webhook: webhook === undefined ? null : { connector: webhook.connector, secrets: webhook.secrets.length },
  };
}

/** Every hour there is to show, with the mean of the same hour of the weeks before that it has been heard in. */
export function hoursShown(found: readonly SourceHour[], from: number): SourceView['hours'] {
  const known = new Map(found.map((row) => [row.hour, row]));
  const first = found[0]?.hour ?? Number.POSITIVE_INFINITY;
  return Array.from({ length: HOURS_SHOWN }, (_, index) => {
    const hour = from + index * HOUR_MS;
    const { events = 0, refused = 0, late = 0 } = known.get(hour) ?? {};
    const before = Array.from({ length: WEEKS_COMPARED }, (_, week) => hour - (week + 1) * WEEK_MS);
    const heard = before.filter((at) => at >= first).map((at) => known.get(at)?.events ?? 0);
    const usual = heard.length === 0 ? null : heard.reduce((sum, count) => sum + count, 0) / heard.length;
    return { hour, events, refused, late, usual };
  });
}

/** Letters with the same reason but for its numbers, the most first. */
export function reasonsOf(letters: readonly StoredDeadLetter[]): SourceView['problems'] {
  const groups = Map.groupBy(letters, ({ reason }) => reason.replaceAll(/\d+/g, '#'));
  return [...groups.values()]
    .map((group) => ({
      kind: 'dead-letter' as const,
      reason: group[0]!.reason,
      type: group[0]!.topic ?? group[0]!.contentType,
      count: group.length,
      lastAt: Math.max(...group.map(({ failedAt }) => failedAt)),
    }))
    .sort((a, b) => b.count - a.count)
    .slice(0, REASONS_MAX);
}

function dependsOn(mirror: Mirror, source: { source: string; channel: string; node: string }): SourceView['depends'] {
  const open = (fits: (backlog: { channel: string; node: string }) => boolean) =>
    [...mirror.states.backlog.values()].filter(fits).reduce((sum, { orders }) => sum + orders, 0);
  const { channel, node } = source;
  return {
    channel: channel === '' ? null : { channel, openOrders: open((backlog) => backlog.channel === channel) },
    node:
      node === ''
        ? null
        : {
            node,
            name: mirror.states.node.get(node)?.name ?? node,
            openOrders: open((backlog) => backlog.node === node),
          },
    exceptions: [...mirror.states.exception.values()]
      .filter((exception) => exception.source === source.source && exception.id !== '')
      .slice(0, EXCEPTIONS_MAX)
      .map(({ id, kind, title }) => ({ id, kind, title })),
  };
}

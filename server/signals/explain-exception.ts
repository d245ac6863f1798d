/** Everything that explains an exception: what changed, what else happened then, and how it went before. */
import type { Changed } from '../../analytics/anomalies/explanation/related.ts';
import { lastOfException } from '../../analytics/clickhouse/queries/exception-changes.ts';
import { lastAnomaly } from '../../analytics/clickhouse/queries/explanations.ts';
import type { EventOf } from '../../streams/events/index.ts';
import { seriesOfSubject } from '../../streams/exceptions/kpi-anomaly.ts';
import type { Item } from '../../streams/operations/states.ts';
import type { ExceptionExplanation, ExplainedChange } from '../http/contract/explanations.ts';
import type { Mirror } from '../live/mirror.ts';
import type { Asker } from '../questions/ask.ts';
import { dataAge } from '../questions/data-age.ts';
import { reachable } from '../reading/ask-history.ts';
import { findException } from '../reading/exceptions.ts';
import type { Runtime } from '../runtime.ts';
import { explainChange } from './explain-change.ts';
import { relatedEvents } from './explain-related.ts';
import { similarEpisodes } from './explain-similar.ts';
import type { NameOfValue } from './explain-words.ts';

const MINUTE_MS = 60_000;
/** The width of a bucket that nobody named. */
const WIDTH_MS = 60 * MINUTE_MS;

type Detected = EventOf<'anomaly.detected'>['data'];
type Known = {
  number: string;
  kind: string;
  subject: string;
  since: number;
  /** When it was over, or how it stands now. */
  until: number;
  isOver: boolean;
  sku?: string | undefined;
  node?: string | undefined;
  channel?: string | undefined;
  source?: string | undefined;
};

/** @param name its number, such as `EX-17`, or `kind:subject`; also one that is over. @returns null when there never was one */
export async function explainException(
  { runtime, mirror }: { runtime: Pick<Runtime, 'ops' | 'history' | 'redis' | 'keys'>; mirror: Mirror },
  name: string,
  asker: Asker,
  signal?: AbortSignal,
): Promise<ExceptionExplanation | null> {
  const known = await readKnown(runtime, mirror, name);
  if (known === null) return null;
  const { kind, subject, number } = known;
  const { timeZone, currency } = mirror.workspace();
  const isFigure = kind === 'kpi-anomaly';
  const detected = isFigure ? await readDetected(runtime, known) : undefined;
  const window = windowOf(known, detected);
  const explained = !isFigure
    ? { notExplained: 'It is no figure that could be split into parts: what it follows from is in its formula.' }
    : await changeOf(runtime, mirror, { ...window, known, detected }, { asker, signal, timeZone, currency });
  const change = 'change' in explained ? explained.change : null;
  const changed: Changed = {
    ...window,
    where: change?.where ?? placesOf(known),
    roots: change?.roots.map(({ values }) => values) ?? [],
  };
  const apart = `${kind}:${subject}`;
  const kpi = isFigure ? seriesOfSubject(subject).kpi : undefined;
  const episode = { number, kind, subject, began: known.since, places: placesOf(known), detected };
  const [related, similar, age] = await Promise.all([
    relatedEvents(runtime, changed, { apart, kpi }),
    similarEpisodes(runtime, episode, timeZone),
    dataAge(runtime, mirror.businessNow()),
  ]);
  return {
    exception: apart,
    change,
    notExplained: 'notExplained' in explained ? explained.notExplained : null,
    related,
    ...similar,
    ...age,
  };
}

async function readKnown({ history }: Pick<Runtime, 'history'>, mirror: Mirror, name: string): Promise<Known | null> {
  const live = findException(mirror, name);
  if (live !== undefined) {
    const { id, kind, subject, since, sku, node, channel, source } = live;
    return { number: id, kind, subject, since, until: mirror.businessNow(), isOver: false, sku, node, channel, source };
  }
  const last = await reachable(lastOfException(history, name));
  if (last === undefined) return null;
  return { ...last, until: last.at, isOver: true };
}

function placesOf({ sku, node, channel, source }: Known): Record<string, string> {
  const named = Object.entries({ sku, node, channel, source });
  return Object.fromEntries(named.filter((one): one is [string, string] => one[1] !== undefined && one[1] !== ''));
}

async function readDetected(
  { history }: Pick<Runtime, 'history'>,
  { subject, since, until }: Known,
): Promise<Detected | undefined> {
  const { kpi, channel = '', node = '', source = '', sku = '' } = seriesOfSubject(subject);
  const series = { kpi, channel, node, source, sku };
  const told = await reachable(lastAnomaly(history, series, { from: since - MINUTE_MS, to: until + MINUTE_MS }));
  return told === undefined ? undefined : (JSON.parse(told.data) as Detected);
}

/** What is explained: from when it began to when it was last told. */
function windowOf({ since, until }: Known, detected: Detected | undefined): { from: number; to: number } {
  if (detected === undefined) return { from: Math.min(since, until - MINUTE_MS), to: until };
  const width = (detected.minutes ?? WIDTH_MS / MINUTE_MS) * MINUTE_MS;
  return { from: Math.min(detected.since ?? detected.at, detected.at - width), to: detected.at };
}

type Asked = { from: number; to: number; known: Known; detected: Detected | undefined };
type How = { asker: Asker; signal: AbortSignal | undefined; timeZone: string; currency: string };

async function changeOf(
  runtime: Pick<Runtime, 'ops'>,
  mirror: Mirror,
  { from, to, known, detected }: Asked,
  { asker, signal, ...zone }: How,
): Promise<{ change: ExplainedChange } | { notExplained: string }> {
  if (detected === undefined) return { notExplained: 'History does not hold yet what the detector said of it.' };
  if (detected.what === 'missing' || detected.what === 'flat') {
    return { notExplained: 'No new figures come: there is no change to share out. See what has gone silent.' };
  }
  const { kpi, channel, node, source, sku, what } = detected;
  const isOneBucket = detected.minutes !== undefined && to - from === detected.minutes * MINUTE_MS;
  const asked = {
    kpi,
    where: { channel, node, source, sku },
    from,
    to,
    what,
    // What was expected was said of the last bucket only.
    expected: isOneBucket ? detected.expected : undefined,
  };
  const names = new Map<string, string>();
  const nameOf: NameOfValue = (dimension, value) => names.get(`${dimension}:${value}`) ?? value;
  for (const [id, { name }] of mirror.states.channel) names.set(`channel:${id}`, name);
  for (const [id, { name }] of mirror.states.node) names.set(`node:${id}`, name);
  const told = await explainChange(runtime, { now: Math.max(mirror.businessNow(), known.until), ...zone }, asked, {
    asker,
    signal,
    nameOf,
  });
  if ('notExplained' in told) return told;
  const skus = skusIn(told.change);
  for (const { sku: id, name } of await mirror.readStates<Item>('item', skus)) if (name) names.set(`sku:${id}`, name);
  return { change: skus.length === 0 ? told.change : named(told.change, nameOf) };
}

/** Items are read when it is known which of them are told. */
function skusIn({ roots, dimensions }: ExplainedChange): string[] {
  const ofRoots = roots.flatMap(({ values }) => values['sku'] ?? []);
  const ofParts = dimensions
    .filter(({ dimension }) => dimension === 'sku')
    .flatMap(({ parts }) => parts.map(({ value }) => value));
  return [...new Set([...ofRoots, ...ofParts])].filter((one) => one !== '');
}

const named = (change: ExplainedChange, nameOf: NameOfValue): ExplainedChange => ({
  ...change,
  roots: change.roots.map((root) => {
    const { sku } = root.values;
    return sku === undefined
      ? root
      : { ...root, words: root.words.replace(`SKU ${sku}`, () => `SKU ${nameOf('sku', sku)}`) };
  }),
  dimensions: change.dimensions.map((one) =>
    one.dimension !== 'sku'
      ? one
      : { ...one, parts: one.parts.map((part) => ({ ...part, words: nameOf('sku', part.value) })) },
  ),
});

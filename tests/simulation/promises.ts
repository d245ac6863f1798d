/** What must be true after any seed: the promises that concern state, each checked against what was sent and stored. */
import { readEvents } from '../../analytics/clickhouse/history-reader.ts';
import type { Event } from '../../streams/events/index.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import { dueOf } from '../../streams/processing/deadline-score.ts';
import { stateKinds } from '../../streams/processing/keys.ts';
import { createWorld, expectSound, type World } from '../support/fold.ts';
import type { Outcome } from './run-seed.ts';

/** @returns one sentence per broken promise */
export async function brokenPromises(outcome: Outcome): Promise<string[]> {
  if (outcome.stuck !== '') return [`it does not come to rest: ${outcome.stuck}`];
  const events = await eventsInHistory(outcome);
  const replayed = createWorld();
  replayed.apply(...events);
  return [
    ...countedOnce(outcome, events),
    ...sameAsLive(outcome, replayed),
    ...sound(replayed, events),
    ...noDeadlineLeft(outcome),
  ];
}

async function eventsInHistory({ history }: Outcome): Promise<Event[]> {
  const events: Event[] = [];
  for await (const page of readEvents(history.reader())) events.push(...page.map(({ event }) => event));
  return events;
}

/** 1: an acknowledged delivery is never lost and never counted twice; nothing is made up; 8: poison stops only itself. */
function countedOnce({ history, intake }: Outcome, events: Event[]): string[] {
  const times = new Map<string, number>();
  for (const { source, id } of events) times.set(`${source}|${id}`, (times.get(`${source}|${id}`) ?? 0) + 1);
  return [
    ...[...intake.acknowledged].filter((identity) => !times.has(identity)).map((identity) => `${identity} is lost`),
    // Our own deadlines may be told again after the machine slept for longer than the dedupe window; rules bear that.
    ...[...times]
      .filter(([identity, count]) => count > 1 && !isOwn(identity))
      .map(([identity, count]) => `${identity} counted ${count} times`),
    ...[...times.keys()]
      .filter((identity) => !intake.sent.has(identity) && !isOwn(identity))
      .map((identity) => `${identity} was never sent`),
    ...history.twice.map((row) => `row ${row} is twice in history`),
    ...history.differences(),
    ...intake.problems,
    ...history
      .rows()
      .filter(({ type, refused = '' }) => refused.startsWith('internal fault') !== (type === 'poison'))
      .map(({ type, id, refused }) => `${type} ${id}: ${refused}`),
  ];
}

const isOwn = (identity: string): boolean => identity.startsWith(`${OWN_SOURCE}|`);

/** 2: history replayed from empty gives the live state, byte for byte. */
function sameAsLive({ store, keys }: Outcome, replayed: World): string[] {
  const rebuilt = replayed.snapshot();
  const broken: string[] = [];
  for (const kind of stateKinds) {
    const live = store.hash(keys.state(kind));
    const fresh = new Map(Object.entries(rebuilt[kind]!));
    for (const id of new Set([...live.keys(), ...fresh.keys()])) {
      if (live.get(id) === fresh.get(id)) continue;
      broken.push(`${kind} ${id}: live ${live.get(id) ?? 'absent'}, replayed ${fresh.get(id) ?? 'absent'}`);
    }
  }
  const deadlines = new Map<string, number>();
  for (const source of store.members(keys.deadlineSources)) {
    for (const [member, score] of store.scores(keys.deadlines(source)))
      deadlines.set(`${source}|${member}`, dueOf(score));
  }
  for (const key of new Set([...deadlines.keys(), ...replayed.deadlines.keys()])) {
    if (deadlines.get(key) === replayed.deadlines.get(key)) continue;
    broken.push(`deadline ${key}: live ${deadlines.get(key)}, replayed ${replayed.deadlines.get(key)}`);
  }
  return broken;
}

/** 3, 4 and 6: units are conserved, allocated is what is reserved, exceptions are those that the states show. */
function sound(world: World, events: Event[]): string[] {
  const wrong = unsoundness(world);
  return wrong === '' ? [] : [`states are not sound: ${wrong}; first ${firstUnsound(events)}`];
}

function unsoundness(world: World): string {
  try {
    expectSound(world);
    return '';
  } catch (error) {
    const { message, actual, expected } = error as { message: string; actual?: unknown; expected?: unknown };
    return `${message}: they are ${JSON.stringify(actual)}, should be ${JSON.stringify(expected)}`;
  }
}

/** The event after which it went wrong: looked for only when something is wrong, because every event is checked. */
function firstUnsound(events: Event[]): string {
  const world = createWorld();
  for (const [index, event] of events.entries()) {
    world.apply(event);
    const wrong = unsoundness(world);
    if (wrong !== '') return `after event ${index + 1}, ${JSON.stringify(event)}: ${wrong}`;
  }
  return 'at the end only';
}

/** 10: a deadline that has passed is answered: what nobody answers is never told. */
function noDeadlineLeft({ store, keys, wall }: Outcome): string[] {
  const late: string[] = [];
  for (const source of store.members(keys.deadlineSources)) {
    const text = store.hash(keys.state('source')).get(source);
    const known =
      text === undefined ? undefined : (JSON.parse(text) as { lastReceivedAt: number; lastOccurredAt: number });
    const live = known === undefined || known.lastReceivedAt - known.lastOccurredAt <= 15 * 60_000;
    if (!live) continue;
    for (const [member, due] of store.scores(keys.deadlines(source))) {
      if (due < wall - 5_000)
        late.push(`deadline ${member} of ${source} was due ${Math.round((wall - due) / 1000)} s ago`);
    }
  }
  return late;
}

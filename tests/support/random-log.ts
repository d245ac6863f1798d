/** Random histories as they stand in a log: understood, received, and in the order in which they arrived. */
import { type Random, randomOf } from '../../server/simulated-company/random.ts';
import { type CloudEvent, understandCloudEvent } from '../../streams/events/envelope.ts';
import type { Event } from '../../streams/events/index.ts';
import { type HistoryShape, randomHistory } from './random-history.ts';

const STARTS_AT = Date.parse('2026-03-27T20:40:00Z');

/** @param overtakes how many places an event may arrive later than it was sent, at most */
export function logOf(
  seed: number,
  { overtakes = 0, ...shape }: Partial<HistoryShape> & { overtakes?: number } = {},
): Event[] {
  const random = randomOf(seed, 'log');
  const written = randomHistory(randomOf(seed, 'business'), {
    events: 120,
    from: STARTS_AT,
    paceMs: 45_000,
    lateShare: 0.1,
    ...shape,
  });
  const arrivals = written
    .map(({ event }, place) => ({ event, place: place + (overtakes === 0 ? 0 : random.int(0, overtakes)) }))
    .sort((a, b) => a.place - b.place);
  let receivedAt = STARTS_AT;
  return arrivals.map(({ event }) => {
    // A clock that runs ahead is understood up to two hours.
    receivedAt = Math.max(receivedAt + 7, Date.parse(event.time) - 3_600_000);
    const understood = understandCloudEvent(event as CloudEvent, receivedAt);
    if ('problem' in understood) throw new Error(`seed ${seed}, ${event.type}: ${understood.problem}`);
    return understood.event;
  });
}

/** The same list in another order. */
export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const result = [...list];
  for (let at = result.length - 1; at > 0; at--) {
    const other = random.int(0, at);
    [result[at], result[other]] = [result[other]!, result[at]!];
  }
  return result;
}

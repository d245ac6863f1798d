/** A history in a real engine with all kinds of events in it, and the views over it. */
import { type HistoryClient, insertLines } from '../../analytics/clickhouse/client.ts';
import { createViews } from '../../analytics/clickhouse/create-views.ts';
import { migrate } from '../../analytics/clickhouse/migrate.ts';
import { migrationsDir } from '../../analytics/sql/load.ts';
import { opsDatabaseOf } from '../../analytics/views/index.ts';
import type { Event } from '../../streams/events/index.ts';
import { factRow } from '../../streams/processing/fact-row.ts';
import type { TestEngine } from './engine.ts';
import { process, type Shop } from './kpi-history.ts';
import { logOf } from './random-log.ts';

export type FilledHistory = {
  shop: Shop;
  /** The owner, in the database of the tables. */
  history: HistoryClient;
  /** In the database of the views. */
  ops: HistoryClient;
  database: string;
};

export async function fillHistory(engine: TestEngine, seed: number, events = 1_500): Promise<FilledHistory> {
  const { client: history, database } = await engine.createDatabase();
  await migrate(history, migrationsDir);
  await createViews(history);
  const shop = process(logOf(seed, { events, lateShare: 0.2, overtakes: 20 }).map(withCustomer));
  // In pieces: rows of one thing lie in several parts, as they do in a history that grew.
  const lines = shop.facts.map(factRow);
  const half = Math.ceil(lines.length / 2);
  for (const [index, part] of [lines.slice(0, half), lines.slice(half)].entries()) {
    await insertLines(history, 'facts', part.join('\n'), { token: `part-${index}` });
  }
  return { shop, history, ops: engine.connect(opsDatabaseOf(database)), database };
}

const CUSTOMERS = 7;

/** Random histories know no customers; here a few people order again and again. */
function withCustomer(event: Event, place: number): Event {
  if (event.type !== 'order.placed') return event;
  return { ...event, data: { ...event.data, customer: `ada-${place % CUSTOMERS}"\\@example.org` } };
}

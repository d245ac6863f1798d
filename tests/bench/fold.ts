/** The fold alone: `processBatch` over states in memory, no Redis, no JSON. */
import { catalog } from '../../analytics/kpis/index.ts';
import { understandCloudEvent } from '../../streams/events/envelope.ts';
import type { Event } from '../../streams/events/index.ts';
import type { StateMaps } from '../../streams/operations/draft.ts';
import { stateKinds } from '../../streams/processing/keys.ts';
import { beginBatch, processBatch } from '../../streams/processing/process-batch.ts';
import { opening, orders } from './business.ts';

const BATCH = 1_000;
const WARM_UP = 20_000;

class AllLoaded {
  readonly map = new Map<string, unknown>();
  has = () => true;
  get = (id: string) => this.map.get(id);
  set = (id: string, state: unknown) => void this.map.set(id, state);
  forget = (id: string) => void this.map.delete(id);
}

/** @returns order events per second */
export function measureFold(count: number): number {
  const maps = Object.fromEntries(stateKinds.map((kind) => [kind, new AllLoaded()])) as unknown as StateMaps;
  const now = Date.now();
  const understand = (cloud: object): Event => {
    const answer = understandCloudEvent(cloud, now);
    if ('problem' in answer) throw new Error(answer.problem);
    return answer.event;
  };
  let seq = 0;
  const apply = (events: Event[]) => {
    for (let from = 0; from < events.length; from += BATCH) {
      const batch = beginBatch(maps, seq);
      processBatch(batch, events.slice(from, from + BATCH), 0, catalog);
      seq = batch.seq;
    }
  };
  apply(opening(now).map(understand));
  apply(orders(0, WARM_UP, now).map(understand));
  const events = orders(WARM_UP, count, now).map(understand);
  const started = performance.now();
  apply(events);
  return (count / (performance.now() - started)) * 1_000;
}

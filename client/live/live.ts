/** How components reach the live layer: one connection and its topics, provided once to the whole application. */
import { type App, type InjectionKey, inject, onScopeDispose } from 'vue';
import type { Snapshot } from '../../server/live/contract.ts';
import { request } from '../http/request.ts';
import { type Connection, createConnection } from './connection.ts';
import { createTopics, type Topic, type Topics } from './topics.ts';

export type Live = { connection: Connection; topics: Topics };
const liveKey: InjectionKey<Live> = Symbol('live');

export function createLive(): Live & { install(app: App): void } {
  const connection = createConnection();
  const topics = createTopics(connection, (topic) => request<Snapshot>('GET', `/v1/live/${encodeURIComponent(topic)}`));
  const live = { connection, topics };
  return { ...live, install: (app) => void app.provide(liveKey, live) };
}

export function provideLive(app: App, live: Live): void {
  app.provide(liveKey, live);
}

export function useConnection(): Connection {
  return useLive().connection;
}

/** The topic's entries, current as long as the calling component lives. */
export function useTopic<T>(name: string): Topic<T> {
  const { topics } = useLive();
  const topic = topics.take<T>(name);
  onScopeDispose(() => topics.release(name));
  return topic;
}

function useLive(): Live {
  const live = inject(liveKey);
  if (live === undefined) throw new Error('The live layer is not installed in this application.');
  return live;
}

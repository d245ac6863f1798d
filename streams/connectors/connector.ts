/** What a connector is: the knowledge about one outside system, as data and pure functions. */
import type { IncomingHttpHeaders } from 'node:http';
import type { EventInput, EventType } from '../events/index.ts';

/** An event as a connector derives it. Its id comes from signed content only, so that a redelivery has the same one. */
export type DerivedEvent = {
  [T in EventType]: { id: string; type: T; time: string; data: EventInput<T> };
}[EventType];

export type Settings = {
  /** The channel that orders of this source belong to; the source's name when not given. */
  channel?: string;
  /** From the outside system's location id to our node. */
  nodes?: Record<string, string>;
  /** Where a body names no currency. */
  currency?: string;
};

export type Context = {
  source: string;
  settings: Settings;
  /** What an earlier delivery asked to be remembered under this name. */
  remembered(name: string): string | undefined;
};

export type Memory = { name: string; value: string /** Days to keep it; for good when not given. */; days?: number };

export type Understanding =
  | {
      events: DerivedEvent[];
      /** Why parts of the body became no event: counted, shown, not wrong. */
      ignored: string[];
      /** Written after the events are in the log. */
      remember?: Memory[];
    }
  | { problem: string };

export type Connector = {
  name: string;
  topics: readonly string[];
  /** The topic a call is about, from its headers; undefined when they do not say. */
  topicOf(headers: IncomingHttpHeaders): string | undefined;
  /** True when one of the secrets signed these bytes. Takes the same time whatever differs. */
  verify(rawBody: Buffer, headers: IncomingHttpHeaders, secrets: readonly string[]): boolean;
  /** Names of the memories that understanding this body needs. */
  recalls(topic: string, body: unknown): string[];
  understand(topic: string, body: unknown, context: Context): Understanding;
};

/** PagerDuty, by its Events API v2: an incident of ours is one of theirs, opened, acknowledged and resolved together. */
import { createHash } from 'node:crypto';
import type { Severity } from '../../../streams/events/exception-words.ts';
import type { AlertMessage, ItemKind, MessageItem } from '../message.ts';
import { factsOf, headingOf, itemHeading, kindOf, moreThan, oneLine, shortFactsOf } from './words.ts';

export type PagerDutySettings = { kind: 'pagerduty'; routingKey: string; url: string };
export type PagerDutyEvent = {
  routing_key: string;
  event_action: 'trigger' | 'acknowledge' | 'resolve';
  dedup_key: string;
  client?: string;
  client_url?: string;
  payload?: {
    summary: string;
    severity: 'critical' | 'error' | 'warning' | 'info';
    source: string;
    timestamp: string;
    component?: string;
    custom_details: Record<string, string | readonly string[]>;
  };
  links?: { href: string; text: string }[];
};

/** Of PagerDuty: longer ones are cut or refused. */
const SUMMARY_MAX = 1_024;
const severities = { critical: 'critical', high: 'error', medium: 'warning', low: 'info' } as const satisfies Record<
  Severity,
  string
>;
const actions: Record<ItemKind, PagerDutyEvent['event_action']> = {
  opened: 'trigger',
  worse: 'trigger',
  still: 'trigger',
  acknowledged: 'acknowledge',
  ended: 'resolve',
};

/** The same for all that is said of one subject. */
export const dedupKeyOf = (message: AlertMessage, item: MessageItem): string => keyOf(message.workspace, item.subject);
const keyOf = (...parts: string[]): string =>
  `tideline-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}`;

/**
 * The events of one message, in their order. What a digest says to be open becomes one incident, which pages once; what
 * it says to be over or taken on is said of the incidents of their own. A test leaves nothing open.
 */
export function pagerDutyEventsOf(message: AlertMessage, routingKey: string): PagerDutyEvent[] {
  const { kind, items } = message;
  const common = { routing_key: routingKey };
  if (kind === 'test') {
    const dedup_key = keyOf(message.workspace, message.id);
    return [
      { ...common, event_action: 'trigger', dedup_key, client: 'Tideline', payload: payloadOfTest(message) },
      { ...common, event_action: 'resolve', dedup_key },
    ];
  }
  const isOpen = (item: MessageItem) => actions[kindOf(message, item)] === 'trigger';
  const open = items.filter(isOpen);
  const own = kind === 'digest' ? items.filter((item) => !isOpen(item)) : items;
  return [
    ...own.map((item) => eventOf(message, item, routingKey)),
    ...(kind === 'digest' && (open.length > 0 || message.count > items.length)
      ? [digestOf(message, open, routingKey)]
      : []),
  ];
}

function eventOf(message: AlertMessage, item: MessageItem, routing_key: string): PagerDutyEvent {
  const event_action = actions[kindOf(message, item)];
  const dedup_key = dedupKeyOf(message, item);
  if (event_action !== 'trigger') return { routing_key, event_action, dedup_key };
  const facts = factsOf(message, item).map(({ name, value }) => [name, value] as const);
  return {
    routing_key,
    event_action,
    dedup_key,
    client: 'Tideline',
    ...(item.url === '' ? {} : { client_url: item.url, links: [{ href: item.url, text: `Open ${item.number}` }] }),
    payload: {
      summary: itemHeading(message, item, SUMMARY_MAX),
      severity: severities[item.severity],
      source: oneLine(message.workspace, 200) || 'Tideline',
      timestamp: new Date(item.since).toISOString(),
      component: oneLine(item.subject, 200),
      custom_details: {
        ...(item.detail === '' ? {} : { Detail: item.detail }),
        ...Object.fromEntries(facts),
        ...(item.because.length === 0 ? {} : { Why: item.because }),
        ...(item.advice === '' ? {} : { 'What to do': item.advice }),
        ...(message.note === '' ? {} : { Note: message.note }),
      },
    },
  };
}

const severityOrder: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

function digestOf(message: AlertMessage, open: readonly MessageItem[], routing_key: string): PagerDutyEvent {
  const worst = severityOrder.find((one) => open.some(({ severity }) => severity === one)) ?? 'high';
  const more = moreThan(message, message.items.length);
  return {
    routing_key,
    event_action: 'trigger',
    dedup_key: keyOf(message.workspace, message.id),
    client: 'Tideline',
    payload: {
      summary: headingOf(message, SUMMARY_MAX),
      severity: severities[worst],
      source: oneLine(message.workspace, 200) || 'Tideline',
      timestamp: new Date(message.at).toISOString(),
      custom_details: {
        Alerts: [
          ...open.map((item) => `${itemHeading(message, item)} (${shortFactsOf(message, item)})`),
          ...(more === '' ? [] : [more]),
        ],
        ...(message.note === '' ? {} : { Note: message.note }),
      },
    },
    links: open
      .filter(({ url }) => url !== '')
      .map(({ url, number }) => ({ href: url, text: `Open ${oneLine(number, 60)}` })),
  };
}

const payloadOfTest = (message: AlertMessage) => ({
  summary: headingOf(message, SUMMARY_MAX),
  severity: 'info' as const,
  source: oneLine(message.workspace, 200) || 'Tideline',
  timestamp: new Date(message.at).toISOString(),
  custom_details: { Note: message.note },
});

/** What every channel says, before its own form: headings, facts and lines that stay lines. Pure. */
import { DateTime } from 'luxon';
import type { Severity } from '../../../streams/events/exception-words.ts';
import { written } from '../../reports/content.ts';
import type { AlertMessage, ItemKind, MessageItem } from '../message.ts';

export const severityWords: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};
const before: Record<ItemKind, string> = {
  opened: '',
  worse: 'Worse: ',
  still: 'Still open: ',
  acknowledged: 'Taken on: ',
  ended: 'Ended: ',
};

export const kindOf = (message: AlertMessage, item: MessageItem): ItemKind =>
  message.kind === 'digest' || message.kind === 'test' ? (item.kind ?? 'opened') : message.kind;

/** `Worse: Tea at BER-1 runs out` */
export const itemHeading = (message: AlertMessage, item: MessageItem, max = 300): string =>
  oneLine(`${before[kindOf(message, item)]}${oneLine(item.title, max) || item.number}`, max);

/** The whole message in one line: what a phone shows. */
export function headingOf(message: AlertMessage, max = 300): string {
  const [first] = message.items;
  if (message.kind === 'test') return oneLine(`Test: alerts of ${message.workspace} arrive here`, max);
  if (message.kind === 'digest') return oneLine(`${message.count.toLocaleString('en')} alerts${worstOf(message)}`, max);
  if (first === undefined) return oneLine(`An alert of ${message.workspace}`, max);
  const ends = message.kind === 'ended' || message.kind === 'acknowledged';
  return oneLine(`${ends ? '' : `${severityWords[first.severity]} · `}${itemHeading(message, first, max)}`, max);
}

function worstOf({ items }: AlertMessage): string {
  const critical = items.filter(({ severity, kind }) => severity === 'critical' && kind !== 'ended').length;
  return critical === 0 ? '' : `, ${critical.toLocaleString('en')} critical`;
}

export type Fact = { name: string; value: string };

/** What is known of one, in the order in which it is read. */
export function factsOf({ timeZone, at }: AlertMessage, item: MessageItem): Fact[] {
  const moment = (time: number) => DateTime.fromMillis(time, { zone: timeZone }).toFormat('d LLL HH:mm');
  const { money, since, deadline, owner, severity, number } = item;
  const facts = [
    { name: 'Severity', value: severityWords[severity] },
    { name: 'At risk', value: money === null ? '' : written(money.amount, 'money', money.currency) },
    { name: 'Since', value: `${moment(since)}${at > since ? ` (${spanOf(at - since)})` : ''}` },
    { name: 'Last useful moment', value: deadline === 0 ? '' : moment(deadline) },
    { name: 'Owner', value: oneLine(owner, 200) },
    { name: 'Number', value: oneLine(number, 60) },
  ];
  return facts.filter(({ value }) => value !== '');
}

/** One of many, in a line of its own. */
export function shortFactsOf(message: AlertMessage, item: MessageItem): string {
  const { money, severity, number, owner } = item;
  const parts = [
    severityWords[severity],
    money === null ? '' : `${written(money.amount, 'money', money.currency)} at risk`,
    `for ${spanOf(Math.max(0, message.at - item.since))}`,
    oneLine(owner, 100),
    oneLine(number, 60),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** What a digest leaves out. */
export const moreThan = (message: AlertMessage, shown: number): string =>
  message.kind === 'digest' && message.count > shown ? `and ${(message.count - shown).toLocaleString('en')} more` : '';

/** Below everything: why it comes now, whose it is, and whose clocks it speaks of. */
export const footOf = ({ note, workspace, timeZone }: AlertMessage): string =>
  [oneLine(note, 300), oneLine(workspace, 120), `times of ${timeZone}`].filter((part) => part !== '').join(' · ');

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;

export function spanOf(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < HOUR_MINUTES) return `${minutes} min`;
  if (minutes < DAY_MINUTES) return together(minutes, HOUR_MINUTES, 'h', 'min');
  return together(Math.round(minutes / HOUR_MINUTES), 24, 'd', 'h');
}

function together(count: number, per: number, large: string, small: string): string {
  const rest = count % per;
  return `${Math.floor(count / per)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

/** Line breaks and signs that turn what follows around would let a name of a product forge words of ours. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** @param max characters, an ellipsis among them */
export function oneLine(text: string, max: number): string {
  const line = text.replaceAll(unseen, ' ').replaceAll(/\s+/g, ' ').trim();
  return cut(line, max);
}

/** Cuts where a character ends: half of one is refused as no Unicode. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = /[\uD800-\uDBFF]/.test(text[max - 2] ?? '') ? max - 2 : max - 1;
  return `${text.slice(0, end).trimEnd()}…`;
}

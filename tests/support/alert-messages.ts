/** Messages as whoever tells people makes them. */
import type { AlertMessage, MessageItem, MessageKind } from '../../server/alerts/message.ts';

const AT = Date.UTC(2026, 10, 23, 18, 30);

export const itemOf = (differ: Partial<MessageItem> = {}): MessageItem => ({
  number: 'EX-17',
  subject: 'stockout-expected:tea|BER-1',
  title: 'Tea runs out at BER-1',
  detail: 'Forty are left, and twelve are sold an hour.',
  severity: 'critical',
  money: { amount: 123_400, currency: 'EUR' },
  since: AT - 95 * 60_000,
  deadline: AT + 3_600_000,
  advice: 'Reorder, or move thirty from HAM-2.',
  because: ['Sales doubled since 14:00: web +110 %'],
  owner: 'Ada',
  url: 'https://ops.example/exceptions/EX-17',
  ...differ,
});

export const alertOf = (kind: MessageKind, differ: Partial<MessageItem> = {}): AlertMessage => ({
  id: 'alert-1',
  kind,
  at: AT,
  workspace: 'Shop',
  timeZone: 'Europe/Berlin',
  items: kind === 'test' ? [] : [itemOf(differ)],
  count: kind === 'test' ? 0 : 1,
  note: 'Nobody has acted for 30 minutes',
});

export const digestOf = (listed: number, differ: Partial<MessageItem> = {}, count = listed): AlertMessage => ({
  ...alertOf('digest'),
  items: Array.from({ length: listed }, (_, at) =>
    itemOf({ kind: 'opened', number: `EX-${at}`, subject: `stockout-expected:tea-${at}`, ...differ }),
  ),
  count,
});

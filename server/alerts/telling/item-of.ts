/** A cause in the words of a message. Pure. */
import { nameOf } from '../../../streams/exceptions/inhibition.ts';
import type { MessageItem } from '../message.ts';
import type { Cause } from './causes.ts';

const KINDS_NAMED_MAX = 4;

/** @param urlOf where a number is shown */
export function itemOf(cause: Cause, urlOf: (number: string) => string): MessageItem {
  const { key, lead, members, severity, moneyAtRisk } = cause;
  const others = members.length - 1;
  // Many are told in one list: each must say what it is about by itself.
  const title = lead.sku === undefined || lead.title.includes(lead.sku) ? lead.title : `${lead.title} · ${lead.sku}`;
  const deadlines = members.map(({ deadline }) => deadline).filter((deadline) => deadline > 0);
  return {
    number: lead.id,
    subject: key,
    title: others === 0 ? title : `${title}, and ${others} more of the same cause`,
    detail: lead.detail,
    severity,
    money: moneyAtRisk === 0 ? null : { amount: moneyAtRisk, currency: lead.currency },
    since: members.reduce((first, { since }) => Math.min(first, since), lead.since),
    deadline: deadlines.length === 0 ? 0 : Math.min(...deadlines.slice(0, 1_000)),
    advice: lead.advice,
    because: becauseOf(cause),
    owner: lead.owner,
    url: urlOf(lead.id),
  };
}

function becauseOf({ key, lead, isHeaded, members, beneath }: Cause): string[] {
  const lines = [...(lead.because ?? [])];
  if (!isHeaded && key !== nameOf(lead)) lines.push(`It comes from ${key}.`);
  if (members.length > 1) {
    const kinds = [...Map.groupBy(members, ({ kind }) => kind)]
      .map(([kind, those]) => ({ kind, count: those.length }))
      .sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1));
    const named = kinds.slice(0, KINDS_NAMED_MAX).map(({ kind, count }) => `${count} ${kind}`);
    const rest = kinds.length > KINDS_NAMED_MAX ? ' and others' : '';
    lines.push(`It stands for ${members.length} exceptions: ${named.join(', ')}${rest}.`);
  }
  if (beneath > 0) lines.push(`${beneath} more stand beneath it: what they state is doubtful while it lasts.`);
  return lines;
}

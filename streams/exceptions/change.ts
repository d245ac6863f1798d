/** One change of an exception, as history and those who listen are told. */
import type { ExceptionChange } from '../operations/effects.ts';
import type { Evidence, OpenException } from '../operations/exception-state.ts';

/** @param more who did it, in which words, and for an end the event that brought it */
export function changeOf(
  exception: OpenException,
  change: ExceptionChange['change'],
  at: number,
  more: { by?: string; words?: string; evidence?: Evidence } = {},
): ExceptionChange {
  const { id, kind, subject, since, title, severity, moneyAtRisk, deadline } = exception;
  const { sku = '', node = '', channel = '', order = '', source = '' } = exception;
  const { by = '', words = '', evidence } = more;
  return {
    id,
    kind,
    subject,
    change,
    at,
    since,
    title,
    severity,
    moneyAtRisk,
    deadline,
    sku,
    node,
    channel,
    order,
    source,
    by,
    words,
    ...(evidence === undefined ? {} : { evidence }),
  };
}

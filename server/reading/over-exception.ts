/** An exception that is over, as history knows it: links to it lead somewhere for as long as history is kept. */
import { lastOfException } from '../../analytics/clickhouse/queries/exception-changes.ts';
import { type Severity, severities } from '../../streams/events/exception-words.ts';
import { definitionOf } from '../../streams/exceptions/shown.ts';
import type { ExceptionView } from '../http/contract/exceptions.ts';
import type { Mirror } from '../live/mirror.ts';
import type { Runtime } from '../runtime.ts';
import { reachable } from './ask-history.ts';

/** @returns null when there never was one of this name, or when history has not come to it yet */
export async function readOverException(runtime: Runtime, mirror: Mirror, name: string): Promise<ExceptionView | null> {
  const last = await reachable(lastOfException(runtime.history, name));
  if (last === undefined) return null;
  const { question = '', playbook = [], endsWhen = '', owner = '', area = 'signals' } = definitionOf(last.kind) ?? {};
  const { number: id, kind, subject, title, since, deadline, moneyAtRisk, at } = last;
  const named = Object.entries({
    sku: last.sku,
    node: last.node,
    channel: last.channel,
    order: last.order,
    source: last.source,
  }).filter(([, value]) => value !== '');
  return {
    id,
    name: `${kind}:${subject}`,
    kind,
    title,
    subject: last.sku || last.order || last.source || '',
    detail: '',
    severity: severities.find((one): one is Severity => one === last.severity) ?? 'low',
    since,
    updatedAt: at,
    overSince: at,
    deadline: deadline > 0 ? deadline : null,
    moneyAtRisk,
    currency: mirror.workspace().currency,
    formula: '',
    inputs: {},
    advice: '',
    area,
    condition: 'recovering',
    work: 'resolved',
    version: 0,
    owner,
    openedAt: null,
    lastSeenAt: at,
    returns: 0,
    ...Object.fromEntries(named),
    question,
    playbook: [...playbook],
    endsWhen,
    comments: [],
    settled: null,
    ended: null,
    effects: { count: 0, moneyAtRisk: 0, exceptions: [] },
  };
}

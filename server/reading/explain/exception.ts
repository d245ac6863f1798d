/** Why so much money is at risk: the formula with its inputs, and what opened, changed and closed the exception. */
import { exceptionHistory } from '../../../analytics/clickhouse/queries/explain.ts';
import { exceptionRules } from '../../../streams/exceptions/index.ts';
import { ids, type OpenException } from '../../../streams/operations/states.ts';
import type { Explanation } from '../../http/contract/explain.ts';
import { reachable } from '../ask-history.ts';
import { atOneMoment } from '../at-one-moment.ts';
import { eventsBehind } from '../events-behind.ts';
import { isBucket } from './bucket.ts';
import { type EventsAsked, type EventsTold, type ExplainDeps, explanationOf, type Part, pageOf } from './told.ts';

/** @param id its number, such as `EX-17`, or `kind:subject`; one that is over is told from history */
export async function explainException(deps: ExplainDeps, id: string, asked: EventsAsked): Promise<Explanation | null> {
  const { runtime, mirror } = deps;
  const numbered = [...mirror.states.exception.values()].find((open) => open.id === id);
  const name = numbered === undefined ? id : ids.exception(numbered.kind, numbered.subject);
  const cut = name.indexOf(':');
  if (cut < 0) return null;
  const [kind, subject] = [name.slice(0, cut), name.slice(cut + 1)];
  const moment = await atOneMoment(runtime.redis, runtime.keys, (draft) => ({
    open: draft.get('exception', name),
    severity: draft.get('policy', 'exceptions'),
  }));
  const { open } = moment.answer;
  const [rows, behind] = await Promise.all([
    reachable(exceptionHistory(runtime.history, { kind, subject, ...asked })),
    eventsBehind(runtime),
  ]);
  if (open === undefined && rows.length === 0) return null;
  const rule = exceptionRules.find((known) => known.kind === kind);
  const told = {
    number: `exception:${name}`,
    name: open?.title ?? `${rows[0]!.title} (over)`,
    value: open === undefined ? 0 : open.moneyAtRisk,
    unit: 'money' as const,
    currency: open?.currency ?? mirror.workspace().currency,
    formula: open?.formula ?? 'nothing is at risk any more',
    parts: open === undefined ? [] : partsOf(open),
    rules: rule === undefined ? [] : [{ rule: kind, says: `${rule.question} Ends when: ${rule.endsWhen}` }],
    events: pageOf(rows.map(eventOf), asked.limit),
    related: open === undefined ? [] : relatedTo(open),
  };
  return explanationOf(moment, told, behind);
}

/** Inputs are the parts of a formula and do not add up; one that names a bucket leads there. */
function partsOf({ inputs, sku, node }: OpenException): Part[] {
  const bucket = Object.values(inputs).find((value): value is string => typeof value === 'string' && isBucket(value));
  return Object.entries(inputs).flatMap(([name, value]) => {
    if (typeof value !== 'number') return [];
    const number =
      sku === undefined || name !== 'units'
        ? null
        : node === undefined
          ? `waiting:${sku}`
          : `bucket:${sku}|${node}|${bucket ?? 'sellable'}`;
    return [{ words: wordsOf(name), value, number }];
  });
}

/** `unitMargin` becomes `unit margin`. */
const wordsOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function relatedTo({ sku, node, order, channel, cause }: OpenException): string[] {
  return [
    ...(sku !== undefined && node !== undefined
      ? [`bucket:${sku}|${node}|sellable`, `atp:${sku}|${node}`, `confidence:${sku}|${node}`]
      : []),
    ...(sku !== undefined && channel !== undefined ? [`atp:${sku}@${channel}`] : []),
    ...(sku !== undefined && node === undefined ? [`waiting:${sku}`] : []),
    ...(order === undefined ? [] : [`promise:${order}`]),
    ...(cause === undefined ? [] : [`exception:${cause}`]),
  ];
}

type Row = Awaited<ReturnType<typeof exceptionHistory>>[number];

const eventOf = ({
  seq,
  at,
  change,
  title,
  moneyAtRisk,
  actor,
  id,
  source,
  type,
  receivedAt,
}: Row): EventsTold['items'][number] => ({
  seq,
  occurredAt: at,
  receivedAt,
  source,
  id,
  type,
  words: `${change}${actor === '' ? '' : ` by ${actor}`}: ${title}`,
  change: null,
  balance: moneyAtRisk,
});

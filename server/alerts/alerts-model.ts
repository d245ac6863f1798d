/** What the routes of alerts ask for: what stands, what was sent, another try, and who would be told. */
import { severities } from '../../streams/events/exception-words.ts';
import { definitionOf } from '../../streams/exceptions/shown.ts';
import type { OpenException } from '../../streams/operations/states.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Audit } from '../access/audit.ts';
import {
  type Alert,
  type AlertPreview,
  type AlertPreviewRequest,
  type AlertsAnswer,
  alertStates,
  type alertsQuery,
  type DeliveriesPage,
  type Delivery,
  type deliveriesQuery,
} from '../http/contract/alerts.ts';
import { type KeptDelivery, viewOf } from './deliveries/delivery.ts';
import { DELIVERIES_KEPT, openKeptAlerts } from './kept-alerts.ts';
import { previewOf } from './preview.ts';
import { problemsOf } from './problems-of.ts';
import type { Directory } from './routing/resolve-recipients.ts';
import type { AlertRecord } from './telling/alert-record.ts';
import { findStanding, readSituation } from './what-stands.ts';

const READ_AT_ONCE = 500;

export type AlertsModel = ReturnType<typeof openAlertsModel>;

export function openAlertsModel(deps: {
  redis: Redis;
  keys: Keys;
  audit: Pick<Audit, 'record'>;
  standing: () => ReadonlyMap<string, OpenException>;
  directory: () => Promise<Directory>;
  now: () => number;
}) {
  const { redis, keys, now } = deps;
  const kept = openKeptAlerts(redis, keys);

  async function list({ state, target, cursor, limit }: Query<typeof alertsQuery>): Promise<AlertsAnswer> {
    const [position, alerts, { policy }, directory, numbers] = await Promise.all([
      kept.readPosition(),
      kept.alerts(),
      readSituation(redis, keys),
      deps.directory(),
      kept.waitingNumbers(),
    ]);
    const all = [...alerts.values()].map(alertOf).sort(compareAlerts);
    const counts = Object.fromEntries(alertStates.map((one) => [one, 0])) as AlertsAnswer['counts'];
    for (const one of all) counts[one.state] += 1;
    const fitting = all.filter(
      (one) => (state === undefined || one.state === state) && (target === undefined || concerns(one, target)),
    );
    const from = cursor === undefined ? 0 : fitting.findIndex(({ key }) => key === cursor) + 1;
    const items = fitting.slice(from, from + limit);
    return {
      items,
      next: from + limit < fitting.length ? items.at(-1)!.key : null,
      on: policy.on,
      lookedAt: position?.lookedAt ?? 0,
      counts,
      problems: problemsOf(policy, directory, position, all.length),
      failing: failingOf(await kept.deliveries(numbers)),
    };
  }

  /** The cursor is the number of the last one that was seen. */
  async function deliveries({ cursor, limit, ...wanted }: Query<typeof deliveriesQuery>): Promise<DeliveriesPage> {
    const newest = (await kept.readPosition())?.seq ?? 0;
    const oldest = Math.max(1, newest - DELIVERIES_KEPT + 1);
    const items: KeptDelivery[] = [];
    let next = Math.min(newest, cursor === undefined || !/^\d+$/.test(cursor) ? newest : Number(cursor) - 1);
    while (next >= oldest) {
      const seqs = Array.from({ length: Math.min(READ_AT_ONCE, next - oldest + 1) }, (_, index) => next - index);
      for (const delivery of await kept.deliveries(seqs)) {
        if (wanted.from !== undefined && delivery.at < wanted.from) return { items: items.map(viewOf), next: null };
        if (!fits(delivery, wanted)) continue;
        if (items.length === limit) return { items: items.map(viewOf), next: String(items.at(-1)!.seq) };
        items.push(delivery);
      }
      next -= seqs.length;
    }
    return { items: items.map(viewOf), next: null };
  }

  async function retry(id: string, by: string): Promise<Delivery | 'absent' | 'not-failed'> {
    const seq = /-(\d+)$/.exec(id)?.[1];
    const [known] = seq === undefined ? [] : await kept.deliveries([seq]);
    if (known === undefined || known.id !== id) return 'absent';
    if (known.state !== 'failed') return 'not-failed';
    await deps.audit.record(by, 'alert.asked-for-again', { id, target: known.target });
    const again = await kept.retry(known, now());
    return again === null ? 'not-failed' : viewOf(again);
  }

  /** @returns null: no such exception stands */
  async function preview(request: AlertPreviewRequest): Promise<AlertPreview | null> {
    const [{ policy, workspace }, directory, alerts] = await Promise.all([
      readSituation(redis, keys),
      deps.directory(),
      kept.alerts(),
    ]);
    const timeZone = workspace?.timeZone ?? 'UTC';
    const situation = { at: request.at ?? now(), policy: request.policy ?? policy, directory, timeZone };
    if (request.example !== undefined) {
      const example = exceptionLike(request.example, situation.at, workspace?.currency ?? 'EUR');
      return previewOf(example, { ...situation, standing: new Map(), alerts: new Map() });
    }
    const standing = deps.standing();
    const exception = findStanding(standing, request.exception ?? '');
    return exception === undefined ? null : previewOf(exception, { ...situation, standing, alerts });
  }

  return { list, deliveries, retry, preview };
}

type Query<T extends { _output: unknown }> = T['_output'];

function alertOf(record: AlertRecord): Alert {
  const { key, item, moneyAtRisk, currency, exceptions, beneath, route, state, waiting, unreachable, escalates } =
    record;
  const told = Object.entries(record.told)
    .filter(([, { delivery }]) => delivery !== '')
    .map(([target, { at, kind, severity, moneyAtRisk: amount, delivery }]) => ({
      ...{ target, at, kind, severity, delivery },
      moneyAtRisk: amount,
    }));
  const { number, title, severity, owner, since } = item;
  return {
    ...{ key, number, title, severity, moneyAtRisk, currency, owner, since, exceptions, beneath, route, state },
    ...{ told, waiting, unreachable, escalates },
  };
}

const compareAlerts = (a: Alert, b: Alert): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
  b.moneyAtRisk - a.moneyAtRisk ||
  (a.key < b.key ? -1 : 1);

const concerns = ({ told, waiting }: Alert, target: string): boolean =>
  [...told, ...waiting].some((one) => one.target === target);

const fits = (delivery: KeptDelivery, wanted: Omit<Query<typeof deliveriesQuery>, 'cursor' | 'limit'>): boolean =>
  (wanted.state === undefined || delivery.state === wanted.state) &&
  (wanted.target === undefined || delivery.target === wanted.target) &&
  (wanted.kind === undefined || delivery.kind === wanted.kind) &&
  (wanted.exception === undefined || delivery.exceptions.includes(wanted.exception));

/** Of each target the first in line, where it was refused before. */
function failingOf(waiting: readonly KeptDelivery[]): AlertsAnswer['failing'] {
  return [...Map.groupBy(waiting, ({ target }) => target)].flatMap(([target, those]) => {
    const first = those.reduce((one, other) => (other.seq < one.seq ? other : one));
    const last = first.tries.at(-1);
    if (last === undefined) return [];
    const { at: since, nextAttemptAt } = first;
    return { target, since, waiting: those.length, nextAttemptAt: nextAttemptAt ?? 0, problem: last.words };
  });
}

function exceptionLike(
  example: NonNullable<AlertPreviewRequest['example']>,
  at: number,
  currency: string,
): OpenException {
  const { kind, severity, moneyAtRisk, node, channel, assignee } = example;
  const definition = definitionOf(kind);
  return {
    ...{ id: '', kind, subject: 'example', title: definition?.question ?? kind, detail: '', severity, moneyAtRisk },
    ...{ since: at, updatedAt: at, deadline: 0, currency, formula: '', inputs: {}, advice: '', condition: 'open' },
    ...{ conditionDue: 0, clock: '', openedAt: 0, returns: 0, work: 'new', version: 0, comments: [] },
    owner: example.owner ?? definition?.owner ?? '',
    ...(node === undefined ? {} : { node }),
    ...(channel === undefined ? {} : { channel }),
    ...(assignee === undefined ? {} : { assignee }),
  };
}

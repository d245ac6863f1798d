/** What a dry run changed, in numbers and in words. */
import { createHash } from 'node:crypto';
import { buckets } from '../../streams/events/fields.ts';
import { workspaceOf } from '../../streams/operations/master-data.ts';
import { allocatedUnits } from '../../streams/operations/orders/order-life.ts';
import { orderStatus } from '../../streams/operations/orders/order-status.ts';
import type { OpenException, Order } from '../../streams/operations/states.ts';
import { nodeAtp } from '../../streams/policies/available-to-promise.ts';
import type { ActionPreview } from '../http/contract/actions.ts';
import { channelChanges } from './channel-promises.ts';
import type { Change, DryRun } from './dry-run.ts';
import { sentencesOf } from './sentences.ts';

type Difference = Pick<
  ActionPreview,
  'stock' | 'channels' | 'orders' | 'exceptions' | 'money' | 'instructions' | 'refused'
>;

/**
 * @param channels all channels, sorted
 * @param action the id it goes by: it tells nothing of the outcome, and a preview has another one than the deed
 */
export function previewOf(run: DryRun, words: string, channels: readonly string[], action: string): ActionPreview {
  const { refused, instructions } = run.fact.effects;
  const done = refused === '';
  const exceptions = done ? exceptionChanges(run) : [];
  const difference: Difference = {
    refused: done ? null : refused,
    stock: done ? stockChanges(run) : [],
    channels: done ? channelChanges(run, channels) : [],
    orders: done ? orderChanges(run) : [],
    exceptions,
    money: moneyOf(run, exceptions),
    instructions: instructions.map(({ kind, to, body }) => ({ kind, to, body: body as Record<string, unknown> })),
  };
  return {
    words,
    asOf: run.asOf,
    fingerprint: fingerprintOf(JSON.stringify(difference).replaceAll(action, '')),
    sentences: sentencesOf(difference),
    ...difference,
  };
}

const fingerprintOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

const of = <K extends Change['kind']>({ changes }: DryRun, kind: K): Change<K>[] =>
  changes.filter((change) => change.kind === kind).sort((a, b) => (a.id < b.id ? -1 : 1)) as Change<K>[];

function stockChanges(run: DryRun): ActionPreview['stock'] {
  return of(run, 'stock').flatMap(({ before, after }) => {
    if (after === undefined) return [];
    const { sku, node } = after;
    const item = run.before.get('item', sku);
    const moved = buckets
      .map((bucket) => ({ bucket, before: before?.[bucket] ?? 0, after: after[bucket] }))
      .filter((figure) => figure.before !== figure.after);
    const atp = { before: before === undefined ? 0 : nodeAtp(before, item), after: nodeAtp(after, item) };
    return moved.length === 0 ? [] : [{ sku, node, buckets: moved, atp }];
  });
}

function orderChanges(run: DryRun): ActionPreview['orders'] {
  return of(run, 'order').flatMap(({ before, after }) => {
    if (before === undefined || after === undefined) return [];
    const figure = (units: (line: Order['lines'][number]) => number) => ({
      before: before.lines.reduce((sum, line) => sum + units(line), 0),
      after: after.lines.reduce((sum, line) => sum + units(line), 0),
    });
    return {
      order: after.order,
      status: { before: orderStatus(before), after: orderStatus(after) },
      waiting: figure((line) => line.waiting),
      allocated: figure(allocatedUnits),
      cancelled: figure((line) => line.cancelled),
    };
  });
}

/** One that is about to open counts as open, and one that recovers as closed: both only wait for their time. */
const amountOf = (exception: OpenException | undefined): number | null =>
  exception === undefined || exception.condition === 'recovering' ? null : exception.moneyAtRisk;

function exceptionChanges(run: DryRun): ActionPreview['exceptions'] {
  return of(run, 'exception').flatMap(({ id, before, after }) => {
    const [was, is] = [amountOf(before), amountOf(after)];
    const { kind, title } = (is === null ? before : after) ?? after!;
    const moneyAtRisk = { before: was ?? 0, after: is ?? 0 };
    if (was === null && is === null) return [];
    const change =
      was === null ? 'opens' : is === null ? 'closes' : is > was ? 'grows' : is < was ? 'shrinks' : 'changes';
    if (change === 'changes' && before?.title === after?.title) return [];
    return [{ exception: id, kind, change, title, moneyAtRisk } as const];
  });
}

function moneyOf(run: DryRun, exceptions: ActionPreview['exceptions']): ActionPreview['money'] {
  const values = of(run, 'totals');
  return {
    currency: workspaceOf(run.before).currency,
    atRisk: {
      before: exceptions.reduce((sum, { moneyAtRisk }) => sum + moneyAtRisk.before, 0),
      after: exceptions.reduce((sum, { moneyAtRisk }) => sum + moneyAtRisk.after, 0),
    },
    stockValue: {
      before: values.reduce((sum, { before }) => sum + (before?.value ?? 0), 0),
      after: values.reduce((sum, { after }) => sum + (after?.value ?? 0), 0),
    },
  };
}

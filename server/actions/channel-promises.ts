/** What channels may promise of the SKUs an action moves, before and after it. */

import { type Channel, ids, type States } from '../../streams/operations/states.ts';
import { channelWaterfall, totalOf } from '../../streams/policies/available-to-promise.ts';
import type { StateKind } from '../../streams/processing/keys.ts';
import type { ActionPreview } from '../http/contract/actions.ts';
import type { DryRun } from './dry-run.ts';

/** SKUs whose channels are worked out; an action on more of them shows its stock only. */
const SKUS_MAX = 10;

const skusOf = ({ changes }: DryRun): string[] =>
  [...new Set(changes.filter(({ kind }) => kind === 'stock').map(({ id }) => id.split('|')[0]!))]
    .sort()
    .slice(0, SKUS_MAX);

/** The states it takes, which the event itself may not have asked for. */
export function statesForChannels(run: DryRun, channels: readonly string[]): Map<StateKind, Set<string>> {
  const skus = skusOf(run);
  const nodes = (sku: string) => (run.after('ledger', sku) ?? run.before('ledger', sku))?.nodes ?? [];
  return new Map<StateKind, Set<string>>([
    ['channel', new Set(channels)],
    ['item', new Set(skus)],
    ['ledger', new Set(skus)],
    ['stock', new Set(skus.flatMap((sku) => nodes(sku).map((node) => ids.stock(sku, node))))],
  ]);
}

/** @param run a dry run that has read `statesForChannels` */
export function channelChanges(run: DryRun, channels: readonly string[]): ActionPreview['channels'] {
  const known = channels.flatMap((id) => run.before('channel', id) ?? []);
  return skusOf(run).flatMap((sku) =>
    known.flatMap((channel) => {
      const figure = {
        before: promiseOf(channel, sku, run.before as Reader),
        after: promiseOf(channel, sku, run.after as Reader),
      };
      return figure.before === figure.after ? [] : [{ sku, channel: channel.channel, ...figure }];
    }),
  );
}

type Reader = <K extends StateKind>(kind: K, id: string) => States[K] | undefined;

function promiseOf(channel: Channel, sku: string, read: Reader): number {
  const ledger = read('ledger', sku);
  const stocks = (ledger?.nodes ?? [])
    .filter((node) => channel.nodes.includes(node))
    .flatMap((node) => read('stock', ids.stock(sku, node)) ?? []);
  return totalOf(channelWaterfall(channel, stocks, read('item', sku), ledger));
}

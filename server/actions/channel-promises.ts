/** What channels may promise of the SKUs an action moves, before and after it. */
import type { Draft } from '../../streams/operations/draft.ts';
import { channelAtp } from '../../streams/operations/reservations/publication.ts';
import type { ActionPreview } from '../http/contract/actions.ts';
import type { DryRun } from './dry-run.ts';

/** SKUs whose channels are worked out; of an action on more of them only the stock is told. */
const SKUS_MAX = 10;

/** @param channels all channels, sorted */
export function channelChanges(run: DryRun, channels: readonly string[]): ActionPreview['channels'] {
  const moved = run.changes.filter(({ kind }) => kind === 'stock' || kind === 'ledger');
  const skus = [...new Set(moved.map(({ id }) => id.split('|')[0]!))].sort().slice(0, SKUS_MAX);
  const at = run.fact.event.occurredAt;
  const promise = (draft: Draft, channel: string, sku: string): number => {
    const known = draft.get('channel', channel);
    return known === undefined ? 0 : channelAtp(draft, known, sku, at);
  };
  return skus.flatMap((sku) =>
    channels.flatMap((channel) => {
      const figure = { before: promise(run.before, channel, sku), after: promise(run.after, channel, sku) };
      return figure.before === figure.after ? [] : [{ sku, channel, ...figure }];
    }),
  );
}

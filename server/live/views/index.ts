/** Which view answers which topic. */
import { exceptionLinesView } from './exception-lines.ts';
import { exceptionGroupsView } from './exceptions.ts';
import { ordersView, orderView } from './orders.ts';
import { sourcesView } from './sources.ts';
import { stockView } from './stock.ts';
import type { View } from './view.ts';
import { wallView } from './wall.ts';
import type { BandAt } from './wall-tiles.ts';
import { workspaceView } from './workspace.ts';

export type ViewOf = (topic: string) => View | null;

export function createViews(band: BandAt): ViewOf {
  const whole = new Map<string, View>([
    ['wall', wallView(band)],
    ['exceptions', exceptionLinesView('calling')],
    ['exceptions-aside', exceptionLinesView('aside')],
    ['exception-groups', exceptionGroupsView],
    ['sources', sourcesView],
    ['orders', ordersView],
    ['workspace', workspaceView],
  ]);
  return (topic) => {
    if (topic.startsWith('stock:')) return stockView;
    if (topic.startsWith('order:')) return orderView;
    return whole.get(topic) ?? null;
  };
}

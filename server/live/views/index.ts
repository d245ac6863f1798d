/** Which view answers which topic. */

import { type BoardDeps, boardCostView, boardView } from './board.ts';
import { exceptionLinesView } from './exception-lines.ts';
import { exceptionGroupsView } from './exceptions.ts';
import { ordersView, orderView } from './orders.ts';
import { sourcesView } from './sources.ts';
import { stockView } from './stock.ts';
import type { View } from './view.ts';
import { workspaceView } from './workspace.ts';

export type ViewOf = (topic: string) => View | null;

export function createViews(boards: BoardDeps): ViewOf {
  const whole = new Map<string, View>([
    ['exceptions', exceptionLinesView('calling')],
    ['exceptions-aside', exceptionLinesView('aside')],
    ['exception-groups', exceptionGroupsView],
    ['sources', sourcesView],
    ['orders', ordersView],
    ['workspace', workspaceView],
  ]);
  const [board, boardCost] = [boardView(boards), boardCostView(boards)];
  return (topic) => {
    if (topic.startsWith('board:')) return board;
    if (topic.startsWith('board-cost:')) return boardCost;
    if (topic.startsWith('stock:')) return stockView;
    if (topic.startsWith('order:')) return orderView;
    return whole.get(topic) ?? null;
  };
}

/** The boards that are there from the start. Nobody changes them; a copy can be saved under a name of its own. */
import type { BoardBody, BoardTile } from '../http/contract/boards.ts';

export type BuiltIn = {
  id: string;
  kind: 'executives' | 'operations' | 'node' | 'channel';
  name: string;
  body: BoardBody;
};

type Content = Omit<BoardTile, 'id' | 'x' | 'y' | 'w' | 'h'>;
const kpi = (id: string, more: Partial<Content> = {}): Content => ({ kind: 'kpi', kpi: id, ...more });
const place = (x: number, y: number, w: number, h: number, content: Content): BoardTile => ({
  id: `${content.kpi ?? content.kind}${content.per === 'minute' ? '-per-minute' : ''}`,
  ...content,
  x,
  y,
  w,
  h,
});
/** Four figures beside each other, each read in a second. */
const four = (y: number, contents: readonly [Content, Content, Content, Content]): BoardTile[] =>
  contents.map((content, index) => place(index * 3, y, 3, 3, content));

const pace = kpi('orders', { per: 'minute', title: 'Orders per minute' });
const storyBesideAttention: BoardTile[] = [
  place(0, 3, 7, 4, { kind: 'ship-story' }),
  place(7, 3, 5, 4, { kind: 'attention' }),
];

export const operationsBoard: BuiltIn = {
  id: 'operations',
  kind: 'operations',
  name: 'Operations',
  body: {
    tiles: [
      ...four(0, [
        pace,
        kpi('on-time-dispatch', { title: 'Dispatched on time' }),
        kpi('past-promise', { title: 'Past promise date' }),
        kpi('money-at-risk', { title: 'Revenue at risk' }),
      ]),
      ...storyBesideAttention,
      place(0, 7, 12, 2, { kind: 'nodes' }),
    ],
  },
};

const executivesBoard: BuiltIn = {
  id: 'executives',
  kind: 'executives',
  name: 'Executives',
  body: {
    tiles: [
      ...four(0, [kpi('revenue'), kpi('orders'), kpi('margin'), kpi('money-at-risk', { title: 'Revenue at risk' })]),
      ...four(3, [
        kpi('on-time-dispatch', { title: 'On time' }),
        kpi('line-fill-rate'),
        kpi('merchant-cancel-rate', { title: 'Cancelled by us' }),
        kpi('on-hand-value'),
      ]),
      place(0, 6, 7, 4, { kind: 'ship-story' }),
      place(7, 6, 5, 4, { kind: 'attention' }),
    ],
  },
};

export const builtInBoards: readonly BuiltIn[] = [operationsBoard, executivesBoard];

export const nodeBoard = (node: string, name: string): BuiltIn => ({
  id: `node:${node}`,
  kind: 'node',
  name,
  body: {
    node,
    tiles: [
      ...four(0, [
        kpi('open-orders'),
        kpi('on-time-dispatch', { title: 'Dispatched on time' }),
        kpi('past-promise', { title: 'Past promise date' }),
        kpi('backlog-age-p90', { title: 'Oldest tenth waits' }),
      ]),
      ...storyBesideAttention,
      place(0, 7, 3, 2, { kind: 'node' }),
      place(3, 7, 3, 2, kpi('line-fill-rate')),
      place(6, 7, 3, 2, kpi('cycle-time-p50', { title: 'Order cycle time' })),
      place(9, 7, 3, 2, kpi('atp-short')),
    ],
  },
});

export const channelBoard = (channel: string, name: string): BuiltIn => ({
  id: `channel:${channel}`,
  kind: 'channel',
  name,
  body: {
    channel,
    tiles: [
      ...four(0, [pace, kpi('revenue'), kpi('open-orders'), kpi('past-promise', { title: 'Past promise date' })]),
      ...storyBesideAttention,
      place(0, 7, 3, 2, kpi('on-time-dispatch', { title: 'Dispatched on time' })),
      place(3, 7, 3, 2, kpi('oversell-rate')),
      place(6, 7, 3, 2, kpi('merchant-cancel-rate', { title: 'Cancelled by us' })),
      place(9, 7, 3, 2, { kind: 'feeds' }),
    ],
  },
});

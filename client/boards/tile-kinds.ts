/** What can stand on a board, in words, and how large it is when it is put there. */
import type { BoardTile } from '../../server/http/contract/boards.ts';

export type TileKind = BoardTile['kind'];

export const tileKindNames: Record<TileKind, string> = {
  kpi: 'KPI',
  'ship-story': 'Orders to ship',
  attention: 'Needs attention',
  nodes: 'All nodes',
  node: 'One node',
  feeds: 'Feeds',
  text: 'Text',
  question: 'Question',
};

/** The pictures beside the KPIs. */
export const pictures: readonly { kind: TileKind; question: string; w: number; h: number }[] = [
  { kind: 'ship-story', question: 'Will we ship everything by the cut-off?', w: 7, h: 4 },
  { kind: 'attention', question: 'What needs a person now?', w: 5, h: 4 },
  { kind: 'nodes', question: 'Which node falls behind?', w: 12, h: 2 },
  { kind: 'node', question: 'Does this node clear in time?', w: 3, h: 2 },
  { kind: 'feeds', question: 'Which source is silent?', w: 6, h: 2 },
  { kind: 'text', question: 'Your own words: a rule of the shift, whom to call', w: 3, h: 2 },
];

export const kpiSize = { w: 3, h: 3 };

/** Which kinds can show a part of the operation only. */
export const hasFilter = (kind: TileKind): boolean => kind === 'kpi' || kind === 'ship-story' || kind === 'attention';
export const needsNode = (kind: TileKind): boolean => kind === 'node';

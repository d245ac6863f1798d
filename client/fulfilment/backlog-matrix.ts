/** The matrix of node and cut-off with the sums of its rows and columns. Pure. */
import type { BacklogCell, BacklogView } from '../../server/http/contract/fulfilment.ts';
import { type DueWord, dueWords } from '../../streams/events/order-statuses.ts';
import { sumOfCounts } from './stages.ts';

export type BacklogNode = BacklogView['nodes'][number];
export type BacklogRow = { node: BacklogNode; cells: Map<DueWord, BacklogCell>; all: BacklogCell };

export const rowsOf = (view: BacklogView): BacklogRow[] =>
  view.nodes.map((node) => ({
    node,
    cells: new Map(node.cells.map((cell) => [cell.due, cell])),
    all: sumOfCells(node.cells),
  }));

/** Only the days on which something is due, and always those a shift works towards. */
export const columnsOf = (rows: readonly BacklogRow[]): DueWord[] =>
  dueWords.filter((due) => due === 'late' || due === 'today' || rows.some(({ cells }) => cells.has(due)));

export const columnSum = (rows: readonly BacklogRow[], due: DueWord): BacklogCell =>
  sumOfCells(rows.flatMap(({ cells }) => cells.get(due) ?? []));

export function sumOfCells(cells: readonly BacklogCell[]): BacklogCell {
  const sum = (value: (cell: BacklogCell) => number) => cells.reduce((all, cell) => all + value(cell), 0);
  const firsts = cells.flatMap(({ firstDue }) => (firstDue === null ? [] : [firstDue]));
  return {
    due: cells[0]?.due ?? 'today',
    orders: sum(({ orders }) => orders),
    lines: sum(({ lines }) => lines),
    units: sum(({ units }) => units),
    atRisk: sum(({ atRisk }) => atRisk),
    firstDue: firsts.length === 0 ? null : Math.min(...firsts),
    stages: sumOfCounts(cells.map(({ stages }) => stages)),
  };
}

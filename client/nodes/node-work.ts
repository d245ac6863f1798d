/** What a node can do and has to do, day by day, and what an impairment would leave of it. Pure. */
import type { NodeView } from '../../server/http/contract/nodes.ts';

export type WorkingDay = {
  opensAt: number;
  closesAt: number;
  cutOff: number;
  /** Of this day alone; null where nobody told its pace. */
  possible: number | null;
  due: number;
  /** By the end of it, all days before included. */
  free: number | null;
};

/** The answer adds up day by day; a calendar shows each day by itself. */
export const workingDays = (days: NodeView['days']): WorkingDay[] =>
  days.map((day, index) => {
    const before = days[index - 1];
    const possible = day.possible === null ? null : day.possible - (before?.possible ?? 0);
    return {
      ...day,
      possible,
      due: day.due - (before?.due ?? 0),
      free: day.possible === null ? null : day.possible - day.due,
    };
  });

export type ImpairedOutlook = {
  possible: number;
  due: number;
  late: number;
  /** Open lines that are due on a day after that. */
  dueAfter: number;
};

/** Lines due on the node's day, and what it can do of them with this share left of what it could do at full strength. */
export function outlookOf(
  node: Pick<NodeView, 'possible' | 'due' | 'openLines' | 'capacityShare'>,
  share: number,
): ImpairedOutlook | null {
  if (node.possible === null || node.capacityShare === 0) return null;
  const possible = Math.floor((node.possible / node.capacityShare) * share);
  return { possible, due: node.due, late: Math.max(0, node.due - possible), dueAfter: node.openLines - node.due };
}

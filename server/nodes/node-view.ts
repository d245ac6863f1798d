/** Nodes, impairments and reroutes as the API tells them. Times that are not known are null, never 0. */
import type { z } from 'zod';
import type { Impairment } from '../../streams/operations/nodes/impairment-state.ts';
import { idle, inWork, LOAD_SLOT_MS } from '../../streams/operations/nodes/node-load.ts';
import type { NodeLoad } from '../../streams/operations/nodes/node-load-state.ts';
import type { Reroute } from '../../streams/operations/nodes/reroute-state.ts';
import type { Node } from '../../streams/operations/states.ts';
import { instantOfLocal, localDayOf } from '../../streams/operations/time-zone.ts';
import { capacityOfNode, linesDue } from '../../streams/policies/free-capacity.ts';
import { isOpen, workingDay } from '../../streams/policies/node-calendar.ts';
import { linesPossible } from '../../streams/policies/node-capacity.ts';
import type { ImpairmentView, impairmentRow, NodeRow, NodeView, RerouteView } from '../http/contract/nodes.ts';

const DAYS_SHOWN = 7;
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const known = (time: number): number | null => (time === 0 ? null : time);

/** @param node undefined when nobody has defined it: it is known by its work only */
export function nodeRowOf(id: string, node: Node | undefined, load: NodeLoad = idle(id), at: number): NodeRow {
  const capacity = capacityOfNode(node, load, at);
  const { lastWave } = load;
  const due = linesDue(
    load,
    node === undefined || capacity.cutOff === null ? at : lastDueOf(node, capacity.cutOff, capacity.endsAt),
  );
  return {
    node: id,
    name: node?.name ?? id,
    kind: node?.kind ?? null,
    active: node?.active ?? true,
    isOpen: node === undefined || isOpen(node, at),
    nextCutOff: capacity.cutOff,
    endsAt: known(capacity.endsAt),
    capacityShare: capacity.share,
    impairment: load.impaired?.impairment ?? null,
    possible: finite(capacity.possible),
    due,
    free: finite(Math.max(0, capacity.possible - due)),
    inWork: inWork(load),
    openLines: load.slots.reduce((sum, { lines }) => sum + lines, 0),
    openOrders: load.slots.reduce((sum, { orders }) => sum + orders, 0),
    lastWave: lastWave === null ? null : { ...lastWave, cutOff: known(lastWave.cutOff) },
  };
}

export function nodeViewOf(id: string, node: Node | undefined, load: NodeLoad = idle(id), at: number): NodeView {
  return {
    ...nodeRowOf(id, node, load, at),
    asOf: at,
    timeZone: node?.timeZone ?? null,
    days: node === undefined ? [] : daysAhead(node, load, at),
    hours: load.slots.map(({ slot, lines, released, orders, margin, channels }) => ({
      from: slot * LOAD_SLOT_MS,
      lines,
      inWork: released,
      orders,
      margin,
      channels,
    })),
  };
}

/** What is promised for the evening, after closing, is work of that day all the same: it counts until midnight there. */
function lastDueOf({ timeZone }: Node, cutOff: number, closesAt: number): number {
  const midnight = instantOfLocal(timeZone, localDayOf(timeZone, cutOff) + 1, 0);
  return Math.max(closesAt, midnight - 1);
}

/** Work adds up: what is possible and due by the end of a day includes the days before it. */
function daysAhead(node: Node, load: NodeLoad, at: number): NodeView['days'] {
  const today = localDayOf(node.timeZone, at);
  return Array.from({ length: DAYS_SHOWN }, (_, index) => workingDay(node, today + index)).flatMap((day) => {
    if (day === null || day.closesAt <= at) return [];
    const possible = finite(linesPossible(node, load.impaired, at, day.closesAt));
    return [{ ...day, possible, due: linesDue(load, lastDueOf(node, day.cutOff, day.closesAt)) }];
  });
}

export function rerouteViewOf(reroute: Reroute): RerouteView {
  const { clock: _, pages: __, pagesDone: ___, ...told } = reroute;
  return {
    ...told,
    impairment: reroute.impairment === '' ? null : reroute.impairment,
    decidedAt: known(reroute.decidedAt),
    decidedBy: reroute.decidedBy === '' ? null : reroute.decidedBy,
    finishedAt: known(reroute.finishedAt),
  };
}

export function impairmentRowOf(impairment: Impairment): z.output<typeof impairmentRow> {
  const { clock: _, openExceptions: __, proposals: ___, atStart, current, ...told } = impairment;
  const { channels: ____, ...start } = atStart;
  const { channels: _____, ...now } = current;
  return { ...told, endedAt: known(impairment.endedAt), atStart: start, current: now };
}

/** @param open order lines of its node that are due until then, as they are now */
export function impairmentViewOf(impairment: Impairment, reroutes: readonly Reroute[]): ImpairmentView {
  const { atStart, moved, current } = impairment;
  const open = impairment.endedAt > 0 ? 0 : current.lines;
  return {
    ...impairmentRowOf(impairment),
    progress: {
      atStart: atStart.lines,
      moved: moved.lines,
      open,
      possible: Math.min(open, current.possible),
      late: Math.max(0, open - current.possible),
    },
    reroutes: [...reroutes].reverse().map(rerouteViewOf),
  };
}

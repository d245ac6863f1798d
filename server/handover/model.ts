/** What the routes of handing over ask for. */

import type { z } from 'zod';
import { exceptionsMoved } from '../../analytics/clickhouse/queries/exceptions-moved.ts';
import type { HandoverRecord, HandoverReport, handoverQuery, handoverRequest } from '../http/contract/handover.ts';
import type { Mirror } from '../live/mirror.ts';
import type { Runtime } from '../runtime.ts';
import { openHandovers } from './handovers.ts';
import { movedReport, standingReport } from './report.ts';

/** Without an earlier handover, a shift is as long as this. */
const SHIFT_MS = 8 * 3_600_000;
/** What moved in one shift; a longer list tells nobody anything. */
const MOVED_MAX = 5_000;

export type HandoverModel = {
  report(query: z.output<typeof handoverQuery>): Promise<HandoverReport>;
  list(limit: number): Promise<HandoverRecord[]>;
  find(id: string): Promise<HandoverRecord | undefined>;
  write(asked: z.output<typeof handoverRequest>, from: string): Promise<HandoverRecord>;
  take(id: string, by: string, note: string): Promise<{ record: HandoverRecord; isMine: boolean } | undefined>;
};

export function createHandoverModel(runtime: Runtime, mirror: Mirror): HandoverModel {
  const handovers = openHandovers(runtime.redis, runtime.keys);

  function standing(node: string | null) {
    const { exception, wave, node: nodes } = mirror.states;
    const states = { exceptions: [...exception.values()], waves: [...wave.values()], nodes: [...nodes.values()] };
    return standingReport(states, node, mirror.businessNow());
  }

  return {
    async report({ node = null, since: asked }) {
      const now = mirror.businessNow();
      const last = (await handovers.all()).find((one) => one.node === node) ?? null;
      const since = asked ?? last?.at ?? now - SHIFT_MS;
      const moved = await exceptionsMoved(runtime.history, { since, node: node ?? '', limit: MOVED_MAX }).catch(
        () => null,
      );
      return {
        asOf: now,
        node,
        since,
        currency: mirror.workspace().currency,
        last,
        ...standing(node),
        historyKnown: moved !== null,
        ...movedReport(moved ?? []),
      };
    },
    list: async (limit) => (await handovers.all()).slice(0, limit),
    find: handovers.find,
    async write({ to, node = null, notes }, from) {
      const { open, promised, breachesNext } = standing(node);
      const { count, moneyAtRisk, bySeverity } = open;
      return handovers.write({
        at: mirror.businessNow(),
        node,
        from,
        to,
        notes,
        open: { count, moneyAtRisk },
        critical: bySeverity.find(({ severity }) => severity === 'critical')?.count ?? 0,
        promised: promised.promises.length + promised.snoozed.length,
        breachesNext: breachesNext.hours8,
      });
    },
    take: (id, by, note) => handovers.take(id, { by, at: mirror.businessNow(), note }),
  };
}

/** The catalog of actions: what a planner can do about what was found. */
import type { ActionKind } from '../events/actions.ts';
import { cancelLines } from './cancel-lines.ts';
import type { ActionDefinition } from './definition.ts';
import { holdOrder, releaseOrder } from './hold-order.ts';
import { judgeReturn } from './judge-return.ts';
import { quarantine, releaseQuarantine } from './quarantine.ts';
import { reallocate } from './reallocate.ts';
import { requestCount } from './request-count.ts';
import { approveReroute, rejectReroute, reroute, rerouteOrder } from './reroute.ts';
import { releaseLeak, releaseReservation } from './reservations.ts';
import { approveSnapshot, rejectSnapshot } from './snapshots.ts';
import { transfer } from './transfer.ts';
import { adjustStock, writeOff } from './write-off.ts';

export type { ActionDefinition } from './definition.ts';

const definitions = {
  transfer,
  quarantine,
  'release-quarantine': releaseQuarantine,
  'write-off': writeOff,
  'adjust-stock': adjustStock,
  'hold-order': holdOrder,
  'release-order': releaseOrder,
  'cancel-lines': cancelLines,
  reallocate,
  'release-reservation': releaseReservation,
  'release-leak': releaseLeak,
  'request-count': requestCount,
  'reroute-order': rerouteOrder,
  reroute,
  'approve-reroute': approveReroute,
  'reject-reroute': rejectReroute,
  'judge-return': judgeReturn,
  'approve-snapshot': approveSnapshot,
  'reject-snapshot': rejectSnapshot,
} satisfies { [K in ActionKind]: ActionDefinition<K> };

/** Their inputs are checked against the kind before they are asked, so that one type serves for all. */
export const actionCatalog = definitions as unknown as Record<ActionKind, ActionDefinition>;

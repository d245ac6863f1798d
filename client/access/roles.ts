/** Roles in words: what somebody with it comes here for. */
import type { UserRole } from '../../server/http/contract/access.ts';

export const roleWords: Record<UserRole, { name: string; does: string }> = {
  executive: { name: 'Executive', does: 'sees the wall, KPIs with cost and margin, and exceptions' },
  planner: { name: 'Planner', does: 'works on exceptions, stock and orders, without cost and margin' },
  analyst: { name: 'Analyst', does: 'sees everything with cost and margin, and tries policies' },
  admin: { name: 'Admin', does: 'may do everything, and manages access and settings' },
};

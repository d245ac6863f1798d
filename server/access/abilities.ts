/** Who may do what, in one place. Whatever is not listed is denied; the tests of every route come from this matrix. */

import type { Ability, Role } from '../http/contract/access.ts';

const matrix = {
  'see-wall': ['executive', 'planner', 'analyst', 'admin', 'wall', 'read'],
  'see-kpis': ['executive', 'planner', 'analyst', 'admin', 'wall', 'read'],
  'see-exceptions': ['executive', 'planner', 'analyst', 'admin', 'read'],
  'see-operations': ['planner', 'analyst', 'admin', 'read'],
  'see-cost': ['executive', 'analyst', 'admin', 'read'],
  'see-sources': ['executive', 'planner', 'analyst', 'admin', 'wall', 'read'],
  'see-dead-letters': ['planner', 'analyst', 'admin', 'read'],
  'see-raw-deliveries': ['planner', 'admin'],
  'handle-dead-letters': ['planner', 'admin'],
  'act-on-exceptions': ['planner', 'admin'],
  'see-settings': ['planner', 'analyst', 'admin', 'read'],
  'edit-settings': ['admin'],
  'try-policies': ['planner', 'analyst', 'admin'],
  'act-on-operations': ['planner', 'admin'],
  'save-views': ['executive', 'planner', 'analyst', 'admin'],
  'read-availability': ['planner', 'analyst', 'admin', 'read', 'ingest'],
  'read-instructions': ['planner', 'analyst', 'admin', 'read', 'ingest'],
  'own-account': ['executive', 'planner', 'analyst', 'admin'],
  'write-events': ['ingest'],
  'import-files': ['admin'],
  'manage-access': ['admin'],
  'see-audit': ['admin'],
  'see-metrics': ['admin', 'read'],
  'ask-questions': ['executive', 'planner', 'analyst', 'admin', 'read'],
  'ask-sql': ['analyst', 'admin', 'read'],
  'export-data': ['analyst', 'admin', 'read'],
  'edit-kpis': ['analyst', 'admin'],
  'schedule-reports': ['analyst', 'admin'],
  'see-alerts': ['executive', 'planner', 'analyst', 'admin', 'read'],
  'rate-alerts': ['executive', 'planner', 'analyst', 'admin'],
  'manage-alerts': ['admin'],
  'plan-calendar': ['planner', 'analyst', 'admin'],
} as const satisfies Record<Ability, readonly Role[]>;

export const may = (role: Role, ability: Ability): boolean => (matrix[ability] as readonly Role[]).includes(role);
export const abilitiesOf = (role: Role): Ability[] =>
  (Object.keys(matrix) as Ability[]).filter((one) => may(role, one));

export type Principal = {
  kind: 'user' | 'key' | 'device';
  id: string;
  name: string;
  role: Role;
  /** For ingest keys: the one source it may write, or `*`. */
  source?: string;
  /** For wall screens: the boards it was approved for. */
  boards?: readonly string[];
};

/** What a principal must be able to do to look at a live topic. Unknown topics need an ability nobody has. */
export function abilityOfTopic(topic: string): Ability | undefined {
  if (topic === 'workspace') return 'see-wall';
  if (topic === 'exceptions' || topic === 'exceptions-aside' || topic === 'exception-groups') return 'see-exceptions';
  if (topic === 'sources') return 'see-sources';
  if (/^board:./.test(topic)) return 'see-wall';
  // Tiles of cost travel apart: the others are shared by everybody who looks at the board.
  if (/^board-cost:./.test(topic)) return 'see-cost';
  return topic === 'orders' || /^(stock|order):./.test(topic) ? 'see-operations' : undefined;
}

export function mayWatch(principal: Principal, topic: string): boolean {
  const ability = abilityOfTopic(topic);
  if (ability === undefined || !may(principal.role, ability)) return false;
  return principal.kind !== 'device' || isOnBoards(principal.boards ?? [], topic);
}

/** A wall screen shows the boards it was approved for, and nothing else of the wall. */
function isOnBoards(boards: readonly string[], topic: string): boolean {
  return !topic.startsWith('board') || boards.includes(topic.slice(topic.indexOf(':') + 1));
}

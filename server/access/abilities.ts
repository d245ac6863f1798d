/** Who may do what, in one place. Whatever is not listed is denied; the tests of every route come from this matrix. */

export const roles = ['executive', 'planner', 'analyst', 'admin', 'wall', 'ingest', 'read'] as const;
export type Role = (typeof roles)[number];
/** Roles a person can have; `wall` is a device, `ingest` and `read` are machine keys. */
export const userRoles = ['executive', 'planner', 'analyst', 'admin'] as const;
export type UserRole = (typeof userRoles)[number];

const matrix = {
  'see-wall': ['executive', 'planner', 'analyst', 'admin', 'wall', 'read'],
  'see-kpis': ['executive', 'planner', 'analyst', 'admin', 'wall', 'read'],
  'see-exceptions': ['executive', 'planner', 'analyst', 'admin', 'read'],
  'see-operations': ['planner', 'analyst', 'admin', 'read'],
  'see-sources': ['executive', 'planner', 'analyst', 'admin', 'wall', 'read'],
  'see-dead-letters': ['planner', 'analyst', 'admin', 'read'],
  /** The bytes themselves: they may name customers. */
  'see-raw-deliveries': ['planner', 'admin'],
  'handle-dead-letters': ['planner', 'admin'],
  'act-on-exceptions': ['planner', 'admin'],
  /** Policies and master data. */
  'see-settings': ['planner', 'analyst', 'admin', 'read'],
  'edit-settings': ['admin'],
  'try-policies': ['planner', 'analyst', 'admin'],
  /** Actions on stock and orders. */
  'act-on-operations': ['planner', 'admin'],
  /** What channels may sell: an ingest key sees the channel of its own source. */
  'read-availability': ['planner', 'analyst', 'admin', 'read', 'ingest'],
  /** What other systems must do: an ingest key sees what is meant for its own source. */
  'read-instructions': ['planner', 'analyst', 'admin', 'read', 'ingest'],
  'write-events': ['ingest'],
  'see-metrics': ['admin', 'read'],
} as const satisfies Record<string, readonly Role[]>;

export type Ability = keyof typeof matrix;
export const abilities = Object.keys(matrix) as Ability[];

export const may = (role: Role, ability: Ability): boolean => (matrix[ability] as readonly Role[]).includes(role);

export type Principal = {
  kind: 'user' | 'key';
  id: string;
  name: string;
  role: Role;
  /** For ingest keys: the one source it may write, or `*`. */
  source?: string;
};

/** What a principal must be able to do to look at a live topic. Unknown topics need an ability nobody has. */
export function abilityOfTopic(topic: string): Ability | undefined {
  if (topic === 'wall' || topic === 'workspace') return 'see-wall';
  if (topic === 'exceptions' || topic === 'exception-groups') return 'see-exceptions';
  if (topic === 'sources') return 'see-sources';
  return topic === 'orders' || /^(stock|order):./.test(topic) ? 'see-operations' : undefined;
}

export function mayWatch(principal: Principal, topic: string): boolean {
  const ability = abilityOfTopic(topic);
  return ability !== undefined && may(principal.role, ability);
}

/** Roles and abilities by name, as the browser knows them too. Who has which stands in the matrix of the server. */
import { z } from 'zod';

export const roles = ['executive', 'planner', 'analyst', 'admin', 'wall', 'ingest', 'read'] as const;
export type Role = (typeof roles)[number];
/** Roles a person can have; `wall` is a device, `ingest` and `read` are machine keys. */
export const userRoles = ['executive', 'planner', 'analyst', 'admin'] as const;
export type UserRole = (typeof userRoles)[number];

export const abilities = [
  'see-wall',
  'see-kpis',
  'see-exceptions',
  'see-operations',
  /** Unit cost, stock value and margin, wherever they would be shown. */
  'see-cost',
  'see-sources',
  'see-dead-letters',
  /** The bytes themselves: they may name customers. */
  'see-raw-deliveries',
  'handle-dead-letters',
  'act-on-exceptions',
  /** Policies and master data. */
  'see-settings',
  'edit-settings',
  'try-policies',
  /** Actions on stock and orders. */
  'act-on-operations',
  /** Boards and filtered views of one's own, and sharing them. */
  'save-views',
  /** What channels may sell: an ingest key sees the channel of its own source. */
  'read-availability',
  /** What other systems must do: an ingest key sees what is meant for its own source. */
  'read-instructions',
  /** One's own name, password and sessions. */
  'own-account',
  'write-events',
  /** Events and settings from a file, by a person who is signed in. */
  'import-files',
  /** People, invitations, sessions, machine keys and wall screens. */
  'manage-access',
  'see-audit',
  'see-metrics',
  /** Measures by dimensions over time, compiled by us: the builder. */
  'ask-questions',
  /** One's own SQL over the analysts' views. */
  'ask-sql',
  /** Files of whole answers. */
  'export-data',
  /** Targets, thresholds, owners and frozen baselines of KPIs. */
  'edit-kpis',
  /** What is sent to others on a schedule. */
  'schedule-reports',
  /** Who was told of what, and what it was worth. */
  'see-alerts',
  /** Whether an alert was useful. */
  'rate-alerts',
  /** Where alerts go: channels with their secrets. */
  'manage-alerts',
  /** Promotions, launches, holidays: what is known to change figures. */
  'plan-calendar',
] as const;
export type Ability = (typeof abilities)[number];
export const ability = z.enum(abilities);

/** The areas of the application, in the order of the navigation. */
import type { Component } from 'vue';
import AlertsIcon from '~icons/lucide/bell-ring';
import BoxesIcon from '~icons/lucide/boxes';
import ChartIcon from '~icons/lucide/chart-line';
import QueryIcon from '~icons/lucide/chart-scatter';
import DashboardIcon from '~icons/lucide/layout-dashboard';
import ListChecksIcon from '~icons/lucide/list-checks';
import RadioIcon from '~icons/lucide/radio-tower';
import SettingsIcon from '~icons/lucide/settings-2';
import ShieldIcon from '~icons/lucide/shield';
import OrdersIcon from '~icons/lucide/shopping-bag';
import TruckIcon from '~icons/lucide/truck';
import WarehouseIcon from '~icons/lucide/warehouse';
import type { Ability } from '../../server/http/contract/access.ts';

export type Area = {
  path: string;
  name: string;
  icon: Component;
  ability: Ability;
  /** Pressed after `g`. */
  key: string;
  /** On a telephone there is room for four, and one's own account. */
  onTelephone?: boolean;
  /** Other addresses that belong to it. */
  also?: readonly string[];
};

export const areas: readonly Area[] = [
  {
    path: '/wall',
    name: 'Wall',
    icon: DashboardIcon,
    ability: 'see-wall',
    key: 'w',
    onTelephone: true,
    also: ['/boards'],
  },
  {
    path: '/exceptions',
    name: 'Exceptions',
    icon: ListChecksIcon,
    ability: 'see-exceptions',
    key: 't',
    onTelephone: true,
    also: ['/handover'],
  },
  {
    path: '/alerts',
    name: 'Alerts',
    icon: AlertsIcon,
    ability: 'see-alerts',
    key: 'l',
    also: ['/signals', '/calendar', '/predictions', '/learning'],
  },
  {
    path: '/stock',
    name: 'Stock',
    icon: BoxesIcon,
    ability: 'see-operations',
    key: 's',
    onTelephone: true,
    also: ['/purchase-orders'],
  },
  { path: '/orders', name: 'Orders', icon: OrdersIcon, ability: 'see-operations', key: 'o', onTelephone: true },
  { path: '/fulfilment', name: 'Fulfilment', icon: TruckIcon, ability: 'see-operations', key: 'f' },
  { path: '/nodes', name: 'Nodes', icon: WarehouseIcon, ability: 'see-operations', key: 'n' },
  { path: '/kpis', name: 'KPIs', icon: ChartIcon, ability: 'see-kpis', key: 'k' },
  { path: '/query', name: 'Query', icon: QueryIcon, ability: 'ask-questions', key: 'q', also: ['/reports'] },
  { path: '/sources', name: 'Sources', icon: RadioIcon, ability: 'see-sources', key: 'r' },
  { path: '/settings', name: 'Settings', icon: SettingsIcon, ability: 'see-settings', key: ',' },
  { path: '/access/people', name: 'Access', icon: ShieldIcon, ability: 'manage-access', key: 'a', also: ['/access'] },
];

/** Pages within an area that the palette leads to as well. */
export const places: readonly { path: string; name: string; ability: Ability; key?: string }[] = [
  { path: '/handover', name: 'Shift handover', ability: 'see-exceptions', key: 'h' },
  { path: '/boards', name: 'Boards', ability: 'save-views', key: 'b' },
  { path: '/purchase-orders', name: 'Purchase orders', ability: 'see-operations', key: 'p' },
  { path: '/reports', name: 'Reports', ability: 'schedule-reports' },
  { path: '/alerts/channels', name: 'Alert channels', ability: 'see-alerts' },
  { path: '/signals', name: 'Series that are watched', ability: 'see-kpis' },
  { path: '/calendar', name: 'Calendar of what is planned', ability: 'see-kpis' },
  { path: '/predictions', name: 'Predictions', ability: 'see-operations' },
  { path: '/learning', name: 'Learning from alerts', ability: 'see-alerts' },
  { path: '/settings/policies', name: 'Policies', ability: 'see-settings' },
  { path: '/access/keys', name: 'Machine keys', ability: 'manage-access' },
  { path: '/access/screens', name: 'Wall screens', ability: 'manage-access' },
  { path: '/access/sessions', name: 'Sessions', ability: 'manage-access' },
  { path: '/access/audit', name: 'Audit', ability: 'see-audit' },
  { path: '/welcome', name: 'First steps', ability: 'see-wall' },
];

/** Whether an address is inside an area: `/stock/MUG-01` is in Stock. */
export function isHere(path: string, area: Area): boolean {
  return [area.path, ...(area.also ?? [])].some((place) => path === place || path.startsWith(`${place}/`));
}

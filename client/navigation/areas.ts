/** The areas of the application, in the order of the navigation. */
import type { Component } from 'vue';
import BoxesIcon from '~icons/lucide/boxes';
import ChartIcon from '~icons/lucide/chart-line';
import DashboardIcon from '~icons/lucide/layout-dashboard';
import ListChecksIcon from '~icons/lucide/list-checks';
import RadioIcon from '~icons/lucide/radio-tower';
import OrdersIcon from '~icons/lucide/shopping-bag';

export type Area = { path: string; name: string; icon: Component };

export const areas: Area[] = [
  { path: '/wall', name: 'Wall', icon: DashboardIcon },
  { path: '/exceptions', name: 'Exceptions', icon: ListChecksIcon },
  { path: '/stock', name: 'Stock', icon: BoxesIcon },
  { path: '/orders', name: 'Orders', icon: OrdersIcon },
  { path: '/kpis', name: 'KPIs', icon: ChartIcon },
  { path: '/sources', name: 'Sources', icon: RadioIcon },
];

/** Whether an address is inside an area: `/stock/MUG-01` is in Stock. */
export function isHere(path: string, area: Area): boolean {
  return path === area.path || path.startsWith(`${area.path}/`);
}

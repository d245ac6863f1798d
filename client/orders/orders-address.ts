/** Where the list of orders is found with a filter, for everything that counts orders and leads to them. */
import type { DueWord, OrderSort, OrderStatus } from '../../streams/events/order-statuses.ts';
import { withQuery } from '../http/request.ts';

export type OrdersAsked = {
  status?: readonly OrderStatus[];
  channel?: string;
  node?: string;
  due?: DueWord;
  risk?: boolean;
  wave?: string;
  sort?: OrderSort;
};

export const ordersAt = ({ status, risk, ...asked }: OrdersAsked): string =>
  withQuery('/orders', { status: status?.join(','), risk: risk ? 'true' : '', ...asked });

export const orderAt = (order: string): string => `/orders/${encodeURIComponent(order)}`;

export const dueTitles: Record<DueWord, string> = {
  late: 'Late',
  today: 'Due today',
  tomorrow: 'Due tomorrow',
  later: 'Due later',
  unpromised: 'No promise',
};

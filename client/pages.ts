/** Every page: its address, its file, and what one must be able to do to see it. Loaded when it is opened. */
import type { RouteRecordRaw } from 'vue-router';
import type { Ability } from '../server/http/contract/access.ts';
import type { WorkspaceView } from '../server/live/contract.ts';
import { request } from './http/request.ts';

declare module 'vue-router' {
  interface RouteMeta {
    title: string;
    /** Without the navigation around it. */
    bare?: boolean;
    /** Has something to show before the first event has arrived. */
    worksEmpty?: boolean;
    open?: boolean;
    /** The navigation is a narrow strip of icons: the page needs the width. */
    rail?: boolean;
    /** One page whatever its last part says: it follows its address by itself. */
    onePage?: boolean;
    /** Without it, the page says who can grant it. */
    ability?: Ability;
  }
}

export const pages: readonly RouteRecordRaw[] = [
  {
    path: '/',
    component: () => import('./navigation/NotFoundPage.vue'),
    meta: { title: 'Tideline' },
    beforeEnter: async () => ((await isEmpty()) ? '/welcome' : '/wall'),
  },
  {
    path: '/sign-in',
    component: () => import('./session/SignInPage.vue'),
    meta: { title: 'Sign in', bare: true, open: true },
  },
  {
    path: '/set-up',
    component: () => import('./session/SetUpPage.vue'),
    meta: { title: 'Set up', bare: true, open: true },
  },
  {
    path: '/invitation',
    component: () => import('./session/InvitationPage.vue'),
    meta: { title: 'Invitation', bare: true, open: true },
  },
  {
    path: '/pair',
    component: () => import('./wall/PairPage.vue'),
    meta: { title: 'Pair this screen', bare: true, open: true },
  },
  {
    path: '/wall/:board?',
    component: () => import('./wall/WallPage.vue'),
    meta: { title: 'Wall', bare: true, ability: 'see-wall' },
  },
  {
    path: '/boards',
    component: () => import('./boards/BoardsPage.vue'),
    meta: { title: 'Boards', worksEmpty: true, ability: 'save-views' },
  },
  {
    path: '/boards/:board',
    component: () => import('./boards/BoardEditorPage.vue'),
    props: true,
    meta: { title: 'Board', worksEmpty: true, ability: 'save-views' },
  },
  {
    path: '/exceptions',
    component: () => import('./exceptions/ExceptionsPage.vue'),
    meta: { title: 'Exceptions', ability: 'see-exceptions' },
  },
  {
    path: '/handover',
    component: () => import('./handover/HandoverPage.vue'),
    meta: { title: 'Shift handover', ability: 'see-exceptions' },
  },
  {
    path: '/stock',
    component: () => import('./stock/StockPage.vue'),
    meta: { title: 'Stock', ability: 'see-operations' },
  },
  {
    path: '/stock/:sku',
    component: () => import('./stock/SkuPage.vue'),
    props: true,
    meta: { title: 'Stock', ability: 'see-operations' },
  },
  {
    path: '/orders',
    component: () => import('./orders/OrdersPage.vue'),
    meta: { title: 'Orders', ability: 'see-operations' },
  },
  {
    path: '/orders/:order',
    component: () => import('./orders/OrderPage.vue'),
    props: true,
    meta: { title: 'Order', ability: 'see-operations' },
  },
  {
    path: '/purchase-orders',
    component: () => import('./purchase-orders/PurchaseOrdersPage.vue'),
    meta: { title: 'Purchase orders', ability: 'see-operations' },
  },
  {
    path: '/purchase-orders/:purchaseOrder',
    component: () => import('./purchase-orders/PurchaseOrderPage.vue'),
    props: true,
    meta: { title: 'Purchase order', ability: 'see-operations' },
  },
  {
    path: '/fulfilment',
    component: () => import('./fulfilment/FulfilmentPage.vue'),
    meta: { title: 'Fulfilment', ability: 'see-operations' },
  },
  {
    path: '/nodes',
    component: () => import('./nodes/NodesPage.vue'),
    meta: { title: 'Nodes', ability: 'see-operations' },
  },
  {
    path: '/nodes/:node',
    component: () => import('./nodes/NodePage.vue'),
    props: true,
    meta: { title: 'Node', ability: 'see-operations' },
  },
  {
    path: '/kpis',
    component: () => import('./kpis/KpisPage.vue'),
    meta: { title: 'KPIs', ability: 'see-kpis' },
  },
  {
    path: '/kpis/:kpi',
    component: () => import('./kpis/KpiPage.vue'),
    props: true,
    meta: { title: 'KPI', ability: 'see-kpis' },
  },
  {
    path: '/query/:question?',
    component: () => import('./query/QueryPage.vue'),
    meta: { title: 'Query', rail: true, onePage: true, ability: 'ask-questions' },
  },
  {
    path: '/alerts',
    component: () => import('./alerts/AlertsPage.vue'),
    meta: { title: 'Alerts', ability: 'see-alerts' },
  },
  {
    path: '/alerts/sent',
    component: () => import('./alerts/SentPage.vue'),
    meta: { title: 'Alerts sent', ability: 'see-alerts' },
  },
  {
    path: '/alerts/channels',
    component: () => import('./alerts/ChannelsPage.vue'),
    meta: { title: 'Alert channels', worksEmpty: true, ability: 'see-alerts' },
  },
  {
    path: '/signals',
    component: () => import('./signals/SignalsPage.vue'),
    meta: { title: 'Series that are watched', ability: 'see-kpis' },
  },
  {
    path: '/calendar',
    component: () => import('./calendar/CalendarPage.vue'),
    meta: { title: 'Calendar', worksEmpty: true, ability: 'see-kpis' },
  },
  {
    path: '/predictions',
    component: () => import('./predictions/PredictionsPage.vue'),
    meta: { title: 'Predictions', ability: 'see-operations' },
  },
  {
    path: '/learning',
    component: () => import('./learning/LearningPage.vue'),
    meta: { title: 'Learning', ability: 'see-alerts' },
  },
  {
    path: '/reports',
    component: () => import('./reports/ReportsPage.vue'),
    meta: { title: 'Reports', ability: 'schedule-reports' },
  },
  {
    path: '/explain',
    component: () => import('./explain/ExplainPage.vue'),
    meta: { title: 'Why', ability: 'see-operations' },
  },
  {
    path: '/sources',
    component: () => import('./sources/SourcesPage.vue'),
    meta: { title: 'Sources', worksEmpty: true, ability: 'see-sources' },
  },
  {
    path: '/sources/:source',
    component: () => import('./sources/SourcePage.vue'),
    props: true,
    meta: { title: 'Source', ability: 'see-operations' },
  },
  {
    path: '/welcome',
    component: () => import('./welcome/WelcomePage.vue'),
    meta: { title: 'First steps', worksEmpty: true, ability: 'see-wall' },
  },
  {
    path: '/settings/:part?',
    component: () => import('./settings/SettingsPage.vue'),
    props: true,
    meta: { title: 'Settings', worksEmpty: true, ability: 'see-settings' },
  },
  {
    path: '/settings/policies/:policy',
    component: () => import('./settings/PolicyPage.vue'),
    props: true,
    meta: { title: 'Policy', worksEmpty: true, ability: 'see-settings' },
  },
  {
    path: '/access/people',
    component: () => import('./access/PeoplePage.vue'),
    meta: { title: 'People', worksEmpty: true, ability: 'manage-access' },
  },
  {
    path: '/access/keys',
    component: () => import('./access/KeysPage.vue'),
    meta: { title: 'Machine keys', worksEmpty: true, ability: 'manage-access' },
  },
  {
    path: '/access/screens',
    component: () => import('./access/ScreensPage.vue'),
    meta: { title: 'Wall screens', worksEmpty: true, ability: 'manage-access' },
  },
  {
    path: '/access/sessions',
    component: () => import('./access/SessionsPage.vue'),
    meta: { title: 'Sessions', worksEmpty: true, ability: 'manage-access' },
  },
  {
    path: '/access/audit',
    component: () => import('./access/AuditPage.vue'),
    meta: { title: 'Audit', worksEmpty: true, ability: 'see-audit' },
  },
  {
    path: '/account',
    component: () => import('./session/AccountPage.vue'),
    meta: { title: 'Your account', worksEmpty: true },
  },
  {
    path: '/:rest(.*)*',
    component: () => import('./navigation/NotFoundPage.vue'),
    meta: { title: 'Not found', worksEmpty: true },
  },
];

/** A workspace in which nothing has happened begins with the first steps. */
async function isEmpty(): Promise<boolean> {
  const view = await request<WorkspaceView>('GET', '/v1/workspace').catch(() => null);
  return view?.empty === true;
}

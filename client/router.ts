/** The pages by address. Everything but signing in needs a session. */
import { createRouter, createWebHistory, type Router } from 'vue-router';
import { useTheme } from './appearance/theme.ts';
import { useSession } from './session/session.ts';

declare module 'vue-router' {
  interface RouteMeta {
    title: string;
    /** Without the navigation around it. */
    bare?: boolean;
    open?: boolean;
  }
}

export function createPages(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', redirect: '/wall' },
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
      { path: '/wall', component: () => import('./wall/WallPage.vue'), meta: { title: 'Wall', bare: true } },
      {
        path: '/exceptions',
        component: () => import('./exceptions/ExceptionsPage.vue'),
        meta: { title: 'Exceptions' },
      },
      { path: '/stock', component: () => import('./stock/StockPage.vue'), meta: { title: 'Stock' } },
      { path: '/stock/:sku', component: () => import('./stock/SkuPage.vue'), props: true, meta: { title: 'Stock' } },
      { path: '/orders', component: () => import('./orders/OrdersPage.vue'), meta: { title: 'Orders' } },
      {
        path: '/orders/:order',
        component: () => import('./orders/OrderPage.vue'),
        props: true,
        meta: { title: 'Order' },
      },
      { path: '/kpis/:kpi?', component: () => import('./kpis/KpisPage.vue'), props: true, meta: { title: 'KPIs' } },
      { path: '/explain', component: () => import('./explain/ExplainPage.vue'), meta: { title: 'Why' } },
      { path: '/sources', component: () => import('./sources/SourcesPage.vue'), meta: { title: 'Sources' } },
      { path: '/:rest(.*)*', component: () => import('./navigation/NotFoundPage.vue'), meta: { title: 'Not found' } },
    ],
  });

  router.beforeEach(async (to) => {
    const session = useSession();
    const state = session.state ?? (await session.load().catch(() => null));
    if (to.meta.open || state === null || state.session !== null) return true;
    return state.needsSetUp ? '/set-up' : { path: '/sign-in', query: { next: to.fullPath } };
  });
  router.afterEach((to) => {
    const theme = useTheme();
    theme.onWall = to.path === '/wall';
    theme.apply();
    document.title = `${to.meta.title} · Tideline`;
  });
  return router;
}

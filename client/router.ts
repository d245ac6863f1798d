/** The pages by address. Everything but signing in needs a session, or a screen that was paired. */
import { createRouter, createWebHistory, type Router } from 'vue-router';
import { useTheme } from './appearance/theme.ts';
import { pages } from './pages.ts';
import { useSession } from './session/session.ts';

export function createPages(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [...pages],
  });

  router.beforeEach(async (to) => {
    const session = useSession();
    const state = session.state ?? (await session.load().catch(() => null));
    if (to.meta.open || state === null || state.session !== null) return true;
    // A screen has nothing to look at but its boards.
    if (state.device !== null) return to.meta.bare ? true : `/wall/${encodeURIComponent(state.device.boards[0] ?? '')}`;
    return state.needsSetUp ? '/set-up' : { path: '/sign-in', query: { next: to.fullPath } };
  });
  router.afterEach((to) => {
    const theme = useTheme();
    theme.onWall = to.path === '/wall' || to.path.startsWith('/wall/') || to.path === '/pair';
    theme.apply();
    document.title = `${to.meta.title} · Tideline`;
  });
  return router;
}

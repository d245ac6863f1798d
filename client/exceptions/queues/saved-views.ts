/** Filtered lists that people keep under a name: one's own, and those that are shared. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { ExceptionViewBody, SavedThing } from '../../../server/http/contract/saved.ts';
import { request } from '../../http/request.ts';
import { useSession } from '../../session/session.ts';
import { type QueueQuery, savedQueue } from './queues.ts';

export type SavedView = SavedThing<ExceptionViewBody>;
const PATH = '/v1/saved/exception-view';

export const useSavedViews = defineStore('saved-views', () => {
  const session = useSession();
  const views = shallowRef<readonly SavedView[]>([]);
  const queues = computed(() =>
    [...views.value]
      .sort((a, b) => (a.body.place ?? 100) - (b.body.place ?? 100) || (a.name < b.name ? -1 : 1))
      .map(savedQueue),
  );
  const mayChange = (view: SavedView): boolean => {
    const { user } = session.state?.session ?? {};
    return user !== undefined && (user.id === view.owner || user.role === 'admin');
  };
  let asked: Promise<void> | undefined;

  return { views, queues, mayChange, load, save, remove };

  /** Once; again after a failure. */
  function load(): Promise<void> {
    if (!session.may('save-views')) return Promise.resolve();
    asked ??= request<{ items: SavedView[] }>('GET', PATH)
      .then(({ items }) => {
        views.value = items;
      })
      .catch(() => {
        asked = undefined;
      });
    return asked;
  }

  /** @param known the view that is changed; without one a new view is made */
  async function save(name: string, shared: boolean, query: QueueQuery, known?: SavedView): Promise<SavedView> {
    const { id, version = 0, body } = known ?? {};
    const saved = await request<SavedView>('POST', PATH, {
      ...(id === undefined ? {} : { id }),
      name,
      shared,
      version,
      body: { ...body, query },
    });
    views.value = [...views.value.filter((view) => view.id !== saved.id), saved];
    return saved;
  }

  async function remove(view: SavedView): Promise<void> {
    await request('DELETE', `${PATH}/${encodeURIComponent(view.id)}`);
    views.value = views.value.filter(({ id }) => id !== view.id);
  }
});

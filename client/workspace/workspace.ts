/** What every page needs to know of the workspace: currency, time zone, and which time the figures speak of. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { WorkspaceView } from '../../server/live/contract.ts';

export const useWorkspace = defineStore('workspace', () => {
  const view = shallowRef<WorkspaceView | null>(null);
  const clock = shallowRef(Date.now());
  const currency = computed(() => view.value?.currency ?? 'EUR');
  const timeZone = computed(() => view.value?.timeZone ?? 'UTC');
  /** Now, in the time of the figures: a replayed history has its own. */
  const now = computed(() => (view.value?.replaying ? view.value.businessNow : clock.value));

  return { view, clock, currency, timeZone, now };
});

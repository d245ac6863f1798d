/** A new client build: wall screens load it at once, people are asked. */
import { type ComputedRef, computed, watch } from 'vue';
import type { Connection } from './connection.ts';

const RELOADED_FOR = 'tideline.reloadedFor';

export type NewBuild = { offered: ComputedRef<boolean>; load(): void };

/** `atOnce` says whether nobody is there to be asked. A build is reloaded for once only, so a stale cache cannot loop. */
export function useNewBuild(connection: Connection, atOnce: () => boolean): NewBuild {
  const own = document.querySelector<HTMLMetaElement>('meta[name="tideline-build"]')?.content ?? 'development';
  const offered = computed(() => {
    const served = connection.servedBuild.value;
    return served !== null && served !== '' && own !== 'development' && served !== own;
  });
  watch(
    () => offered.value && atOnce(),
    (reload) => reload && sessionStorage.getItem(RELOADED_FOR) !== connection.servedBuild.value && load(),
  );
  return { offered, load };

  function load(): void {
    sessionStorage.setItem(RELOADED_FOR, connection.servedBuild.value ?? '');
    location.reload();
  }
}

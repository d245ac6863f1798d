/** Filters live in the address, so that a link shows what its sender saw. */
import { computed, type WritableComputedRef } from 'vue';
import { type Router, useRoute, useRouter } from 'vue-router';

type Patch = { values: Map<string, string>; push: boolean };
// Several parameters set in one go make one navigation; each alone would undo the others.
const patches = new WeakMap<Router, Patch>();

/** One parameter of the address; empty removes it. A filter is a step back in history (`push`), a focus is not. */
export function useAddress(name: string, how: 'push' | 'replace' = 'replace'): WritableComputedRef<string> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => {
      const value = route.query[name];
      return typeof value === 'string' ? value : '';
    },
    set: (value) => change(router, name, value, how === 'push'),
  });
}

function change(router: Router, name: string, value: string, push: boolean): void {
  let patch = patches.get(router);
  if (patch === undefined) {
    patch = { values: new Map(), push: false };
    patches.set(router, patch);
    queueMicrotask(() => go(router));
  }
  patch.values.set(name, value);
  patch.push ||= push;
}

function go(router: Router): void {
  const patch = patches.get(router);
  patches.delete(router);
  if (patch === undefined) return;
  const { path, query: before } = router.currentRoute.value;
  const query = { ...before };
  for (const [name, value] of patch.values) {
    if (value === '') delete query[name];
    else query[name] = value;
  }
  if (patch.push) router.push({ path, query });
  else router.replace({ path, query });
}

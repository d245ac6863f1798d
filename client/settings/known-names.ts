/** Names of nodes, channels, sources and kinds of exceptions, to choose from while typing. */
import { type ComputedRef, computed } from 'vue';
import type { DefinitionView } from '../../server/http/contract/settings.ts';
import { useLoad } from '../http/load.ts';
import { request } from '../http/request.ts';

/** By the name of the field they fit into; empty until they are read. */
export function useKnownNames(): ComputedRef<ReadonlyMap<string, readonly string[]>> {
  const loaded = useLoad(() => Promise.all([...['nodes', 'channels', 'sources'].map(idsOf), exceptionKinds()]));
  return computed(() => {
    if (loaded.data.value === null && loaded.problem.value === null) return new Map();
    const [nodes = [], channels = [], sources = [], kinds = []] = loaded.data.value ?? [];
    return new Map([
      ['node', nodes],
      ['channel', channels],
      ['source', sources],
      ['channels', channels],
      ['kind', kinds],
      ['kinds', kinds],
    ]);
  });
}

async function idsOf(part: string): Promise<string[]> {
  const { items } = await request<{ items: DefinitionView[] }>('GET', `/v1/settings/${part}?limit=500`);
  return items.map(({ id }) => id);
}

async function exceptionKinds(): Promise<string[]> {
  const { items } = await request<{ items: { kind: string }[] }>('GET', '/v1/exceptions/catalog');
  return items.map(({ kind }) => kind);
}

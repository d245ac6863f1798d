/** The configured channels by their ids, for pages that name them. */
import { computed } from 'vue';
import type { AlertChannelList } from '../../server/http/contract/alert-channels.ts';
import { useLoad } from '../http/load.ts';
import { request } from '../http/request.ts';
import { targetName } from './alert-words.ts';

export function useChannelNames() {
  const channels = useLoad(() => request<AlertChannelList>('GET', '/v1/alert-channels'), undefined, 60_000);
  const names = computed(() => new Map((channels.data.value?.items ?? []).map(({ id, name }) => [id, name])));
  return { nameOf: (target: string) => targetName(target, names.value) };
}

/** Whether the screen is a telephone's; lists then draw tall rows of several lines. */
import { useMediaQuery } from '@vueuse/core';
import type { Ref } from 'vue';

export function useNarrow(): Ref<boolean> {
  return useMediaQuery('(max-width: 719px)');
}

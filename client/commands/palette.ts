/** Whether the palette and the list of keys are open. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

export const usePalette = defineStore('palette', () => {
  const open = shallowRef(false);
  const keysOpen = shallowRef(false);
  return { open, keysOpen, show: () => (open.value = true), hide: () => (open.value = false) };
});

export const modKey = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl ';

/** Keys as they are printed on a keyboard: `shift+x` is `⇧X`, `g t` is `G T`. */
export function wordsOf(keys: string): string[] {
  return keys.split(' ').map((one) =>
    one
      .replace('mod+', modKey)
      .replace('shift+', '⇧')
      .replace('escape', 'Esc')
      .replace('enter', '↵')
      .replace('arrowup', '↑')
      .replace('arrowdown', '↓')
      .replace('pageup', 'PgUp')
      .replace('pagedown', 'PgDn')
      .replace(
        /^(⇧|⌘|Ctrl )?([a-z])$/,
        (_, sign: string | undefined, letter: string) => (sign ?? '') + letter.toUpperCase(),
      )
      .replace(/^(home|end|space)$/, (word) => word.charAt(0).toUpperCase() + word.slice(1)),
  );
}

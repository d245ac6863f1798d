/** Light, dark or as the system has it; the wall has a theme of its own. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';

export type ThemeChoice = 'light' | 'dark' | 'system';
const STORED = 'tideline.theme';

export const useTheme = defineStore('theme', () => {
  const choice = shallowRef(stored());
  const systemDark = matchMedia('(prefers-color-scheme: dark)');
  const systemIsDark = shallowRef(systemDark.matches);
  const onWall = shallowRef(false);
  const shown = computed(() => (choice.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : choice.value));

  return { choice, shown, onWall, follow, toggle, choose, apply };

  /** Follows the system as long as the application lives. */
  function follow(): () => void {
    const changed = () => {
      systemIsDark.value = systemDark.matches;
      apply();
    };
    systemDark.addEventListener('change', changed);
    return () => systemDark.removeEventListener('change', changed);
  }

  function toggle(): void {
    choose(shown.value === 'dark' ? 'light' : 'dark');
  }

  function choose(wanted: ThemeChoice): void {
    choice.value = wanted;
    try {
      localStorage.setItem(STORED, choice.value);
    } catch {
      // Without storage the choice holds until the page is closed.
    }
    apply();
  }

  function apply(): void {
    document.documentElement.dataset.theme = onWall.value ? 'wall' : shown.value;
  }
});

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(STORED);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

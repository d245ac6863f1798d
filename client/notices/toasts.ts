/** What was just done, said for a few seconds, and the way back while it is said. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

const SHOWN_MS = 8_000;
const SHOWN_MAX = 3;

export type Toast = {
  id: number;
  text: string;
  tone: 'done' | 'problem';
  /** What takes it back, if anything does. */
  undo?: () => void;
};

export const useToasts = defineStore('toasts', () => {
  const shown = shallowRef<readonly Toast[]>([]);
  let last = 0;

  return { shown, say, dismiss, undoLast };

  function say(toast: Omit<Toast, 'id' | 'tone'> & { tone?: Toast['tone'] }): void {
    last += 1;
    const id = last;
    shown.value = [...shown.value, { tone: 'done', ...toast, id } satisfies Toast].slice(-SHOWN_MAX);
    setTimeout(() => dismiss(id), SHOWN_MS);
  }

  function dismiss(id: number): void {
    shown.value = shown.value.filter((toast) => toast.id !== id);
  }

  /** Takes back the newest of what can be taken back. @returns whether there was something */
  function undoLast(): boolean {
    const toast = shown.value.findLast((one) => one.undo !== undefined);
    if (toast === undefined) return false;
    dismiss(toast.id);
    toast.undo?.();
    return true;
  }
});

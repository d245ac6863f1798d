/** The keys of the exception list. Single letters are off while somebody types. */
import { onScopeDispose } from 'vue';

export type ExceptionActions = {
  move(by: number): void;
  movePage(direction: 1 | -1): void;
  moveToEnd(end: 'first' | 'last'): void;
  open(): void;
  close(): void;
  acknowledge(): void;
  arrange(): void;
};

export function useExceptionKeys(actions: ExceptionActions): void {
  const byKey = new Map<string, () => void>([
    ['j', () => actions.move(1)],
    ['arrowdown', () => actions.move(1)],
    ['k', () => actions.move(-1)],
    ['arrowup', () => actions.move(-1)],
    ['pagedown', () => actions.movePage(1)],
    ['pageup', () => actions.movePage(-1)],
    ['home', () => actions.moveToEnd('first')],
    ['end', () => actions.moveToEnd('last')],
    ['enter', actions.open],
    ['escape', actions.close],
    ['a', actions.acknowledge],
    ['n', actions.arrange],
  ]);
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    const action = byKey.get(event.key.toLowerCase());
    if (action === undefined) return;
    // Enter on a button or link belongs to that button or link.
    if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('button, a')) return;
    event.preventDefault();
    action();
  };
  window.addEventListener('keydown', pressed);
  onScopeDispose(() => window.removeEventListener('keydown', pressed));
}

function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest('input, select, textarea') !== null;
}

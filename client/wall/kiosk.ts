/** What a screen on a wall needs: no sleeping, no burnt-in lines, no pointer in the picture. */
import { onScopeDispose, type ShallowRef, shallowRef } from 'vue';

const SHOWN_AFTER_TOUCH_MS = 3_000;
/** A pointer that was left on the controls must not burn them in. */
const IN_USE_MS_MAX = 60_000;
const SHIFT_EVERY_MS = 60_000;
const SHIFT_PX = 2;
/** Around the middle and back, so that the picture never walks away. */
const SHIFTS = [
  { x: 0, y: 0 },
  { x: SHIFT_PX, y: 0 },
  { x: SHIFT_PX, y: SHIFT_PX },
  { x: 0, y: SHIFT_PX },
];

export type Kiosk = {
  /** Somebody moved the pointer or pressed a key a moment ago. */
  touched: ShallowRef<boolean>;
  shift: ShallowRef<{ x: number; y: number }>;
};

/** `inUse` keeps the controls in the picture, such as an open menu. */
export function useKiosk(inUse: () => boolean): Kiosk {
  const touched = shallowRef(false);
  const shift = shallowRef(SHIFTS[0]!);
  let step = 0;
  let hide: ReturnType<typeof setTimeout> | undefined;
  let lock: WakeLockSentinel | undefined;

  const shifting = setInterval(() => {
    step = (step + 1) % SHIFTS.length;
    shift.value = SHIFTS[step]!;
  }, SHIFT_EVERY_MS);
  let touchedAt = 0;
  const hideLater = () => {
    clearTimeout(hide);
    hide = setTimeout(() => {
      if (inUse() && performance.now() - touchedAt < IN_USE_MS_MAX) hideLater();
      else touched.value = false;
    }, SHOWN_AFTER_TOUCH_MS);
  };
  const touch = () => {
    touched.value = true;
    touchedAt = performance.now();
    hideLater();
  };
  // The browser takes the lock away whenever the page is hidden.
  const stayAwake = async () => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    lock = await navigator.wakeLock.request('screen').catch(() => undefined);
  };

  stayAwake();
  const touches = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const;
  for (const name of touches) window.addEventListener(name, touch);
  document.addEventListener('visibilitychange', stayAwake);
  onScopeDispose(() => {
    clearInterval(shifting);
    clearTimeout(hide);
    for (const name of touches) window.removeEventListener(name, touch);
    document.removeEventListener('visibilitychange', stayAwake);
    lock?.release();
  });
  return { touched, shift };
}

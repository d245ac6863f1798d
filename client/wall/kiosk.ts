/** What a screen on a wall needs: no sleeping, no burnt-in lines, no pointer in the picture. */
import { onScopeDispose, type ShallowRef, shallowRef } from 'vue';

const POINTER_SHOWN_MS = 3_000;
const SHIFT_EVERY_MS = 60_000;
const SHIFT_PX = 2;
/** Around the middle and back, so that the picture never walks away. */
const SHIFTS = [
  { x: 0, y: 0 },
  { x: SHIFT_PX, y: 0 },
  { x: SHIFT_PX, y: SHIFT_PX },
  { x: 0, y: SHIFT_PX },
];

export type Kiosk = { pointing: ShallowRef<boolean>; shift: ShallowRef<{ x: number; y: number }> };

export function useKiosk(leave: () => void): Kiosk {
  const pointing = shallowRef(false);
  const shift = shallowRef(SHIFTS[0]!);
  let step = 0;
  let hide: ReturnType<typeof setTimeout> | undefined;
  let lock: WakeLockSentinel | undefined;

  const shifting = setInterval(() => {
    step = (step + 1) % SHIFTS.length;
    shift.value = SHIFTS[step]!;
  }, SHIFT_EVERY_MS);
  const pointed = () => {
    pointing.value = true;
    clearTimeout(hide);
    hide = setTimeout(() => (pointing.value = false), POINTER_SHOWN_MS);
  };
  const pressed = (event: KeyboardEvent) => event.key === 'Escape' && leave();
  // The browser takes the lock away whenever the page is hidden.
  const stayAwake = async () => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    lock = await navigator.wakeLock.request('screen').catch(() => undefined);
  };

  stayAwake();
  window.addEventListener('pointermove', pointed);
  window.addEventListener('keydown', pressed);
  document.addEventListener('visibilitychange', stayAwake);
  onScopeDispose(() => {
    clearInterval(shifting);
    clearTimeout(hide);
    window.removeEventListener('pointermove', pointed);
    window.removeEventListener('keydown', pressed);
    document.removeEventListener('visibilitychange', stayAwake);
    lock?.release();
  });
  return { pointing, shift };
}

/** A row that is pushed aside with a finger: far enough does something, less lets it slip back. */
import { computed, shallowRef } from 'vue';

/** So far it must be pushed, and so far it goes. */
const DOES_PX = 96;
const FAR_PX = 140;
/** Below it a push is a tap, or a scroll that began crooked. */
const BEGINS_PX = 12;

export function useSwipe(done: { right(): void; left(): void }) {
  const offset = shallowRef(0);
  const direction = computed(() => (offset.value === 0 ? '' : offset.value > 0 ? 'right' : 'left'));
  const isFar = computed(() => Math.abs(offset.value) >= DOES_PX);
  let start: { x: number; y: number } | null = null;

  return { offset, direction, isFar, down, move, up, cancel };

  function down(event: PointerEvent): void {
    if (event.pointerType === 'touch') start = { x: event.clientX, y: event.clientY };
  }

  function move(event: PointerEvent): void {
    if (start === null) return;
    const across = event.clientX - start.x;
    if (offset.value === 0 && Math.abs(across) < BEGINS_PX + Math.abs(event.clientY - start.y)) return;
    if (offset.value === 0) (event.currentTarget as Element).setPointerCapture(event.pointerId);
    offset.value = Math.max(-FAR_PX, Math.min(FAR_PX, across));
  }

  /** @returns whether it was a swipe, and therefore no tap */
  function up(): boolean {
    const [pushed, far] = [offset.value, isFar.value];
    cancel();
    if (far && pushed > 0) done.right();
    else if (far) done.left();
    return pushed !== 0;
  }

  function cancel(): void {
    start = null;
    offset.value = 0;
  }
}

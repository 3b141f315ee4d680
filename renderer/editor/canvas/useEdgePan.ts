import { onScopeDispose, ref, type Ref } from 'vue';
import { isAtEdge } from './viewMath.ts';

/** How long the pointer rests at the edge before the canvas moves under a dragged wire or block. */
const DELAY_MS = 350;
/** Canvas pixels per frame. */
const SPEED = 12;

/**
 * Speed at which Vue Flow may pan the canvas during a drag: zero until the pointer has rested at the very edge of
 * `root` or beyond it. Vue Flow's own zone begins 40 pixels inside and reacts at once, so that a port near the edge
 * moved away from the pointer.
 */
export function useEdgePan(root: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<number>> {
  const speed = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function rest(): void {
    clearTimeout(timer);
    timer = undefined;
    speed.value = 0;
  }

  function follow(event: MouseEvent): void {
    const box = root.value?.getBoundingClientRect();
    if (!box || event.buttons === 0 || !isAtEdge(box, { x: event.clientX, y: event.clientY })) return rest();
    timer ??= setTimeout(() => {
      speed.value = SPEED;
    }, DELAY_MS);
  }

  const listening = { capture: true, passive: true };
  window.addEventListener('mousemove', follow, listening);
  window.addEventListener('mouseup', rest, listening);
  onScopeDispose(() => {
    rest();
    window.removeEventListener('mousemove', follow, listening);
    window.removeEventListener('mouseup', rest, listening);
  });
  return speed;
}

import { onScopeDispose, ref, type Ref } from 'vue';
import { isAtEdge } from './viewMath.ts';

/** Rest at the edge before the canvas begins to move under a wire or a block in hand. */
const DELAY_MS = 350;
/** Canvas pixels per frame. */
const SPEED = 12;

/**
 * How fast Vue Flow may move the canvas while something is dragged: not at all, until the pointer has rested at the
 * very edge of `root` or beyond it. Its own zone would begin 40 pixels inside and at once, so that a port near the edge
 * ran away from the pointer.
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

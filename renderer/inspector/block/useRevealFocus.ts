import { nextTick, onMounted, watch, type Ref } from 'vue';
import type { NodeId } from '#core/diagnostics/ids.ts';
import { useSelectionStore } from '../../editor/state/selectionStore.ts';

/** Reveal requests that have already set the focus: a field mounted later must not take it again. */
let lastServed = 0;

/** Focuses the field within `root` when the selection store requests this block's parameter `name`. */
export function useRevealFocus(
  root: Readonly<Ref<HTMLElement | null>>,
  block: () => NodeId | undefined,
  name: string,
): void {
  const selection = useSelectionStore();

  async function serve(): Promise<void> {
    const request = selection.revealed;
    if (!request || request.serial <= lastServed) return;
    if (request.param !== name || request.node !== block()) return;
    lastServed = request.serial;
    await nextTick();
    const field = root.value?.querySelector<HTMLElement>('input, select, button');
    field?.focus();
    if (field instanceof HTMLInputElement) field.select();
  }

  onMounted(serve);
  watch(() => selection.revealed, serve);
}

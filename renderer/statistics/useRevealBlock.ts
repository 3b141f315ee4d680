import { computed, type ComputedRef } from 'vue';
import { toNodeId } from '#core/diagnostics/ids.ts';
import { useLayoutStore } from '../app/layoutStore.ts';
import { useProjectStore } from '../project/projectStore.ts';
import { useSelectionStore } from '../editor/state/selectionStore.ts';

/** Navigation from a block's values to the block itself. */
export function useRevealBlock(): {
  /** The BatchNorm blocks of the active project: a run may have another network. */
  readonly known: ComputedRef<ReadonlySet<string>>;
  /** The only block that is selected; null without one. */
  readonly selected: ComputedRef<string | null>;
  /** Selects a block and scrolls it into view on the canvas, also when a full-height dock covers it. */
  reveal(node: string): void;
} {
  const project = useProjectStore();
  const selection = useSelectionStore();
  const layout = useLayoutStore();
  const known = computed(() => {
    const nodes = Object.entries(project.document.graph.nodes);
    return new Set(nodes.filter(([, { kind }]) => kind === 'batchNorm').map(([id]) => id));
  });
  return {
    known,
    selected: computed(() => selection.single),
    reveal: (node) => {
      if (!known.value.has(node)) return;
      layout.isDockFull = false;
      selection.reveal(toNodeId(node));
    },
  };
}

import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Endpoint } from '#core/document/endpoint.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { Graph } from '#core/document/schema.ts';

interface Selection {
  readonly nodes: ReadonlySet<NodeId>;
  /** Wires by their input port. */
  readonly wires: ReadonlySet<Endpoint>;
}
const NOTHING: Selection = { nodes: new Set(), wires: new Set() };

/** A request to the canvas: bring a block into view. */
interface RevealRequest {
  readonly node: NodeId;
  /** Parameter whose field the inspector should focus. */
  readonly param: string | undefined;
  readonly serial: number;
}

/** What is selected on the canvas: blocks and wires. */
export const useSelectionStore = defineStore('selection', () => {
  const selection = shallowRef<Selection>(NOTHING);
  const revealed = shallowRef<RevealRequest | null>(null);
  let serial = 0;

  const nodes = computed(() => selection.value.nodes);
  const wires = computed(() => selection.value.wires);
  const single = computed(() => (nodes.value.size === 1 ? ([...nodes.value][0] ?? null) : null));
  const isEmpty = computed(() => nodes.value.size === 0 && wires.value.size === 0);

  function select(ids: Iterable<NodeId>, ends: Iterable<Endpoint> = []): void {
    selection.value = { nodes: new Set(ids), wires: new Set(ends) };
  }

  /** Adds and removes single blocks and wires, as the canvas reports clicks and boxes. */
  function change(changes: {
    readonly nodes?: readonly { readonly id: NodeId; readonly selected: boolean }[];
    readonly wires?: readonly { readonly id: Endpoint; readonly selected: boolean }[];
  }): void {
    const next = { nodes: new Set(nodes.value), wires: new Set(wires.value) };
    for (const { id, selected } of changes.nodes ?? [])
      if (selected) next.nodes.add(id);
      else next.nodes.delete(id);
    for (const { id, selected } of changes.wires ?? [])
      if (selected) next.wires.add(id);
      else next.wires.delete(id);
    selection.value = next;
  }

  function clear(): void {
    selection.value = NOTHING;
  }

  /** Deselects what no longer exists in `graph`. */
  function prune(graph: Graph): void {
    const keptNodes = [...nodes.value].filter((id) => Object.hasOwn(graph.nodes, id));
    const keptWires = [...wires.value].filter((id) => Object.hasOwn(graph.wires, id));
    if (keptNodes.length < nodes.value.size || keptWires.length < wires.value.size)
      select(keptNodes, keptWires);
  }

  /** Selects a block and requests the canvas to bring it into view. */
  function reveal(node: NodeId, param?: string): void {
    select([node]);
    serial += 1;
    revealed.value = { node, param, serial };
  }

  return { nodes, wires, single, isEmpty, revealed, select, change, clear, prune, reveal };
});

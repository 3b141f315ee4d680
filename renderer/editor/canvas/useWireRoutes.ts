import { computed, type ComputedRef } from 'vue';
import type { Position } from '#core/document/schema.ts';
import { routesOf } from '#core/layout/wireRoutes.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useBlockViewStore } from '../state/blockViewStore.ts';

type Routes = ReadonlyMap<string, readonly Position[]>;

/**
 * The routes of the active project's wires. They are recomputed when cards, ports or wires change, not after other
 * edits.
 */
export function useWireRoutes(): ComputedRef<Routes> {
  const project = useProjectStore();
  const blocks = useBlockViewStore();
  let known: { readonly key: readonly unknown[]; readonly routes: Routes } | null = null;

  return computed(() => {
    const { graph, layout } = project.document;
    const ports = [...blocks.views.values()].map(({ id, inputs }) => `${id} ${inputs.join(' ')}`).join('\n');
    const key = [graph.wires, layout.positions, ports];
    if (!known?.key.every((part, index) => part === key[index]))
      known = { key, routes: routesOf(graph, layout.positions) };
    return known.routes;
  });
}

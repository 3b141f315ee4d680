import { keysOf } from '#core/diagnostics/entries.ts';
import { splitEndpoint, type Endpoint } from '#core/document/endpoint.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { Position } from '#core/document/schema.ts';
import { placeOf } from '#core/edit/place.ts';
import type { Command } from '#core/edit/command.ts';
import type { RewriteName } from '#core/rewrites/rewrites.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useSelectionStore } from '../state/selectionStore.ts';
import type { RunCommands } from './useRunCommands.ts';

type Positions = Readonly<Record<NodeId, Position>>;

/** Removes and moves blocks and wires, and rewrites the whole network. */
export function arrangeActions({ run, nodeIds }: RunCommands) {
  const project = useProjectStore();
  const selection = useSelectionStore();

  return {
    removeSelection(): void {
      const nodes = [...selection.nodes];
      const isLeft = (wire: Endpoint): boolean => !selection.nodes.has(splitEndpoint(wire).node);
      const wires = [...selection.wires].filter(isLeft);
      run('removeNodes', [
        ...wires.map((to): Command => ({ type: 'disconnect', to })),
        ...(nodes.length > 0 ? [{ type: 'removeNodes' as const, nodes, reconnect: true }] : []),
      ]);
    },
    selectAll(): void {
      selection.select(nodeIds(), keysOf(project.document.graph.wires));
    },
    /** `wiring` are commands that belong to the same drag. */
    moveBlocks(positions: Positions, wiring: readonly Command[] | null = null): void {
      run('moveNodes', [{ type: 'moveNodes', positions }, ...(wiring ?? [])]);
    },
    nudge(dx: number, dy: number): void {
      const { positions } = project.document.layout;
      const moved = [...selection.nodes].map((id): [NodeId, Position] => {
        const { x, y } = placeOf(positions, id) ?? { x: 0, y: 0 };
        return [id, { x: x + dx, y: y + dy }];
      });
      const shifted: Positions = Object.fromEntries(moved);
      if (moved.length > 0) run('moveNodes', [{ type: 'moveNodes', positions: shifted }]);
    },
    arrange(): void {
      run('arrange', [{ type: 'arrange', direction: 'down' }]);
    },
    rewrite(rewrite: RewriteName): void {
      run('rewrite', [{ type: 'rewrite', rewrite }]);
    },
  };
}

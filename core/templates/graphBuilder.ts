import { endpoint, type Endpoint } from '../document/endpoint.ts';
import { toNodeId, type NodeId } from '../diagnostics/ids.ts';
import type { Graph, NodeRecord, Params, Position } from '../document/schema.ts';
import { must } from '../diagnostics/invariantError.ts';
import { PITCH } from '../layout/card.ts';
import { completeParams } from '../nodes/defaults.ts';
import { findDefinition } from '../nodes/registry.ts';

/** Collects the blocks of a built-in network. Canvas cells are `[column, row]`, and halves are allowed. */
export class GraphBuilder {
  readonly #nodes: Record<NodeId, NodeRecord> = {};
  readonly #wires: Record<Endpoint, Endpoint> = {};
  readonly #positions: Record<NodeId, Position> = {};

  /**
   * Adds a block with all its default parameters, fed by `sources` port by port; returns its id. Throws for an unknown
   * kind.
   */
  add(
    id: string,
    kind: string,
    cell: readonly [number, number],
    sources: readonly NodeId[],
    params: Params = {},
  ): NodeId {
    const node = toNodeId(id);
    const definition = must(findDefinition(kind), `block kind ${kind}`);
    const complete = completeParams(definition, params);
    this.#nodes[node] = { kind, params: complete };
    this.#positions[node] = { x: cell[0] * PITCH.x, y: cell[1] * PITCH.y };
    definition.inputPorts(complete).forEach((port, index) => {
      const source = must(sources[index], `source ${index} of ${id}`);
      this.#wires[endpoint(node, port)] = endpoint(source, 'out');
    });
    return node;
  }

  build(): { readonly graph: Graph; readonly positions: Readonly<Record<NodeId, Position>> } {
    return { graph: { nodes: this.#nodes, wires: this.#wires }, positions: this.#positions };
  }
}

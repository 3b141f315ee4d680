import type { GraphDocument } from '#core/document/schema.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { findLogitsParam } from '#core/graph/logits.ts';
import { slotsOf, type Slot } from '#core/import/slots.ts';

/**
 * Tensors of a project, the head's aside, that another project has not or has with other dims: with none, the project
 * can start from the weights of the other.
 */
export function slotsWithoutCounterpart(project: GraphDocument, other: GraphDocument): readonly string[] {
  const head = findLogitsParam(project.graph)?.nodeId;
  const known = new Set(slots(other).map(keyOf));
  return slots(project)
    .filter((slot) => slot.node !== head && !known.has(keyOf(slot)))
    .map(({ name }) => name);
}

function slots({ graph, training }: GraphDocument): readonly Slot[] {
  const shaped = checkGraph(graph).graph;
  return shaped === null ? [] : slotsOf(shaped, training);
}

function keyOf({ name, dims }: Slot): string {
  return JSON.stringify([name, dims]);
}

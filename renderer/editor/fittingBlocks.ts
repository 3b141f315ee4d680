import { completeParams } from '#core/nodes/defaults.ts';
import type { NodeDefinition } from '#core/nodes/definition.ts';
import { NODE_DEFINITIONS } from '#core/nodes/registry.ts';
import type { Shape } from '#core/shapes/shape.ts';

/**
 * Blocks that can take what an output of `shape` gives: they have an input port and, at their defaults, work out a shape from it.
 * With an unknown shape, every block with an input.
 */
export function blocksAfter(shape: Shape | null): readonly NodeDefinition[] {
  return NODE_DEFINITIONS.filter((definition) => {
    const params = completeParams(definition, {});
    const ports = definition.inputPorts(params);
    if (ports.length === 0) return false;
    if (shape === null) return true;
    const shapes = ports.map(() => shape);
    return definition.inferShape(params, shapes).ok;
  });
}

/** Blocks that give something: all but Output. */
export function blocksBefore(): readonly NodeDefinition[] {
  return NODE_DEFINITIONS.filter((definition) => definition.outputPorts.length > 0);
}

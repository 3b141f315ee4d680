import type { NodeDefinition } from './definition.ts';
import type { ParamTable } from './paramSpec.ts';

/** Returns `definition`, with its parameter types inferred from its own table. */
export function defineNode<const T extends ParamTable>(definition: NodeDefinition<T>): NodeDefinition<T> {
  return definition;
}

/** The input ports of a block with one input. */
export const ONE_INPUT = ['in'] as const;
/** The output ports of every block except Output. */
export const ONE_OUTPUT = ['out'] as const;

/** The common parts of definitions without trained weights or running statistics. */
export const STATELESS = {
  outputPorts: ONE_OUTPUT,
  inputPorts: () => ONE_INPUT,
  parameters: () => [],
  statisticChannels: () => 0,
} as const;

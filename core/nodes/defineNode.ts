import type { NodeDefinition } from './definition.ts';
import type { ParamTable } from './paramSpec.ts';

/** Gives `definition` back, its parameter types read from its own table. */
export function defineNode<const T extends ParamTable>(definition: NodeDefinition<T>): NodeDefinition<T> {
  return definition;
}

/** The ports of a block with one input. */
export const ONE_INPUT = ['in'] as const;
/** The ports of every block but Output. */
export const ONE_OUTPUT = ['out'] as const;

/** Parts of a definition for blocks that own neither parameters nor statistics. */
export const STATELESS = {
  outputPorts: ONE_OUTPUT,
  inputPorts: () => ONE_INPUT,
  parameters: () => [],
  statisticChannels: () => 0,
} as const;

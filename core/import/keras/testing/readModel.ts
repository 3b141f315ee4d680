import { AppError } from '../../../diagnostics/appError.ts';
import { must } from '../../../diagnostics/invariantError.ts';
import type { Shape } from '../../../program/shape.ts';
import { inferShapes } from '../../../graph/inferShapes.ts';
import type { ShapedNode } from '../../../graph/shapedGraph.ts';
import { validate } from '../../../graph/validate.ts';
import type { H5Group } from '../h5Group.ts';
import { readKerasModel, type KerasNetwork } from '../readKerasModel.ts';
import { memoryGroup } from './memoryFile.ts';

/** A file without tensors. */
export const NOTHING = memoryGroup({});

/** Reads a model whose file has these tensors. */
export function read(config: unknown, weights: H5Group = NOTHING, version = '3.15.1'): KerasNetwork {
  return readKerasModel({ config, weights, version }, 'm.keras');
}

/** Blocks in topological order, each with its kind and these parameters. */
export function blocks(network: KerasNetwork, ...params: readonly string[]): readonly unknown[] {
  return orderOf(network).map((node) => {
    const chosen = params.filter((param) => Object.hasOwn(node.params, param));
    return [node.definition.kind, ...chosen.map((param) => node.params[param])];
  });
}

/** Code and English text of the error that `work` throws. */
export function reason(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Shapes of all blocks in topological order. */
export function shapesOf(network: KerasNetwork): readonly Shape[] {
  return orderOf(network).map(({ shape }) => shape);
}

function orderOf({ document }: KerasNetwork): readonly ShapedNode[] {
  const valid = must(validate(document.graph).graph, 'a network without errors');
  return must(inferShapes(valid).graph, 'shapes').order;
}

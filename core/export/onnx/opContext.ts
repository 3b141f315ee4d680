import { InvariantError, must } from '../../diagnostics/invariantError.ts';
import type { NodeId } from '../../diagnostics/ids.ts';
import type { Program } from '../../program/program.ts';
import type { TensorId, TensorSpec } from '../../program/tensor.ts';
import { readSlot, type ExportedTensor } from '../stateReader.ts';
import type { TrainedModel } from '../trainedModel.ts';
import type { GraphBuilder } from './graphBuilder.ts';

export const INPUT_NAME = 'images';
export const LOGITS_NAME = 'logits';
export const PROBABILITIES_NAME = 'probabilities';

/** What the lowering of one instruction can use. */
export interface OpContext {
  readonly builder: GraphBuilder;
  readonly model: TrainedModel;
  /** ONNX name of an input or activation. */
  nameOf(tensor: TensorId): string;
  /** Shape of one sample. */
  dimsOf(tensor: TensorId): readonly number[];
  /**
   * Adds the parameter or stored statistic of `tensor` as a constant, with its own or other `dims`; returns its name.
   */
  stateConstant(tensor: TensorId, dims?: readonly number[]): string;
  /** Weight of the old value in a BatchNorm block's running statistics. */
  decayOf(node: NodeId): number;
}

/**
 * The name of a node: the block's, or its output's for a step within a block, such as a Multiply's vector gate.
 */
export function stepName(node: NodeId, output: string): string {
  return output.startsWith(`${node}.`) && output !== `${node}.out` ? output : node;
}

/** Context for lowering `program`, compiled from `model`, into `builder`; `images` is the ONNX name of its input. */
export function createOpContext(
  program: Program,
  model: TrainedModel,
  builder: GraphBuilder,
  decayOf: OpContext['decayOf'],
  images: string,
): OpContext {
  const specOf = (tensor: TensorId): TensorSpec => must(program.tensors[tensor], `tensor ${tensor}`);
  const names = new Map<TensorId, string>([
    [program.inputs.images, images],
    [program.outputs.logits, LOGITS_NAME],
  ]);
  return {
    builder,
    model,
    decayOf,
    nameOf: (tensor) => names.get(tensor) ?? specOf(tensor).name,
    dimsOf: (tensor) => specOf(tensor).dims,
    stateConstant(tensor, asDims) {
      const { name, dims, data } = readState(model, specOf(tensor));
      return builder.constant(name, asDims ?? dims, data);
    },
  };
}

function readState(model: TrainedModel, { kind, slot, name }: TensorSpec): ExportedTensor {
  if (kind !== 'parameter' && kind !== 'statistic')
    throw new InvariantError(`${name} is no part of the state`);
  const slots = kind === 'parameter' ? model.layout.parameters : model.layout.statistics;
  return readSlot(model, must(slot === undefined ? undefined : slots[slot], `slot of ${name}`));
}

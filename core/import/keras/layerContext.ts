import { shorten } from '../../document/brief.ts';
import { formatShape } from '../../program/shape.ts';
import { message } from '../../words/message.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import type { ForeignTensor } from '../foreignModel.ts';
import type { KerasLayer } from './layer.ts';
import type { Built, NetworkBuilder } from './networkBuilder.ts';
import { constantValue, slotValue, type Recipe } from './slotValues.ts';
import type { Tensor } from './tensor.ts';

/** What a layer's conversion works with. */
export interface LayerContext {
  readonly layer: KerasLayer;
  /** Outputs of other layers, in the order of the call. */
  readonly inputs: readonly Tensor[];
  /** Numbers among the arguments of an operation, such as the 2 of `x * 2`. */
  readonly numbers: readonly number[];
  /** True for `2 - x`. */
  readonly isNumberFirst: boolean;
  readonly network: NetworkBuilder;
  /** Tensors of the layer in the file, in Keras' order: trained ones first. Empty where the file has none. */
  readonly tensors: readonly ForeignTensor[];
  /** Major version of the Keras that wrote the file. */
  readonly major: number;
  /** True where images of the file are `[C, H, W]`. */
  readonly channelsFirst: boolean;
  /** True where the layer's output is the model's. */
  readonly isLast: boolean;
}

/** Makes the blocks of a layer; returns its output. */
export type Convert = (context: LayerContext) => Tensor;

/** The layer has something that NormLab's blocks cannot express: one setting with its value. */
export function cannot({ layer }: LayerContext, setting: string): Error {
  return unsupportedFile(
    message('kerasFiles.settingUnsupported', { layer: layer.name, kind: layer.kind, setting }),
  );
}

/** The layer's only input. */
export function onlyInput({ layer, inputs }: LayerContext): Tensor {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1)
    throw brokenFile(message('kerasFiles.inputs', { layer: layer.name }));
  return input;
}

/** The only input, with nothing pending. */
export function settledInput(context: LayerContext): Tensor {
  return context.network.settled(onlyInput(context), context.layer);
}

/** The axis that holds channels or features in the file, among all axes with the batch. */
export function isChannelAxis(context: LayerContext, tensor: Tensor, axis: number): boolean {
  const rank = tensor.shape.length + 1;
  const at = axis < 0 ? axis + rank : axis;
  return at === (context.channelsFirst || rank === 2 ? 1 : rank - 1);
}

/** A slot's value that is expected in the file. */
export interface Wanted {
  readonly field: string;
  readonly recipe: Recipe;
  readonly built: Built;
}

/**
 * Gives slots the layer's tensors in order. A layer without any tensors in the file leaves its slots without values.
 * Throws a fault where there are too few, or one has another shape.
 */
export function giveTensors(context: LayerContext, wanted: readonly Wanted[]): void {
  const { layer, tensors, network } = context;
  if (tensors.length === 0) return;
  wanted.forEach(({ field, recipe, built }, index) => {
    const dims = built.slots.get(field);
    const tensor = tensors[index];
    if (dims === undefined || tensor === undefined)
      throw brokenFile(message('kerasFiles.tensorCount', { layer: layer.name, found: tensors.length }));
    const value = slotValue(tensor, recipe, dims);
    if (value === null)
      throw brokenFile(
        message('kerasFiles.tensorShape', {
          tensor: shorten(tensor.name, 200),
          found: formatShape(tensor.dims),
          wanted: formatShape(recipe.fileDims),
        }),
      );
    network.give(built.tensor.node, field, value, tensor);
  });
}

/** Gives a slot of a layer that has tensors a value that the file leaves out. */
export function giveConstant(
  { tensors, network }: LayerContext,
  built: Built,
  field: string,
  value: number,
): void {
  const dims = built.slots.get(field);
  if (tensors.length > 0 && dims !== undefined)
    network.give(built.tensor.node, field, constantValue(value, dims));
}

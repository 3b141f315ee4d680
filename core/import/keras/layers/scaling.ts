import { message } from '../../../words/message.ts';
import { brokenFile, unsupportedFile } from '../../fileFault.ts';
import { cannot, isChannelAxis, onlyInput, type Convert, type LayerContext } from '../layerContext.ts';
import type { Tensor } from '../tensor.ts';
import { convertAdd, convertMultiply } from './merge.ts';

/** `Rescaling`: `scale * x + offset`. */
export const convertRescaling: Convert = (context) => {
  const { settings } = context.layer;
  const scale = settings.flatNumbers('scale') ?? [1];
  const offset = settings.flatNumbers('offset') ?? [0];
  return scaled(context, onlyInput(context), scale, offset);
};

/** Keras' least deviation: `keras.backend.epsilon()`. */
const LEAST_DEVIATION = 1e-7;

/** `Normalization`: `(x - mean) / sqrt(variance)`, by numbers of its settings or of the file. */
export const convertNormalization: Convert = (context) => {
  const { settings } = context.layer;
  const input = onlyInput(context);
  if (settings.flag('invert', false)) throw cannot(context, 'invert');
  const axes = settings.raw('axis') === undefined ? [] : settings.wholes('axis');
  if (axes.length > 1 || !axes.every((axis) => isChannelAxis(context, input, axis)))
    throw cannot(context, 'axis');
  const [mean, variance] = meanAndVariance(context, axes.length === 0 ? 1 : (input.shape[0] ?? 1));
  const deviation = variance.map((value) => Math.max(Math.sqrt(value), LEAST_DEVIATION));
  const scale = deviation.map((value) => 1 / value);
  const offset = deviation.map((value, index) => -(mean[index] ?? mean[0] ?? 0) / value);
  return scaled(context, input, scale, offset);
};

function meanAndVariance(
  context: LayerContext,
  size: number,
): readonly [readonly number[], readonly number[]] {
  const { layer, tensors, network } = context;
  const given = [layer.settings.flatNumbers('mean'), layer.settings.flatNumbers('variance')] as const;
  if (given[0] !== null && given[1] !== null) return [given[0], given[1]];
  const stored = tensors.slice(0, 2).map((tensor) => {
    const count = tensor.dims.reduce((product, dim) => product * dim, 1);
    if (count !== size && count !== 1)
      throw brokenFile(message('kerasFiles.tensorCount', { layer: layer.name, found: tensors.length }));
    return [...tensor.read()];
  });
  const [mean, variance] = stored;
  if (mean === undefined || variance === undefined)
    throw brokenFile(message('kerasFiles.tensorCount', { layer: layer.name, found: tensors.length }));
  tensors.forEach((tensor) => network.markUsed(tensor));
  return [mean, variance];
}

/** Operations with a number: at the input they scale it; `x + 3` elsewhere may begin a hard sigmoid. */
export const convertAddition: Convert = (context) => {
  const [number] = context.numbers;
  if (number === undefined) return convertAdd(context);
  const input = onlyInput(context);
  if (isInput(input)) return scaled(context, input, [1], [number]);
  const { layer, network } = context;
  const at = network.settled(input, layer);
  return { ...at, pending: { kind: 'shifted', by: number, isClipped: false, layer: layer.name } };
};

export const convertSubtraction: Convert = (context) => {
  const number = onlyNumber(context);
  const input = onlyInput(context);
  return context.isNumberFirst
    ? scaled(context, input, [-1], [number])
    : scaled(context, input, [1], [-number]);
};

export const convertDivision: Convert = (context) => {
  if (context.isNumberFirst) throw cannot(context, 'x');
  return scaled(context, onlyInput(context), [1 / onlyNumber(context)], [0]);
};

export const convertProduct: Convert = (context) => {
  const [number] = context.numbers;
  if (number === undefined) return convertMultiply(context);
  const input = onlyInput(context);
  const { pending } = input;
  if (pending?.kind !== 'shifted') return scaled(context, input, [number], [0]);
  const isHardSigmoid = pending.by === 3 && pending.isClipped && Math.abs(number * 6 - 1) < 1e-6;
  if (!isHardSigmoid) throw unsupportedFile(message('kerasFiles.number', { layer: context.layer.name }));
  const { layer, network } = context;
  const at = { layer, order: input.order };
  return network.add(at, 'hardSigmoid', [{ ...input, pending: null }]).tensor;
};

function onlyNumber({ layer, numbers }: LayerContext): number {
  const [number] = numbers;
  if (number === undefined || numbers.length > 1)
    throw unsupportedFile(message('kerasFiles.layerUnknown', { layer: layer.name, kind: layer.kind }));
  return number;
}

function isInput({ pending }: Tensor): boolean {
  return pending?.kind === 'scaled';
}

/** `scale * x + offset` right behind the input, where it becomes the project's normalization. */
function scaled(
  { layer }: LayerContext,
  input: Tensor,
  scale: readonly number[],
  offset: readonly number[],
): Tensor {
  const { pending } = input;
  if (pending?.kind !== 'scaled')
    throw unsupportedFile(message('kerasFiles.notAtInput', { layer: layer.name }));
  const before = pending.scaling;
  const channels = before.scale.length;
  const fits = [scale, offset].every(({ length }) => length === 1 || length === channels);
  if (!fits) throw brokenFile(message('kerasFiles.channels', { layer: layer.name, channels }));
  const at = (values: readonly number[], index: number): number => values[index] ?? values[0] ?? 0;
  const scaling = {
    scale: before.scale.map((value, index) => value * at(scale, index)),
    offset: before.offset.map((value, index) => value * at(scale, index) + at(offset, index)),
    isStated: true,
  };
  return { ...input, pending: { kind: 'scaled', scaling } };
}

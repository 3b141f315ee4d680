import type { Params } from '../../document/schema.ts';
import { message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import type { KerasLayer } from './layer.ts';
import type { NetworkBuilder } from './networkBuilder.ts';
import type { Tensor } from './tensor.ts';
import { plainOrder } from './vectorOrder.ts';

/** Height and width where the file leaves them open: the size on which most of Keras' applications were trained. */
const USUAL_SIZE = 224;

/** The Input block of an `InputLayer`; its image is scaled by nothing so far. */
export function addInput(network: NetworkBuilder, layer: KerasLayer, channelsFirst: boolean): Tensor {
  const shape = inputShape(layer);
  const [height, width, channels, isVector] = sizes(network, layer, shape, channelsFirst);
  const params: Params = { height, width, channels };
  const { tensor } = network.add({ layer }, 'input', [], params);
  const one = Array<number>(channels).fill(1);
  const scaling = { scale: one, offset: one.map(() => 0), isStated: false };
  const image: Tensor = { ...tensor, pending: { kind: 'scaled', scaling } };
  if (!isVector) return image;
  const order = plainOrder(height * width);
  const { tensor: vector } = network.add({ layer, suffix: '_flatten', order }, 'flatten', [tensor]);
  return vector;
}

/** Sizes without the batch; null where they are open. */
function inputShape(layer: KerasLayer): readonly (number | null)[] {
  const { settings } = layer;
  const name = settings.raw('batch_shape') === undefined ? 'batch_input_shape' : 'batch_shape';
  if (settings.raw(name) === undefined) throw unsupportedFile(message('kerasFiles.noInputShape'));
  return settings
    .list(name)
    .slice(1)
    .map((size) => {
      if (size === null) return null;
      if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 1) return size;
      throw unsupportedFile(message('kerasFiles.noInputShape'));
    });
}

type Sizes = readonly [height: number, width: number, channels: number, isVector: boolean];

function sizes(
  network: NetworkBuilder,
  layer: KerasLayer,
  shape: readonly (number | null)[],
  channelsFirst: boolean,
): Sizes {
  const text = shape.map((size) => size ?? '?').join(' × ');
  if (shape.length === 1) return vectorSizes(network, layer, shape[0] ?? 0);
  const [first = null, second = null, third = null] = shape;
  const isFlat = shape.length === 2;
  const [height, width, channels] = isFlat
    ? [first, second, 1]
    : channelsFirst
      ? [second, third, first]
      : [first, second, third];
  if (shape.length > 3 || shape.length === 0 || (channels !== 1 && channels !== 3))
    throw unsupportedFile(message('kerasFiles.inputShape', { layer: layer.name, shape: text }));
  if (height === null || width === null)
    network.notes.push(message('kerasFiles.openSize', { size: USUAL_SIZE }));
  return [height ?? USUAL_SIZE, width ?? USUAL_SIZE, channels, false];
}

/** A vector of 784 values is a grey image of 28 × 28 in practice: images of the file were flattened before. */
function vectorSizes(network: NetworkBuilder, layer: KerasLayer, count: number): Sizes {
  const side = Math.round(Math.sqrt(count));
  if (count < 4 || side * side !== count)
    throw unsupportedFile(message('kerasFiles.inputShape', { layer: layer.name, shape: String(count) }));
  network.notes.push(message('kerasFiles.vectorInput', { values: count, side }));
  return [side, side, 1, true];
}

import { elementCount } from '../../../program/shape.ts';
import { axisOf, cannot, isPlainVector, onlyInput, type Convert } from '../layerContext.ts';
import type { Tensor } from '../network.ts';

/** `Flatten` from the channels to the end. */
export const convertFlatten: Convert = (context) => {
  const { layer, network } = context;
  const settings = layer.settings.child('flatten_param');
  const input = onlyInput(context);
  const [first, last] = [settings.whole('axis', 1), settings.whole('end_axis', -1)];
  const end = isPlainVector(input) ? 1 : 3;
  if (axisOf(first, input) !== 1 || axisOf(last, input) !== end)
    throw cannot(context, `axis ${first}, end_axis ${last}`);
  return network.vector(input, layer);
};

/**
 * `Reshape` that keeps the batch: to a vector, or to an image. A 0 keeps a dimension and a -1 is computed from the
 * others (reshape_layer.cpp).
 */
export const convertReshape: Convert = (context) => {
  const { layer, network } = context;
  const settings = layer.settings.child('reshape_param');
  const input = onlyInput(context);
  const [axis, count] = [settings.whole('axis', 0), settings.whole('num_axes', -1)];
  const listed = settings.child('shape').wholes('dim');
  const refusal = cannot(context, `shape ${listed.slice(0, 8).join(' ')}`);
  if ((axis !== 0 && axis !== 1) || count !== -1) throw cannot(context, `axis ${axis}, num_axes ${count}`);
  const [batch = 0] = listed;
  const given = axis === 1 ? listed : listed.slice(1);
  const wanted = resolved(given, input);
  if (wanted === null || (axis === 0 && batch < -1)) throw refusal;
  const [channels = 1, height = 1, width = 1] = wanted;
  if (wanted.length === 1) return network.vector(input, layer);
  if (wanted.length !== 3) throw refusal;
  const isSame = wanted.join() === caffeDims(input).join();
  if (isSame) return input;
  if (height === 1 && width === 1) return { ...network.vector(input, layer), isPixel: true };
  return network.add(layer, 'reshape', [input], { to: 'picture', channels, height, width }).tensor;
};

/** The dims after the batch; null where they do not have the elements of the input. */
function resolved(given: readonly number[], input: Tensor): readonly number[] | null {
  const old = caffeDims(input);
  const copied = given.map((dim, index) => (dim === 0 ? (old[index] ?? 0) : dim));
  const elements = elementCount(input.shape);
  const known = elementCount(copied.filter((dim) => dim !== -1));
  const dims = copied.map((dim) => (dim === -1 ? elements / known : dim));
  const isValid = dims.every((dim) => Number.isInteger(dim) && dim > 0) && elementCount(dims) === elements;
  return isValid ? dims : null;
}

function caffeDims(input: Tensor): readonly number[] {
  return input.isPixel ? [...input.shape, 1, 1] : input.shape;
}

import { elementCount } from '../../program/shape.ts';
import { message } from '../../words/message.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import type { CaffeLayer } from './caffeNet.ts';
import type { Built, CaffeNetwork, Tensor } from './network.ts';

/** What a layer's conversion works with. */
export interface LayerContext {
  readonly layer: CaffeLayer;
  readonly inputs: readonly Tensor[];
  readonly network: CaffeNetwork;
  /** The Scale layer that is one block with this BatchNorm layer; null where there is none. */
  readonly scale: CaffeLayer | null;
}

/** Makes the blocks of a layer; returns its output. */
export type Convert = (context: LayerContext) => Tensor;

/** The layer has something that NormLab's blocks cannot express: one setting with its value. */
export function cannot({ layer }: Pick<LayerContext, 'layer'>, setting: string): Error {
  const values = { layer: layer.name, kind: layer.type, setting };
  return unsupportedFile(message('caffeFiles.settingUnsupported', values));
}

/** The only input; throws a fault where there is another number of inputs. */
export function onlyInput({ layer, inputs }: LayerContext): Tensor {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1)
    throw brokenFile(message('caffeFiles.inputCount', { layer: layer.name, found: inputs.length }));
  return input;
}

/** The only input as an image, which it is except behind an InnerProduct. */
export function imageInput(context: LayerContext): Tensor {
  return context.network.image(onlyInput(context), context.layer);
}

/** `conv1[0]`, as `net.params['conv1'][0]` in Python. */
export function blobName(layer: CaffeLayer, index: number): string {
  return `${layer.name}[${index}]`;
}

/**
 * Gives a slot the values of a blob of `layer`; a slot without a blob stays without values. Dims of 1 do not count, as
 * old files fill up to four dims by them. `read` changes the values. Throws a fault for other dims.
 */
export function giveBlob(
  network: CaffeNetwork,
  built: Built,
  { layer, index, field, isTransposed = false }: BlobFor,
  read: (values: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer> = (values) => values,
): void {
  const blob = layer.blobs[index];
  const dims = built.slots.get(field);
  if (blob === undefined || dims === undefined) return;
  const name = blobName(layer, index);
  const wanted = isTransposed ? [...dims].reverse() : dims;
  if (significant(blob.dims) !== significant(wanted)) {
    const values = { name, found: blob.dims.join(' × '), wanted: wanted.join(' × ') };
    throw brokenFile(message('caffeFiles.blobDims', values));
  }
  // A fault belongs to the reading of the file, not to a later use of the values.
  blob.check(name);
  network.give(built, field, {
    ...{ dims, from: [name], transposed: isTransposed },
    read: () => read(blob.read()),
  });
}

interface BlobFor {
  readonly layer: CaffeLayer;
  readonly index: number;
  readonly field: string;
  /** The blob has the dims of the slot in reverse order; `read` puts its values in order. */
  readonly isTransposed?: boolean;
}

function significant(dims: readonly number[]): string {
  return dims.filter((dim) => dim !== 1).join();
}

/** Values that are filled in without a blob; no layer has more channels. */
const MOST_FILLED = 1_048_576;

/** Gives all values of a slot the same number. Throws a fault for more values than any layer has channels. */
export function giveConstant(
  { layer, network }: Pick<LayerContext, 'layer' | 'network'>,
  built: Built,
  field: string,
  number: number,
): void {
  const dims = built.slots.get(field) ?? [];
  const count = elementCount(dims);
  if (count > MOST_FILLED)
    throw unsupportedFile(message('caffeFiles.manyChannels', { layer: layer.name, most: MOST_FILLED }));
  network.give(built, field, {
    ...{ dims, from: [], transposed: false },
    read: () => new Float32Array(count).fill(number),
  });
}

/** True where the file trains none of the first `count` blobs of the layer: `lr_mult` is 0 for each. */
export function isFrozen({ rates }: CaffeLayer, count: number): boolean {
  return count > 0 && rates.length >= count && rates.slice(0, count).every((rate) => rate === 0);
}

/** An axis counted from 0, the batch; one from the end is negative. */
export function axisOf(axis: number, tensor: Tensor): number {
  return axis < 0 ? axis + (isPlainVector(tensor) ? 2 : 4) : axis;
}

/** True for `N × F`, which an InnerProduct or Flatten gives. */
export function isPlainVector({ shape, isPixel }: Tensor): boolean {
  return shape.length === 1 && !isPixel;
}

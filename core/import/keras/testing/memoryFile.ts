import type { ForeignTensor } from '../../foreignModel.ts';
import { elementCount } from '../../../program/shape.ts';
import type { H5Group, H5Texts } from '../h5Group.ts';

/** A group of an HDF5 file in memory, for tests. */
export interface GroupSpec {
  readonly texts?: Readonly<Record<string, H5Texts>>;
  readonly groups?: Readonly<Record<string, GroupSpec>>;
  /** Dims of tensors; their values count up, so that every element is distinct. */
  readonly tensors?: Readonly<Record<string, readonly number[]>>;
}

export function memoryGroup(spec: GroupSpec, path = ''): H5Group {
  const below = (name: string): string => (path === '' ? name : `${path}/${name}`);
  return {
    path,
    texts: new Map(Object.entries(spec.texts ?? {})),
    groups: new Map(
      Object.entries(spec.groups ?? {}).map(([name, group]) => [name, memoryGroup(group, below(name))]),
    ),
    tensors: new Map(
      Object.entries(spec.tensors ?? {}).map(([name, dims]) => [name, memoryTensor(below(name), dims)]),
    ),
  };
}

/** Without `data`, the values count up from 0. */
export function memoryTensor(name: string, dims: readonly number[], data?: readonly number[]): ForeignTensor {
  const read = (): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: elementCount(dims) }, (_, index) => data?.[index] ?? index);
  return { name, dims, dtype: 'f32', read };
}

/** Layers with tensors of these dims in the layout of Keras 3: `layers/conv2d_1/vars/0`. */
export function newLayout(layers: Readonly<Record<string, readonly (readonly number[])[]>>): H5Group {
  const groups = Object.entries(layers).map(([name, dims]): [string, GroupSpec] => [
    name,
    { groups: { vars: { tensors: Object.fromEntries(dims.map((each, index) => [String(index), each])) } } },
  ]);
  return memoryGroup({ groups: { layers: { groups: Object.fromEntries(groups) } } });
}

/** Layers in the layout of old files: `conv1/conv1/kernel:0`, with the names of layers and tensors as attributes. */
export function oldLayout(
  layers: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>,
): H5Group {
  const groups = Object.entries(layers).map(([name, tensors]): [string, GroupSpec] => [
    name,
    {
      texts: { weight_names: Object.keys(tensors).map((tensor) => `${name}/${tensor}`) },
      groups: { [name]: { tensors } },
    },
  ]);
  return memoryGroup({ texts: { layer_names: Object.keys(layers) }, groups: Object.fromEntries(groups) });
}

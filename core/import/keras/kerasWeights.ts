import type { ForeignTensor } from '../foreignModel.ts';
import { allTensors, groupAt, tensorAt, textOf, textsOf, type H5Group } from './h5Group.ts';
import type { KerasLayer } from './layer.ts';

/** The tensors of a file, layer by layer. */
export interface KerasWeights {
  /**
   * All tensors of the model's layers, in the order of the file; states of optimizers and random numbers are left out.
   */
  readonly tensors: readonly ForeignTensor[];
  /** How many tensors belong to an optimizer. */
  readonly optimizerTensors: number;
  /** The tensors of a layer in Keras' order; empty where the file has none. */
  of(layer: KerasLayer): readonly ForeignTensor[];
}

/** Finds tensors in the layout of Keras 3 or in that of old files, whichever the file has. */
export function kerasWeights(root: H5Group): KerasWeights {
  const old = oldLayers(root);
  const all = allTensors(root);
  const isOptimizer = ({ name }: ForeignTensor): boolean => /^(optimizer|_?optimizer_weights)\b/.test(name);
  const isRandom = ({ name }: ForeignTensor): boolean => name.includes('seed_generator');
  const isBook = ({ name }: ForeignTensor): boolean =>
    /^(compile_metrics|metrics|loss_tracker|_metrics)\b/.test(name);
  return {
    tensors: all.filter((tensor) => !isOptimizer(tensor) && !isRandom(tensor) && !isBook(tensor)),
    optimizerTensors: all.filter(isOptimizer).length,
    of: (layer) =>
      (old === null ? newTensors(root, layer) : oldTensors(old, layer)).filter((tensor) => !isRandom(tensor)),
  };
}

/** The group with `layer_names` of an old file: `model_weights` beside an architecture, else the root. */
export function oldLayers(root: H5Group): H5Group | null {
  const nested = root.groups.get('model_weights');
  if (nested !== undefined) return nested;
  return textsOf(root, 'layer_names') === null ? null : root;
}

/** Keras 3: `layers/conv2d_1/vars/0`. A group whose attribute `name` is the layer's goes before the counted one. */
function newTensors(root: H5Group, { name, place }: KerasLayer): readonly ForeignTensor[] {
  const slash = place.path.lastIndexOf('/');
  const container = containerAt(root, place.path.slice(0, slash));
  if (container === null) return [];
  const isNamed = (group: H5Group): boolean => textOf(group, 'name') === name;
  const counted = container.groups.get(place.path.slice(slash + 1))?.groups.get('vars');
  if (counted !== undefined && isNamed(counted)) return numbered(counted);
  for (const { groups } of container.groups.values()) {
    const variables = groups.get('vars');
    if (variables !== undefined && isNamed(variables)) return numbered(variables);
  }
  return counted === undefined ? [] : numbered(counted);
}

/** TensorFlow 2.12 named the list of layers otherwise. */
function containerAt(root: H5Group, path: string): H5Group | null {
  return groupAt(root, path) ?? groupAt(root, path.replaceAll('layers', '_layer_checkpoint_dependencies'));
}

/** The tensors `0`, `1`, … of a group in order. */
export function numbered({ tensors }: H5Group): readonly ForeignTensor[] {
  return [...tensors]
    .filter(([name]) => /^\d{1,9}$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, tensor]) => tensor);
}

/** The tensors of a group of an old file in the order of its `weight_names`. */
export function listed(group: H5Group): readonly ForeignTensor[] {
  return (textsOf(group, 'weight_names') ?? []).flatMap((name) => tensorAt(group, name) ?? []);
}

/**
 * Old files: `conv1/conv1/kernel:0`. The group of a nested model has the tensors of all its layers; those of one layer
 * have its name right before their own.
 */
function oldTensors(root: H5Group, { place }: KerasLayer): readonly ForeignTensor[] {
  const group = groupAt(root, place.topLayer);
  if (group === null) return [];
  const tensors = listed(group);
  if (place.names.length === 1) return tensors;
  const own = (depth: number): readonly ForeignTensor[] => {
    const ending = `/${place.names.slice(-depth).join('/')}`;
    return tensors.filter(({ name }) => name.slice(0, name.lastIndexOf('/')).endsWith(ending));
  };
  // Names of nested models are part of the path in Keras 3 and were not before.
  const exact = own(place.names.length);
  return exact.length > 0 ? exact : own(1);
}

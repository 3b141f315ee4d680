import { message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import type { ForeignTensor, ForeignWeights } from '../foreignModel.ts';
import { groupAt, textOf, textsOf, type H5Group } from './h5Group.ts';
import { kerasWeights, listed, numbered, oldLayers } from './kerasWeights.ts';

/**
 * The tensors of an HDF5 file without an architecture. Names are paths, `layers/conv2d_1/vars/0` in files of Keras 3
 * and `conv1/conv1/kernel:0` in older ones; tensors of a layer stand together in Keras' order, and layers of an old
 * file in the order of the model. `metadata` has the layer's own name for each path without the last part, where the
 * file has it: `layers/conv2d_1/vars` -> `block1_conv`.
 */
export function kerasWeightFile(root: H5Group): ForeignWeights {
  const metadata: Record<string, string> = {};
  const old = oldLayers(root);
  const found = old === null ? newTensors(root, metadata) : oldTensors(old, metadata);
  const known = new Set(kerasWeights(root).tensors);
  const tensors = found.filter((tensor) => known.has(tensor));
  if (tensors.length === 0) throw unsupportedFile(message('kerasFiles.noWeights'));
  return { kind: 'weights', format: 'keras', tensors, metadata, classNames: null, notes: [] };
}

function newTensors(root: H5Group, metadata: Record<string, string>): readonly ForeignTensor[] {
  const found: ForeignTensor[] = [];
  const open: H5Group[] = [root];
  for (let group = open.pop(); group !== undefined; group = open.pop()) {
    const name = textOf(group, 'name');
    const inOrder = numbered(group);
    if (name !== null && inOrder.length > 0) metadata[group.path] = name;
    found.push(...inOrder, ...[...group.tensors.values()].filter((tensor) => !inOrder.includes(tensor)));
    open.push(...[...group.groups.values()].reverse());
  }
  return found;
}

function oldTensors(root: H5Group, metadata: Record<string, string>): readonly ForeignTensor[] {
  return (textsOf(root, 'layer_names') ?? []).flatMap((layer) => {
    const group = groupAt(root, layer);
    const tensors = group === null ? [] : listed(group);
    for (const { name } of tensors) {
      const holder = name.slice(0, name.lastIndexOf('/'));
      metadata[holder] = holder.slice(holder.lastIndexOf('/') + 1);
    }
    return tensors;
  });
}

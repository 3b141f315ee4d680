import { message } from '../../words/message.ts';
import { brokenFile } from '../fileFault.ts';
import type { CaffeLayer, CaffeNet } from './caffeNet.ts';

/** The weights of a `.caffemodel`, which belong to layers by name. */
export interface CaffeWeights {
  /** Layers with weights. */
  readonly layers: readonly CaffeLayer[];
  /** The layer with the weights of its name. */
  into(layer: CaffeLayer): CaffeLayer;
}

/** Throws a fault where two layers with weights have the same name. */
export function caffeWeights({ layers }: CaffeNet): CaffeWeights {
  const held = layers.filter(({ blobs }) => blobs.length > 0);
  const byName = new Map<string, CaffeLayer>();
  for (const layer of held) {
    if (byName.has(layer.name)) throw brokenFile(message('caffeFiles.sameNames', { layer: layer.name }));
    byName.set(layer.name, layer);
  }
  return {
    layers: held,
    into: (layer) => ({ ...layer, blobs: byName.get(layer.name)?.blobs ?? [] }),
  };
}

import { must } from '../../diagnostics/invariantError.ts';
import { elementCount } from '../../program/shape.ts';
import { message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import { blobName } from './layerContext.ts';
import { caffeWeights, type CaffeWeights } from './caffeWeights.ts';
import type { CaffeLayer, CaffeNet } from './caffeNet.ts';
import { conversionOf } from './layerKinds.ts';
import { isChannelScale } from './layers/norms.ts';
import { CaffeNetwork, type Tensor } from './network.ts';
import { inputShape } from './networkInput.ts';
import { testLayers } from './phases.ts';
import { isSource } from './sources.ts';
import { wireLayers, type CaffeValue, type WiredLayer } from './wiring.ts';

/** A network rebuilt of our blocks. */
export interface Rebuilt {
  readonly network: CaffeNetwork;
  /** `[C, H, W]`. */
  readonly inputShape: readonly number[];
  readonly logitCount: number;
  /** Blobs that no block uses. */
  readonly unexpected: readonly string[];
}

/**
 * Rebuilds the network of `net` in Caffe's phase TEST, with the weights of `weights`, which belong to layers by their
 * names. Throws a fault that names the first layer without a block.
 */
export function rebuild(net: CaffeNet, weights: CaffeNet): Rebuilt {
  const network = new CaffeNetwork();
  const held = caffeWeights(weights);
  const layers = testLayers(net).map((layer) => held.into(layer));
  const { needed, logits } = wireLayers(layers, network.notes);
  refuseUnknown(needed);
  const source = onlySource(needed);
  const shape = inputShape(source, needed);
  const last = addLayers(network, needed, { shape, logits });
  const end = vectorOf(network, last, logits.by.layer);
  network.add(logits.by.layer, 'output', [end], {}, 'output');
  noteStatistics(network, needed);
  return {
    network,
    inputShape: shape,
    logitCount: end.shape[0] ?? 0,
    unexpected: unexpectedOf(held, network),
  };
}

function refuseUnknown(needed: readonly WiredLayer[]): void {
  const unknown = needed.filter(({ layer }) => !isSource(layer) && conversionOf(layer.type) === undefined);
  const [first] = unknown;
  if (first === undefined) return;
  const values = { layer: first.layer.name, kind: first.layer.type };
  const more = unknown.length - 1;
  throw unsupportedFile(
    more === 0
      ? message('caffeFiles.layerUnknown', values)
      : message('caffeFiles.layersUnknown', { ...values, more }),
  );
}

/** The layer whose images the logits depend on. */
function onlySource(needed: readonly WiredLayer[]): CaffeLayer {
  const sources = needed.filter(({ layer }) => isSource(layer));
  const [first] = sources;
  if (first === undefined || sources.length > 1)
    throw unsupportedFile(message('caffeFiles.inputs', { count: sources.length }));
  return first.layer;
}

interface Ends {
  readonly shape: readonly number[];
  readonly logits: CaffeValue;
}

/** Adds the blocks of all layers; returns the logits. */
function addLayers(network: CaffeNetwork, needed: readonly WiredLayer[], { shape, logits }: Ends): Tensor {
  const scales = scalesOf(needed, logits);
  const results = new Map<WiredLayer, Tensor>();
  const [channels = 3, height = 1, width = 1] = shape;
  for (const wired of needed) {
    const { layer, inputs } = wired;
    if (isSource(layer)) {
      const params = { channels, height, width };
      results.set(wired, network.add(layer, 'input', [], params, 'input').tensor);
      continue;
    }
    const [norm] = inputs;
    const isMerged = norm !== undefined && scales.get(norm.by) === wired;
    const tensors = inputs.map(({ by }) => must(results.get(by), 'the output of an earlier layer'));
    const convert = must(conversionOf(layer.type), `a conversion of ${layer.type}`);
    const context = { layer, inputs: tensors, network, scale: scales.get(wired)?.layer ?? null };
    results.set(wired, isMerged ? must(tensors[0], 'the BatchNorm') : convert(context));
  }
  return must(results.get(logits.by), 'the logits');
}

/** The Scale of each BatchNorm that only it reads. */
function scalesOf(needed: readonly WiredLayer[], logits: CaffeValue): ReadonlyMap<WiredLayer, WiredLayer> {
  const readers = new Map<WiredLayer, WiredLayer[]>();
  for (const wired of needed)
    for (const { by } of wired.inputs) {
      const known = readers.get(by);
      if (known === undefined) readers.set(by, [wired]);
      else known.push(wired);
    }
  const scales = new Map<WiredLayer, WiredLayer>();
  for (const [norm, [first, ...others]] of readers) {
    const isAlone = norm.layer.type === 'BatchNorm' && others.length === 0 && norm !== logits.by;
    if (isAlone && first !== undefined && isChannelScale(first.layer)) scales.set(norm, first);
  }
  return scales;
}

/** The Output takes a vector, and an image of one pixel is one. */
function vectorOf(network: CaffeNetwork, last: Tensor, layer: CaffeLayer): Tensor {
  if (elementCount(last.shape.slice(1)) === 1) return network.vector(last, layer);
  throw unsupportedFile(
    message('caffeFiles.imageOutput', { layer: layer.name, dims: last.shape.join(' × ') }),
  );
}

function noteStatistics(network: CaffeNetwork, needed: readonly WiredLayer[]): void {
  const count = needed.filter(({ layer }) =>
    layer.settings.child('batch_norm_param').flag('use_global_stats', false),
  ).length;
  if (count > 0) network.notes.push(message('caffeFiles.globalStatistics', { count }));
}

function unexpectedOf(held: CaffeWeights, { used }: CaffeNetwork): readonly string[] {
  return held.layers.flatMap((layer) =>
    layer.blobs.map((_, index) => blobName(layer, index)).filter((name) => !used.has(name)),
  );
}

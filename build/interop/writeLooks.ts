import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GraphDocument } from '#core/document/schema.ts';
import { decidedClass } from '#core/export/readout.ts';
import { encodeSafetensors } from '#core/export/safetensors.ts';
import { everyChannelBlock, everyImageBlock, everyPhotoBlock } from '#core/export/testing/networks.ts';
import { randomImages, randomModel } from '#core/export/testing/randomModel.ts';
import { exportPytorch } from '#core/export/torch/exportPytorch.ts';
import { idsOf, moduleNames } from '#core/export/torch/moduleNames.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { MAP_METHODS } from '#core/insight/classMap.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { openLook, type Look } from '#workers/pictures/lookSession.ts';

interface LookCase {
  readonly name: string;
  readonly document: GraphDocument;
  /** Side and distance of the squares of the occlusion map. */
  readonly square: { readonly size: number; readonly stride: number };
}

function template(
  name: string,
  inputShape: readonly [number, number, number],
  size: number,
  stride: number,
): LookCase {
  const document = instantiateTemplate(name, { inputShape, classes: 7, id: name });
  return { name: `${name}-${inputShape.join('x')}`, document, square: { size, stride } };
}

/** Compared blocks of a network. */
const MOST_BLOCKS = 20;

/** Residual sums, pooling of all kinds, ReLU6, gates, normalization of all kinds, sizes that are not square. */
function cases(): readonly LookCase[] {
  const square = { size: 3, stride: 2 };
  return [
    template('mnist-cnn-bn', [1, 28, 28], 6, 5),
    template('vgg-bn', [3, 32, 32], 8, 8),
    template('resnet20', [3, 32, 24], 7, 6),
    template('resnet18', [3, 224, 224], 64, 64),
    template('mobilenet-v2', [3, 96, 128], 32, 32),
    { name: 'every-picture-block', document: everyImageBlock(), square },
    { name: 'every-photo-block', document: everyPhotoBlock(), square },
    { name: 'every-channel-block', document: everyChannelBlock(), square },
  ];
}

/** A tensor of the file with what the engine computed. */
interface Computed {
  readonly name: string;
  readonly dtype: 'F32';
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Writes a folder for each network with random weights: its export for PyTorch, an image, and what the engine looks at
 * in it: the output of every block, both maps of a class at every block with height and width, an occlusion map.
 */
export async function writeLooks(folder: string): Promise<string> {
  const all = cases();
  for (const [index, one] of all.entries()) await writeLook(join(folder, one.name), one, index + 1);
  return `${all.length} networks looked at a picture`;
}

async function writeLook(folder: string, { document, square }: LookCase, seed: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const model = randomModel(document, seed);
  const image = randomImages(model, 1, seed);
  const look = openLook(model);
  const chosen = decidedClass(look.classify(image));
  const computed = [...atBlocks(look, image, chosen)];
  const { map, probability } = await look.occlude({ image, class: chosen, ...square });
  computed.push(tensor('occlusion', [map.height, map.width], map.values));
  look.close();
  for (const [name, bytes] of exportPytorch(model, { foldBatchNorm: false }).files)
    writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, 'computed.safetensors'), encodeSafetensors(computed, {}));
  writeFileSync(join(folder, 'image.u8'), image);
  writeFileSync(join(folder, 'case.json'), JSON.stringify(describe(model, { chosen, probability, square })));
}

function* atBlocks(look: Look, image: Uint8Array, chosen: number): Generator<Computed> {
  const blocks = look.blocks();
  const step = Math.max(1, blocks.length / MOST_BLOCKS);
  for (const [index, { block, hasMap }] of blocks.entries()) {
    // Blocks of all depths, the last ones among them.
    if ((blocks.length - index) % step >= 1) continue;
    const features = look.features({ image, block });
    yield tensor(`features ${block}`, features.shape, features.values);
    for (const method of hasMap ? MAP_METHODS : []) {
      const { height, width, values } = look.map({ image, method, block, class: chosen });
      yield tensor(`${method} ${block}`, [height, width], values);
    }
  }
}

function tensor(name: string, shape: readonly number[], data: Float32Array): Computed {
  return { name, dtype: 'F32', shape, data };
}

function describe({ graph, preprocessing }: TrainedModel, found: object): object {
  const { channels, height, width, mean, deviation } = preprocessing;
  return {
    ...{ channels, height, width, mean, deviation, ...found },
    modules: Object.fromEntries(moduleNames(idsOf(graph))),
  };
}

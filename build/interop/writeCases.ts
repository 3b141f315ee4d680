import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Link } from '#core/conformance/networks.ts';
import { randomNetworks } from '#core/conformance/randomNetwork.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { foldModel } from '#core/export/fold.ts';
import { exportOnnx } from '#core/export/exportOnnx.ts';
import { exportSafetensors } from '#core/export/exportSafetensors.ts';
import {
  everyFoldCase,
  everyImageBlock,
  everyPhotoBlock,
  everyResizingBlock,
  everyChannelBlock,
  withoutBatchNorm,
} from '#core/export/testing/networks.ts';
import { randomModel, randomImages } from '#core/export/testing/randomModel.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { instantiateTemplate, TEMPLATES } from '#core/templates/templates.ts';
import { createDocument } from '#core/document/create.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { backendLogits } from '#workers/export/check/backendLogits.ts';
import { samplesFor } from '#workers/export/check/samples.ts';

const IMAGES = 4;
/** Number of randomly generated networks and, so that a failure can be reproduced, their seed. */
const RANDOM = {
  numRuns: Number(process.env['NORMLAB_INTEROP_RANDOM'] ?? 24),
  seed: Number(process.env['NORMLAB_INTEROP_SEED'] ?? 1),
};

const NORMALIZED: readonly Link[] = [
  ['batchNorm', { averaging: 'cumulative', epsilon: 1e-3 }],
  ['batchNorm', { renorm: true }],
  ['batchNorm', { ghostSize: 2 }],
  ['layerNorm', {}],
  ['layerNorm', { affine: 'eachChannel' }],
  ['layerNorm', { over: 'eachPixel' }],
  ['groupNorm', { groups: 1, gamma: false }],
  ['instanceNorm', { beta: false }],
];

/**
 * All networks that are checked: one for all image blocks, one for all fold cases, and every template at a small size.
 */
function networks(): readonly (readonly [name: string, document: GraphDocument])[] {
  const templates = TEMPLATES.map(({ name, inputShape: [channels] }) => {
    const document = instantiateTemplate(name, { inputShape: [channels, 16, 12], classes: 7, id: name });
    return [name, document] as const;
  });
  return [
    ['every-picture-block', everyImageBlock()],
    ['every-resizing-block', everyResizingBlock()],
    ['every-photo-block', everyPhotoBlock()],
    ['every-fold-case', everyFoldCase()],
    ['every-channel-block', everyChannelBlock()],
    ['without-batch-norm', withoutBatchNorm()],
    ...templates,
    ...randomDocuments(),
  ];
}

function randomDocuments(): readonly (readonly [name: string, document: GraphDocument])[] {
  const valid = randomNetworks(NORMALIZED).filter(({ graph }) => checkGraph(graph).graph !== null);
  return fc.sample(valid, RANDOM).map(({ graph }, index) => {
    const name = `random-${String(index + 1).padStart(2, '0')}`;
    return [name, { ...createDocument(name, name), graph }] as const;
  });
}

/**
 * Writes a folder for each network with random weights and statistics: its exports, plain and folded, images, and their
 * logits computed by the float64 reference backend. Returns the number of networks.
 */
export async function writeCases(folder: string): Promise<number> {
  const all = networks();
  for (const [index, [name, document]] of all.entries()) {
    const target = join(folder, name);
    mkdirSync(target, { recursive: true });
    await writeCase(target, randomModel(document, index + 1));
  }
  return all.length;
}

async function writeCase(folder: string, model: TrainedModel): Promise<void> {
  for (const [variant, foldBatchNorm] of [
    ['plain', false],
    ['folded', true],
  ] as const) {
    writeFileSync(join(folder, `${variant}.onnx`), exportOnnx(model, { foldBatchNorm }));
    writeFileSync(join(folder, `${variant}.safetensors`), exportSafetensors(model, { foldBatchNorm }));
  }
  const samples = samplesFor(model, randomImages(model, IMAGES));
  writeFileSync(join(folder, 'images.u8'), samples.bytes);
  writeFileSync(join(folder, 'logits.f64'), await backendLogits(referenceBackend, model, samples));
  writeFileSync(join(folder, 'case.json'), JSON.stringify(describeCase(model, samples.count), null, 2));
}

function describeCase(model: TrainedModel, count: number): object {
  const { preprocessing, classNames, graph, provenance } = model;
  const { height, width, channels, mean, deviation } = preprocessing;
  return {
    ...{ count, height, width, channels, mean, deviation, classNames, classes: graph.classes },
    batchesSeen: provenance.batchesSeen,
    tensors: { plain: tensorsOf(model), folded: tensorsOf(foldModel(model).model) },
  };
}

/** Name -> [numpy type, shape], written independently of the exporter. */
function tensorsOf({ layout }: TrainedModel): Record<string, [string, readonly number[]]> {
  const suffix = { weights: 'weight', gamma: 'weight', bias: 'bias', beta: 'bias' } as const;
  const statistic = { mean: 'running_mean', variance: 'running_var' } as const;
  const tensors: Record<string, [string, readonly number[]]> = {};
  for (const { node, field, dims } of layout.parameters)
    tensors[`${node}.${suffix[field]}`] = ['float32', dims];
  for (const { node, field, dims } of layout.statistics) {
    tensors[`${node}.${statistic[field]}`] = ['float32', dims];
    tensors[`${node}.num_batches_tracked`] = ['int64', []];
  }
  return tensors;
}

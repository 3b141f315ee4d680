import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '#core/backend/backend.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { exportSafetensors } from '#core/export/exportSafetensors.ts';
import { randomImages, randomModel } from '#core/export/testing/randomModel.ts';
import { instantiateTemplate, templatesOf } from '#core/templates/templates.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';
import { TriedNetwork } from '#workers/pictures/triedNetwork.ts';

/** A picture and its companions. */
const IMAGES = 9;

/**
 * Writes a folder for each small template, and for each with its first BatchNorm frozen: the weights, a batch of
 * images, and what the lab computes for the first of them with the statistics of the batch, on both backends. Returns a
 * line about it.
 */
export function writePictures(folder: string): string {
  const networks = templatesOf('small').flatMap(({ name, inputShape: [channels] }) => {
    const document = instantiateTemplate(name, { inputShape: [channels, 16, 12], classes: 7, id: name });
    return [
      { name, document },
      { name: `${name}-frozen`, document: withFrozenNorm(document) },
    ];
  });
  for (const [index, { name, document }] of networks.entries())
    writeCase(join(folder, name), document, index + 1);
  return `${networks.length} pictures classified in batches`;
}

function writeCase(folder: string, document: GraphDocument, seed: number): void {
  mkdirSync(folder, { recursive: true });
  const model = randomModel(document, seed);
  const images = randomImages(model, IMAGES);
  writeFileSync(join(folder, 'network.safetensors'), exportSafetensors(model, { foldBatchNorm: false }));
  writeFileSync(join(folder, 'images.u8'), images);
  const computed = (backend: Backend): object => {
    const network = new TriedNetwork(model, { backend, threads: 1 });
    try {
      const first = images.subarray(0, images.length / IMAGES);
      const { storedStatistics: stored } = network;
      return {
        tensor: [...network.normalize(first)],
        stored: network.answer(first, stored),
        batch: network.answerInBatch(images, IMAGES, stored),
      };
    } finally {
      network.close();
    }
  };
  const { channels, height, width } = model.preprocessing;
  const backends = { native: computed(chooseBackend().backend), reference: computed(referenceBackend) };
  const found = { shape: [IMAGES, height, width, channels], backends };
  writeFileSync(join(folder, 'picture.json'), JSON.stringify(found));
}

/** The first BatchNorm block keeps its stored statistics in training. */
function withFrozenNorm(document: GraphDocument): GraphDocument {
  const { nodes } = document.graph;
  const first = Object.entries(nodes).find(([, { kind }]) => kind === 'batchNorm');
  if (first === undefined) return document;
  const [id, node] = first;
  const params = { ...node.params, normalizeBy: 'stored', updateStatistics: false };
  return { ...document, graph: { ...document.graph, nodes: { ...nodes, [id]: { ...node, params } } } };
}

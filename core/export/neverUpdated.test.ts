import { expect, it } from 'vitest';
import type { GraphDocument } from '../document/schema.ts';
import { tinyDocument } from '../training/testing/tinyRun.ts';
import { neverUpdated } from './batchNormFacts.ts';
import { exportOnnx } from './exportOnnx.ts';
import { exportSafetensors } from './exportSafetensors.ts';
import { METADATA_KEYS, modelMetadata } from './metadata.ts';
import { decodeSafetensors } from './safetensors.ts';
import { randomModel } from './testing/randomModel.ts';

/** The tiny network with other settings of its BatchNorm block. */
function withNorm(params: Record<string, boolean | number>): GraphDocument {
  const document = tinyDocument();
  const nodes = Object.entries(document.graph.nodes).map(([id, node]) =>
    id === 'bn1' ? [id, { ...node, params: { ...node.params, ...params } }] : [id, node],
  );
  const graph = { ...document.graph, nodes: Object.fromEntries(nodes) as GraphDocument['graph']['nodes'] };
  return { ...document, graph };
}

it.each([{ updateStatistics: false }, { decay: 1 }])(
  'statistics that no step has updated are counted as 0 batches, and named so: %j',
  (params) => {
    const model = randomModel(withNorm(params));
    expect(neverUpdated(model, undefined)).toEqual(['bn1']);
    const { tensors, metadata } = decodeSafetensors(exportSafetensors(model, { foldBatchNorm: false }));
    expect(tensors.get('bn1.num_batches_tracked')?.data[0]).toBe(0n);
    const said = { bn1: { statistics: 'never updated', batches_seen: 0 } };
    expect(JSON.parse(metadata[METADATA_KEYS.batchNorm] ?? '')).toMatchObject(said);
    const text = new TextDecoder('latin1').decode(exportOnnx(model, { foldBatchNorm: false }));
    expect(text).toContain('"statistics":"never updated"');
  },
);

it('counts the batches of those that were updated', () => {
  const model = randomModel(tinyDocument());
  expect(neverUpdated(model, undefined)).toEqual([]);
  const metadata = modelMetadata(model, { normalizesInput: false, folding: null });
  expect(JSON.parse(metadata[METADATA_KEYS.batchNorm] ?? '')).toMatchObject({
    bn1: { statistics: 'moving-average', batches_seen: 1234 },
  });
});

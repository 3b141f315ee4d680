import fc from 'fast-check';
import { expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { createDocument } from '#core/document/create.ts';
import type { GraphDocument, Params } from '#core/document/schema.ts';
import { exportCaffe } from '#core/export/caffe/exportCaffe.ts';
import { planCaffe } from '#core/export/caffe/caffePlan.ts';
import { randomImages, randomModel } from '#core/export/testing/randomModel.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { GraphBuilder } from '#core/templates/graphBuilder.ts';
import { backendLogits } from './backendLogits.ts';
import { caffeLogits } from './caffeLogits.ts';
import { samplesFor } from './samples.ts';

const small = fc.integer({ min: 0, max: 3 });
const sides = { asymmetric: fc.boolean(), padBottom: small, padRight: small };
const padding = fc.constantFrom('same', 'valid', 'explicit');
const window = { kernel: fc.integer({ min: 1, max: 4 }), stride: fc.integer({ min: 1, max: 3 }), padding };
const conv = { ...window, ...sides, padY: small, padX: small, dilation: fc.integer({ min: 1, max: 2 }) };
const pool = { ...window, ...sides, pad: small, padLeft: small, ceilMode: fc.boolean() };

/** A block with a window, with random parameters. */
const blocks: fc.Arbitrary<readonly [kind: string, params: Params]> = fc.oneof(
  fc.record(conv).map((params) => ['conv2d', { ...params, filters: 2 }] as const),
  fc
    .record({ ...conv, outputPadding: fc.integer({ min: 0, max: 2 }) })
    .map((params) => ['convTranspose2d', { ...params, filters: 2 }] as const),
  fc.record(pool).map((params) => ['maxPool', params] as const),
  fc.record({ ...pool, countPadding: fc.boolean() }).map((params) => ['avgPool', params] as const),
);

function documentOf([kind, params]: readonly [string, Params], height: number, width: number): GraphDocument {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], [], { height, width, channels: 3 });
  const block = builder.add('block', kind, [0, 1], [input], params);
  const flat = builder.add('flat', 'flatten', [0, 2], [block]);
  builder.add('output', 'output', [0, 4], [builder.add('fc', 'dense', [0, 3], [flat], { units: 3 })]);
  const { graph, positions } = builder.build();
  return { ...createDocument('one', 'one'), graph, layout: { positions } };
}

const side = fc.integer({ min: 4, max: 9 });

it('reads every window that Caffe can express with the same logits', async () => {
  let written = 0;
  await fc.assert(
    fc.asyncProperty(blocks, side, side, async (block, height, width) => {
      const document = documentOf(block, height, width);
      const { graph } = checkGraph(document.graph);
      if (graph === null || planCaffe(graph).refusals.length > 0) return;
      written += 1;
      const model = randomModel(document);
      const samples = samplesFor(model, randomImages(model, 2));
      const { files } = exportCaffe(model, { foldBatchNorm: false });
      const folder = {
        names: [...files.keys()].sort(),
        read: (name: string) => Promise.resolve(files.get(name) ?? new Uint8Array()),
      };
      const read = await caffeLogits(folder, samples, () => Promise.resolve(), referenceBackend);
      const own = await backendLogits(referenceBackend, model, samples);
      const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      own.forEach((value, at) => {
        expect(Math.abs(value - (read[at] ?? NaN))).toBeLessThan(1e-5 * largest);
      });
    }),
    { numRuns: 300, seed: 7 },
  );
  expect(written).toBeGreaterThan(100);
});

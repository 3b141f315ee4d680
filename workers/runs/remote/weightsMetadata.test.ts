import { describe, expect, it } from 'vitest';
import type { Preprocessing } from '#core/document/preprocessing.ts';
import { modelMetadata } from '#core/export/metadata.ts';
import { randomModel } from '#core/export/testing/randomModel.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { readWeightsMetadata } from './weightsMetadata.ts';

const model = randomModel(instantiateTemplate('vgg-bn'));

function read(change: Partial<TrainedModel>): ReturnType<typeof readWeightsMetadata> {
  const metadata = modelMetadata({ ...model, ...change }, { normalizesInput: false, folding: null });
  return readWeightsMetadata('model.safetensors', metadata);
}

describe('the metadata of weights from elsewhere', () => {
  it('give back the preparation of images as the lab writes it', () => {
    const { preprocessing: plain } = model;
    const all: Partial<Preprocessing>[] = [
      { resize: 'fit' },
      { resize: 'crop', cropFraction: 0.9 },
      { channelOrder: 'bgr', mean: [1, 2, 3], deviation: [4, 5, 6] },
      { ranges: { unsigned16: [0, 4095], number: [-1, 1] } },
      { ranges: { number: [-1.5, 2.25] } },
    ];
    for (const change of all) {
      const preprocessing = { ...plain, ...change };
      expect(read({ preprocessing }).preprocessing).toEqual(preprocessing);
    }
  });

  it('give back the origin of the statistics', () => {
    const { provenance } = model;
    expect(read({}).facts).toEqual({
      ...{ weights: 'raw', statistics: 'moving-average', epochs: 3, batchesSeen: 1234 },
    });
    const exact = { statistics: 'exact', read: { batches: 7, ofBatches: 9, over: 'training' } } as const;
    const start = { source: 'torchvision', initialized: [] };
    const found = read({ provenance: { ...provenance, ...exact, weights: 'ema', start } }).facts;
    expect(found).toMatchObject({ weights: 'ema', ...exact, start: { source: 'torchvision' } });
  });
});

import { describe, expect, it } from 'vitest';
import type { Augmentation } from '#core/augment/augmentation.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { trainingSettingsSchema, type TrainingSettings } from '#core/document/trainingSettings.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { partsOf } from '#core/rewrites/trunk.ts';
import { setFrozen } from '#core/rewrites/whatTrains.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { planFeatures } from './featurePlan.ts';

const FLIPS: Augmentation = { border: 'black', horizontalFlip: { probability: 0.5 } };
const MIXED: Augmentation = { ...FLIPS, mixup: { alpha: 0.2, probability: 1 } };
const SIZE = { trainImages: 100, validationImages: 20, epochs: 10, floatBytes: 4, phase: 'all' as const };

function planned(
  settings: Partial<TrainingSettings> = {},
  augmentation?: Augmentation,
  { isFrozen = true, size = SIZE } = {},
) {
  const document = instantiateTemplate('resnet20');
  const { trunk } = partsOf(document.graph);
  const graph = isFrozen ? setFrozen(document.graph, trunk, true) : document.graph;
  const training = trainingSettingsSchema.parse(settings);
  const data: GraphDocument['data'] = { ...document.data, ...(augmentation && { augmentation }) };
  const { plan, notes } = planFeatures({ training, data }, must(checkGraph(graph).graph, 'network'), size);
  return { plan, keys: notes.map(({ key }) => key) };
}

describe('planFeatures', () => {
  it('computes a frozen trunk once', () => {
    const { plan, keys } = planned();
    expect(plan).toMatchObject({ versions: 1, isAugmented: false, inMemory: true, cut: { shape: [64] } });
    expect(keys).toEqual(['features.once']);
  });
  it('keeps versions of augmented images where the settings give their number', () => {
    expect(planned({ featureVersions: 3 }, FLIPS)).toMatchObject({
      plan: { versions: 3, isAugmented: true },
      keys: ['features.versions'],
    });
    expect(planned({ featureVersions: 3 })).toMatchObject({ plan: { versions: 1, isAugmented: false } });
  });
  it.each([
    ['augmented images', {}, FLIPS, ['features.augmented']],
    ['mixed images', { featureVersions: 2 }, MIXED, ['features.mixed']],
    ['as many versions as epochs', { featureVersions: 10 }, FLIPS, ['features.fewEpochs']],
    ['a setting', { features: 'off' }, undefined, ['features.off']],
  ] as const)('computes it at every step for %s', (_, settings, augmentation, keys) => {
    expect(planned(settings, augmentation)).toEqual({ plan: null, keys });
  });
  it('says nothing for one epoch, and where nothing is frozen', () => {
    expect(planned({}, undefined, { size: { ...SIZE, epochs: 1 } })).toEqual({ plan: null, keys: [] });
    expect(planned({ features: 'off' }, undefined, { isFrozen: false })).toEqual({ plan: null, keys: [] });
    expect(planned({}, undefined, { isFrozen: false })).toEqual({ plan: null, keys: [] });
  });
  it('reads features from the disk where they do not fit into a quarter of the memory', () => {
    const bytes = 120 * 64 * 4;
    const withBudget = (memoryBudgetBytes: number) =>
      planned({}, undefined, { size: { ...SIZE, memoryBudgetBytes } as typeof SIZE }).plan?.inMemory;
    expect(withBudget(4 * bytes)).toBe(true);
    expect(withBudget(4 * bytes - 1)).toBe(false);
  });
});

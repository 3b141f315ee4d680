import { describe, expect, it } from 'vitest';
import type { Params } from '../document/schema.ts';
import { BATCH_NORM_PRESETS } from './batchNormPresets.ts';
import { completeParams } from './defaults.ts';
import { isFrozenBlock } from './frozen.ts';
import { NODE_DEFINITIONS } from './registry.ts';

const FROZEN: Params = { trainWeights: false, rateFactor: 3 };
const SHAPES = { dense: [12], default: [4, 6, 6] } as const;

function declaredBy(kind: string, params: Params): readonly { trainable: boolean; rateFactor: number }[] {
  const definition = NODE_DEFINITIONS.find((each) => each.kind === kind);
  if (definition === undefined) throw new Error(kind);
  const shape = kind === 'dense' ? SHAPES.dense : SHAPES.default;
  return definition.parameters(completeParams(definition, params), [shape]);
}

const weighted = NODE_DEFINITIONS.filter(({ params }) => Object.hasOwn(params, 'trainWeights'));

describe('blocks with trained weights', () => {
  it('are all that declare parameters, but for BatchNorm and its own switches', () => {
    const owners = NODE_DEFINITIONS.filter(({ kind }) => {
      const isImage = !['input', 'output', 'dense', 'batchNorm'].includes(kind);
      return kind === 'dense' || (isImage && declaredBy(kind, {}).length > 0);
    });
    expect(weighted).toEqual(owners);
    expect(weighted.length).toBeGreaterThanOrEqual(7);
  });

  it.each(weighted.map(({ kind }) => kind))(
    '%s freezes all of its weights and has a rate of its own',
    (kind) => {
      expect(declaredBy(kind, {}).map(({ trainable, rateFactor }) => [trainable, rateFactor])).toEqual(
        declaredBy(kind, {}).map(() => [true, 1]),
      );
      expect(declaredBy(kind, FROZEN).length).toBeGreaterThan(0);
      expect(declaredBy(kind, FROZEN).every((slot) => !slot.trainable && slot.rateFactor === 3)).toBe(true);
      expect(isFrozenBlock({ kind, params: FROZEN })).toBe(true);
      expect(isFrozenBlock({ kind, params: {} })).toBe(false);
    },
  );

  it('a BatchNorm keeps its own switches and passes its factor to gamma and beta', () => {
    const declared = declaredBy('batchNorm', { trainBeta: false, rateFactor: 0.5 });
    expect(declared.map(({ trainable, rateFactor }) => [trainable, rateFactor])).toEqual([
      [true, 0.5],
      [false, 0.5],
    ]);
  });
});

describe('isFrozenBlock', () => {
  it('is true for a BatchNorm that changes nothing at all', () => {
    const frozen = BATCH_NORM_PRESETS.frozen.switches;
    expect(isFrozenBlock({ kind: 'batchNorm', params: frozen })).toBe(true);
    for (const change of [
      { normalizeBy: 'batch' },
      { updateStatistics: true },
      { trainGamma: true },
      { trainBeta: true },
    ])
      expect(isFrozenBlock({ kind: 'batchNorm', params: { ...frozen, ...change } })).toBe(false);
  });

  it('is false where there is nothing to freeze', () => {
    expect(isFrozenBlock({ kind: 'relu', params: {} })).toBe(false);
    expect(isFrozenBlock({ kind: 'unknown', params: FROZEN })).toBe(false);
    const bare = { ...FROZEN, gamma: false, beta: false };
    expect(isFrozenBlock({ kind: 'instanceNorm', params: bare })).toBe(false);
    expect(isFrozenBlock({ kind: 'instanceNorm', params: { ...bare, beta: true } })).toBe(true);
  });
});

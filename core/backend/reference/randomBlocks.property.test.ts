import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectGradientsOfDifferences } from '../../conformance/gradientCheck.ts';
import { blockCase, RANDOM_STEPS, randomBlock, type RandomKind } from '../../conformance/randomBlocks.ts';
import { referenceBackend } from './referenceBackend.ts';

/*
 * When another element becomes the maximum within a difference step, the central difference is wrong. Max pooling is
 * tested in blockCases.ts instead.
 */
const SMOOTH = (Object.keys(RANDOM_STEPS) as RandomKind[]).filter((kind) => kind !== 'maxPool');

describe('gradients of random blocks against central differences', () => {
  it.each(SMOOTH)('%s', (kind) => {
    fc.assert(
      fc.property(randomBlock(kind), (block) => {
        expectGradientsOfDifferences(referenceBackend, blockCase(kind, block));
      }),
      { numRuns: 25 },
    );
  });
});

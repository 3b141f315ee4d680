import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectSameStep } from '#core/conformance/comparison.ts';
import { compileCase, observeOnce } from '#core/conformance/experiment.ts';
import { blockCase, RANDOM_STEPS, randomBlock, type RandomKind } from '#core/conformance/randomBlocks.ts';
import { bf16Random, deepened, F32_TOLERANCES } from '#core/conformance/tolerances.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { requireAddon } from './testing/programs.ts';

const RUNS = Number(process.env['NORMLAB_BLOCK_RUNS'] ?? 40);
const KINDS = Object.keys(RANDOM_STEPS) as RandomKind[];
/*
 * Rounding to 8 bits produces ties, and the other pixel may win a tie: its gradient is not wrong, but belongs to
 * another pixel.
 */
const WITHOUT_TIES = KINDS.filter((kind) => kind !== 'maxPool');

/* The networks are always the same: see bf16Random. */
const BF16_SEED = 20;

const addon = requireAddon();

describe('one random block', () => {
  const backend = createNativeBackend(addon);

  const agrees = (kind: RandomKind, precision: 'f32' | 'bf16', seed?: number): void => {
    const tolerances = precision === 'f32' ? F32_TOLERANCES : bf16Random(2);
    fc.assert(
      fc.property(randomBlock(kind), (block) => {
        const one = blockCase(kind, block);
        const allowed = deepened(tolerances, one.roundingDepth ?? 1);
        const expected = observeOnce(referenceBackend, 'f64', one);
        expectSameStep(observeOnce(backend, precision, one), expected, compileCase(one).state, allowed);
      }),
      { numRuns: RUNS, ...(seed === undefined ? {} : { seed }) },
    );
  };

  it.each(KINDS)('%s agrees with the reference in f32', (kind) => {
    agrees(kind, 'f32');
  });

  it.runIf(backend.precisions.includes('bf16')).each(WITHOUT_TIES)(
    '%s agrees with the reference in bf16',
    (kind) => {
      agrees(kind, 'bf16', BF16_SEED);
    },
  );
});

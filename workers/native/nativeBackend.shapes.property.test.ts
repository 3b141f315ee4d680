import { describe } from 'vitest';
import { describeShapes } from '#core/backend/conformance/shapeProperties.ts';
import { BF16_TOLERANCES, F32_TOLERANCES } from '#core/backend/conformance/tolerances.ts';
import type { NativeAddon } from './nativeAddon.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { addonOrSkip } from './testing.ts';

const addon = addonOrSkip('tests of random shapes');

describe.skipIf(addon === null)('blocks of any shape', () => {
  const backend = createNativeBackend(addon as NativeAddon);
  describeShapes('native', backend, 'f32', F32_TOLERANCES);
  if (addon !== null && backend.precisions.includes('bf16')) {
    describeShapes('native', backend, 'bf16', BF16_TOLERANCES);
  }
});

import { describeConformance } from '#core/conformance/suite.ts';
import { BF16_TOLERANCES, F32_TOLERANCES, type Tolerances } from '#core/conformance/tolerances.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { requireAddon } from './testing/programs.ts';

/**
 * Three steps of Adam, whose update hardly depends on the size of a gradient, on a network of a few hundred ReLUs.
 * Rounding to 8 bits changes its logits by 11 % (2 % with SGD; single steps stay below BF16_TOLERANCES with all
 * optimizers).
 */
const BF16_NATIVE_TOLERANCES: Tolerances = {
  ...BF16_TOLERANCES,
  outputs: { ...BF16_TOLERANCES.outputs, relative: 0.12 },
};

const backend = createNativeBackend(requireAddon());

describeConformance('native', backend, 'f32', F32_TOLERANCES);
if (backend.precisions.includes('bf16')) {
  describeConformance('native', backend, 'bf16', BF16_NATIVE_TOLERANCES);
} else {
  console.warn(`native bf16 conformance skipped: ${backend.description} does not compute bf16 natively`);
}

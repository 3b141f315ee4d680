import { must } from '../diagnostics/invariantError.ts';
import type { Initializer } from '../program/stateLayout.ts';
import { INITIALIZERS, type KernelSize } from './initializers.ts';
import type { ParamsOf } from './paramSpec.ts';

/**
 * How a block initializes its kernel. The inspector shows the second and third parameter only where they have an
 * effect.
 */
export const INITIALIZER_PARAMS = {
  initializer: {
    type: 'choice',
    default: 'heNormal',
    options: INITIALIZERS,
    label: 'Initializer',
    help: 'How the first weights are drawn; biases begin at 0 unless it says otherwise. Default He normal.',
  },
  initialDeviation: {
    type: 'number',
    default: 0.02,
    min: 0,
    max: 10,
    exclusiveMin: true,
    label: 'Deviation',
    help: 'Standard deviation of the truncated normal distribution; values beyond two deviations are drawn again. Default 0.02, as BERT and the vision transformers; Keras’ TruncatedNormal takes 0.05.',
    visibleWhen: { param: 'initializer', is: 'truncatedNormal' },
  },
  initialValue: {
    type: 'number',
    default: 0.01,
    min: -100,
    max: 100,
    label: 'Value',
    help: 'The value of every weight at the start. With equal weights all units of the block stay equal for ever. Default 0.01.',
    visibleWhen: { param: 'initializer', is: 'constant' },
  },
} as const;
export type InitializerParams = ParamsOf<typeof INITIALIZER_PARAMS>;

/** The initializer that `params` select, for a kernel of this size. */
export function kernelInitializer(params: InitializerParams, kernel: KernelSize): Initializer {
  const named = INITIALIZERS.find(({ value }) => value === params.initializer);
  return must(named, `the initializer ${params.initializer}`).draws(kernel, params);
}

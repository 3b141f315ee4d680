import type { ParameterDeclaration } from './definition.ts';
import type { ParamsOf } from './paramSpec.ts';

/** Factor of the learning rate; the range leaves room for discriminative rates of many stages. */
const RATE_FACTOR = {
  type: 'number',
  default: 1,
  min: 0,
  max: 1000,
  exclusiveMin: true,
  label: 'Learning rate factor',
} as const;

/** Parameters of every block with trained weights other than BatchNorm: whether they train, and how fast. */
export const TRAIN_PARAMS = {
  trainWeights: {
    type: 'boolean',
    default: true,
    label: 'Train weights',
    help: 'Trains the weights of this block: kernel and bias, slopes, or gamma and beta. Off keeps all of them bit for bit as they are; they are applied either way. Default on.',
  },
  rateFactor: {
    ...RATE_FACTOR,
    help: 'Multiplies the learning rate of this block, as a parameter group of PyTorch with its own lr; decoupled weight decay (AdamW, Lion) is multiplied too. Default 1.',
    visibleWhen: { param: 'trainWeights', is: true },
  },
} as const;

/** The factor of a BatchNorm, which has a switch for gamma and one for beta. */
export const BATCH_NORM_RATE_FACTOR = {
  ...RATE_FACTOR,
  help: 'Multiplies the learning rate of gamma and beta, as a parameter group of PyTorch with its own lr. Default 1.',
} as const;

/** `trainable` and `rateFactor` of the weights of a block with these parameters. */
export function trainingOf({
  trainWeights,
  rateFactor,
}: ParamsOf<typeof TRAIN_PARAMS>): Pick<ParameterDeclaration, 'trainable' | 'rateFactor'> {
  return { trainable: trainWeights, rateFactor };
}

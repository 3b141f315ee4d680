import type { Initializer } from '../program/stateLayout.ts';
import type { ParamsOf } from './paramSpec.ts';

const INITIALIZER_OPTIONS = [
  { value: 'heNormal', label: 'He normal', help: 'Deviation √(2/fan-in), made for ReLU (He et al. 2015).' },
  {
    value: 'heUniform',
    label: 'He uniform',
    help: 'Bound √(6/fan-in): as wide as He normal, without tails.',
  },
  {
    value: 'xavierNormal',
    label: 'Xavier normal',
    help: 'Deviation √(2/(fan-in + fan-out)), made for tanh and sigmoid (Glorot and Bengio 2010).',
  },
  {
    value: 'xavierUniform',
    label: 'Xavier uniform',
    help: 'Bound √(6/(fan-in + fan-out)), made for tanh and sigmoid; Keras’ default.',
  },
  {
    value: 'lecunNormal',
    label: 'LeCun normal',
    help: 'Deviation √(1/fan-in), which keeps the variance where nothing is cut away (LeCun et al. 1998).',
  },
  { value: 'lecunUniform', label: 'LeCun uniform', help: 'Bound √(3/fan-in): as wide as LeCun normal.' },
  {
    value: 'torchUniform',
    label: 'PyTorch uniform',
    help: 'Bound 1/√fan-in, for the bias too: what Conv2d and Linear of PyTorch begin with.',
  },
  {
    value: 'orthogonal',
    label: 'Orthogonal',
    help: 'Rows of length 1 at right angles to each other, so that a linear block keeps lengths (Saxe et al. 2014). Takes a while for a large Dense.',
  },
  {
    value: 'truncatedNormal',
    label: 'Truncated normal',
    help: 'Normal with the deviation below, values beyond two deviations drawn again.',
  },
  {
    value: 'constant',
    label: 'Constant (bad)',
    help: 'Wrong on purpose: equal weights get equal gradients, so all units of the block stay the same.',
  },
  {
    value: 'zeros',
    label: 'Zeros (bad)',
    help: 'Wrong on purpose: nothing passes and no gradient comes back; only a last layer can leave zero by itself.',
  },
  {
    value: 'tooSmall',
    label: 'Too small (bad)',
    help: 'Wrong on purpose: a tenth of He normal, so that signals and gradients fade from layer to layer. BatchNorm behind it mends that.',
  },
  {
    value: 'tooLarge',
    label: 'Too large (bad)',
    help: 'Wrong on purpose: ten times He normal, so that signals grow from layer to layer until the loss overflows or sigmoids saturate. BatchNorm behind it mends that.',
  },
] as const;

/** How a block that owns a kernel draws it: the inspector shows the second and third only where they mean something. */
export const INITIALIZER_PARAMS = {
  initializer: {
    type: 'choice',
    default: 'heNormal',
    options: INITIALIZER_OPTIONS,
    label: 'Initializer',
    help: 'How the first weights are drawn; biases begin at 0 where it does not say otherwise. Default He normal.',
  },
  initialDeviation: {
    type: 'number',
    default: 0.02,
    min: 0,
    max: 10,
    exclusiveMin: true,
    label: 'Deviation',
    help: 'Standard deviation of the truncated normal distribution; values beyond two of them are drawn again. Default 0.02, as BERT and the vision transformers; Keras’ TruncatedNormal takes 0.05.',
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

/**
 * The initializer that `params` ask for, of a kernel with the given fans; an orthogonal one is a matrix of `rows` times
 * `columns` values, the kernel's first dimension against all others, as PyTorch's `orthogonal_` flattens it.
 */
export function kernelInitializer(
  params: InitializerParams,
  kernel: {
    readonly fanIn: number;
    readonly fanOut: number;
    readonly rows: number;
    readonly columns: number;
  },
): Initializer {
  const { fanIn, fanOut, rows, columns } = kernel;
  switch (params.initializer) {
    case 'orthogonal':
      return { kind: 'orthogonal', rows, columns };
    case 'truncatedNormal':
      return { kind: 'truncatedNormal', deviation: params.initialDeviation };
    case 'constant':
      return { kind: 'constant', value: params.initialValue };
    case 'zeros':
      return { kind: 'constant', value: 0 };
    default:
      return { kind: params.initializer, fanIn, fanOut };
  }
}

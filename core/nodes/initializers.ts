import type { Initializer } from '../program/stateLayout.ts';

/**
 * A kernel's size: its fans, and its dimensions as a matrix for orthogonal initialization, which is the first dimension
 * by all others, as in PyTorch's `orthogonal_`.
 */
export interface KernelSize {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly rows: number;
  readonly columns: number;
}

/** An initializer: its name in project files, its English texts, and how it draws a kernel. */
interface NamedInitializer {
  readonly value: string;
  readonly label: string;
  readonly help: string;
  draws(
    kernel: KernelSize,
    params: { readonly initialDeviation: number; readonly initialValue: number },
  ): Initializer;
}

const normal = (deviation: number): Initializer => ({ kind: 'normal', deviation });
const uniform = (bound: number): Initializer => ({ kind: 'uniform', bound });
const constant = (value: number): Initializer => ({ kind: 'constant', value });

/**
 * Every initializer, in display order. He et al. 2015 (arXiv 1502.01852), equation 10; Glorot and Bengio 2010, equation
 * 16; LeCun et al. 1998, "Efficient BackProp", section 4.6. The bound of a uniform distribution is sqrt(3) times its
 * standard deviation.
 */
export const INITIALIZERS = [
  {
    value: 'heNormal',
    label: 'He normal',
    help: 'Deviation √(2/fan-in), made for ReLU (He et al. 2015).',
    draws: ({ fanIn }) => normal(Math.sqrt(2 / fanIn)),
  },
  {
    value: 'heNormalOut',
    label: 'He normal, fan-out',
    help: 'Deviation √(2/fan-out), which keeps the variance of gradients (He et al. 2015, equation 14): what torchvision’s ResNet, VGG and MobileNet begin with.',
    draws: ({ fanOut }) => normal(Math.sqrt(2 / fanOut)),
  },
  {
    value: 'heUniform',
    label: 'He uniform',
    help: 'Bound √(6/fan-in): as wide as He normal, without tails.',
    draws: ({ fanIn }) => uniform(Math.sqrt(6 / fanIn)),
  },
  {
    value: 'xavierNormal',
    label: 'Xavier normal',
    help: 'Deviation √(2/(fan-in + fan-out)), made for tanh and sigmoid (Glorot and Bengio 2010).',
    draws: ({ fanIn, fanOut }) => normal(Math.sqrt(2 / (fanIn + fanOut))),
  },
  {
    value: 'xavierUniform',
    label: 'Xavier uniform',
    help: 'Bound √(6/(fan-in + fan-out)), made for tanh and sigmoid; Keras’ default.',
    draws: ({ fanIn, fanOut }) => uniform(Math.sqrt(6 / (fanIn + fanOut))),
  },
  {
    value: 'lecunNormal',
    label: 'LeCun normal',
    help: 'Deviation √(1/fan-in), which keeps the variance through a linear block (LeCun et al. 1998).',
    draws: ({ fanIn }) => normal(Math.sqrt(1 / fanIn)),
  },
  {
    value: 'lecunUniform',
    label: 'LeCun uniform',
    help: 'Bound √(3/fan-in): as wide as LeCun normal.',
    draws: ({ fanIn }) => uniform(Math.sqrt(3 / fanIn)),
  },
  {
    value: 'torchUniform',
    label: 'PyTorch uniform',
    help: 'Bound 1/√fan-in, for the bias too: what Conv2d and Linear of PyTorch begin with.',
    draws: ({ fanIn }) => uniform(1 / Math.sqrt(fanIn)),
  },
  {
    value: 'orthogonal',
    label: 'Orthogonal',
    help: 'Rows of length 1 at right angles to each other, so that a linear block keeps lengths (Saxe et al. 2014). Takes a while for a large Dense.',
    draws: ({ rows, columns }) => ({ kind: 'orthogonal', rows, columns }),
  },
  {
    value: 'truncatedNormal',
    label: 'Truncated normal',
    help: 'Normal with the deviation below, values beyond two deviations drawn again.',
    draws: (_, { initialDeviation }) => ({ kind: 'truncatedNormal', deviation: initialDeviation }),
  },
  {
    value: 'constant',
    label: 'Constant (bad)',
    help: 'Wrong on purpose: equal weights get equal gradients, so all units of the block stay the same.',
    draws: (_, { initialValue }) => constant(initialValue),
  },
  {
    value: 'zeros',
    label: 'Zeros (bad)',
    help: 'Wrong on purpose: no signal passes and no gradient flows back; only a last layer can leave zero.',
    draws: () => constant(0),
  },
  {
    value: 'tooSmall',
    label: 'Too small (bad)',
    help: 'Wrong on purpose: a tenth of He normal, so that signals and gradients fade from layer to layer. A BatchNorm after it corrects that.',
    draws: ({ fanIn }) => normal(0.1 * Math.sqrt(2 / fanIn)),
  },
  {
    value: 'tooLarge',
    label: 'Too large (bad)',
    help: 'Wrong on purpose: ten times He normal, so that signals grow from layer to layer until the loss overflows or sigmoids saturate. A BatchNorm after it corrects that.',
    draws: ({ fanIn }) => normal(10 * Math.sqrt(2 / fanIn)),
  },
] as const satisfies readonly NamedInitializer[];

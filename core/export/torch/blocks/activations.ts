import { elu } from '../../../nodes/elu.ts';
import { gelu } from '../../../nodes/gelu.ts';
import { hardSigmoid } from '../../../nodes/hardSigmoid.ts';
import { hardSwish } from '../../../nodes/hardSwish.ts';
import { leakyRelu } from '../../../nodes/leakyRelu.ts';
import { prelu } from '../../../nodes/prelu.ts';
import { relu } from '../../../nodes/relu.ts';
import { relu6 } from '../../../nodes/relu6.ts';
import { channelsOf, inputAt } from '../../../nodes/shapeRules.ts';
import { sigmoid } from '../../../nodes/sigmoid.ts';
import { silu } from '../../../nodes/silu.ts';
import { softmax } from '../../../nodes/softmax.ts';
import { tanh } from '../../../nodes/tanh.ts';
import { callOf, pythonNumber } from '../python.ts';
import { writerOf } from '../writtenBlock.ts';

export const ACTIVATION_WRITERS = [
  writerOf(relu, () => ({ module: 'nn.ReLU()' })),
  writerOf(relu6, () => ({ module: 'nn.ReLU6()' })),
  writerOf(leakyRelu, ({ alpha }) => ({ module: callOf('nn.LeakyReLU', pythonNumber(alpha)) })),
  writerOf(prelu, ({ shared }, { inputShapes }) => ({
    module: callOf('nn.PReLU', String(shared ? 1 : channelsOf(inputAt(inputShapes)))),
  })),
  writerOf(elu, ({ alpha }) => ({ module: callOf('nn.ELU', pythonNumber(alpha)) })),
  writerOf(gelu, ({ form }) => ({ module: form === 'erf' ? 'nn.GELU()' : 'nn.GELU(approximate="tanh")' })),
  writerOf(silu, () => ({ module: 'nn.SiLU()' })),
  writerOf(hardSwish, () => ({ module: 'nn.Hardswish()' })),
  writerOf(sigmoid, () => ({ module: 'nn.Sigmoid()' })),
  writerOf(hardSigmoid, () => ({ module: 'nn.Hardsigmoid()' })),
  writerOf(tanh, () => ({ module: 'nn.Tanh()' })),
  writerOf(softmax, () => ({ module: 'nn.Softmax(dim=1)' })),
] as const;

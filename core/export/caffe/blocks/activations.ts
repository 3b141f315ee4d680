import { elu } from '../../../nodes/elu.ts';
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
import { message } from '../../../words/message.ts';
import { caffeWriter, fieldBlob, type BlockContext } from '../caffeLayer.ts';
import { ratesOf } from '../rates.ts';

function composed({ block, note }: BlockContext, layers: string): void {
  note(message('bundles.caffeComposed', { block: block.called, layers }));
}

function power({ add }: BlockContext, suffix: string, source: string, scale: number, shift: number): string {
  return add({ suffix, type: 'Power', bottoms: [source], settings: { power_param: { scale, shift } } });
}

/** `min(max(x, 0), 6)` as `6 - max(0, 6 - max(0, x))`, where `source` is `x`. */
function addClipped(context: BlockContext, source: string): string {
  const { add } = context;
  const lower = add({ suffix: 'lower', type: 'ReLU', bottoms: [source] });
  const turned = power(context, 'turned', lower, -1, 6);
  return add({ suffix: 'upper', type: 'ReLU', bottoms: [turned] });
}

function product({ add }: BlockContext, a: string, b: string): string {
  return add({ type: 'Eltwise', bottoms: [a, b], settings: { eltwise_param: { operation: 'PROD' } } });
}

export const CAFFE_ACTIVATIONS = [
  caffeWriter(relu, (_params, { add }) => add({ type: 'ReLU' })),
  caffeWriter(leakyRelu, ({ alpha }, { add }) =>
    add({ type: 'ReLU', settings: { relu_param: { negative_slope: alpha } } }),
  ),
  caffeWriter(prelu, (params, { add, block }) => {
    const dims = params.shared ? [] : [channelsOf(inputAt(block.inputShapes))];
    const settings = params.shared ? { prelu_param: { channel_shared: true } } : {};
    return add({ type: 'PReLU', settings, blobs: [fieldBlob('weights', dims, ratesOf(params, false))] });
  }),
  caffeWriter(elu, ({ alpha }, { add }) => add({ type: 'ELU', settings: { elu_param: { alpha } } })),
  caffeWriter(sigmoid, (_params, { add }) => add({ type: 'Sigmoid' })),
  caffeWriter(tanh, (_params, { add }) => add({ type: 'TanH' })),
  caffeWriter(softmax, (_params, { add }) => add({ type: 'Softmax' })),
  caffeWriter(silu, (_params, context) => {
    const [source = ''] = context.inputs;
    composed(context, 'Sigmoid, Eltwise');
    return product(context, source, context.add({ suffix: 'sigmoid', type: 'Sigmoid' }));
  }),
  caffeWriter(relu6, (_params, context) => {
    const [source = ''] = context.inputs;
    composed(context, 'ReLU, Power, ReLU, Power');
    return power(context, '', addClipped(context, source), -1, 6);
  }),
  caffeWriter(hardSigmoid, (_params, context) => {
    const [source = ''] = context.inputs;
    composed(context, 'Power, ReLU, Power, ReLU, Power');
    const shifted = power(context, 'shifted', source, 1, 3);
    return power(context, '', addClipped(context, shifted), -1 / 6, 1);
  }),
  caffeWriter(hardSwish, (_params, context) => {
    const [source = ''] = context.inputs;
    composed(context, 'Power, ReLU, Power, ReLU, Power, Eltwise');
    const shifted = power(context, 'shifted', source, 1, 3);
    const gate = power(context, 'gate', addClipped(context, shifted), -1 / 6, 1);
    return product(context, source, gate);
  }),
] as const;

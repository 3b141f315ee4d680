import { add } from '../../../nodes/add.ts';
import { concat } from '../../../nodes/concat.ts';
import { dropout } from '../../../nodes/dropout.ts';
import { flatten } from '../../../nodes/flatten.ts';
import { multiply } from '../../../nodes/multiply.ts';
import { pad } from '../../../nodes/pad.ts';
import { reshape } from '../../../nodes/reshape.ts';
import { imageAt, inputAt } from '../../../nodes/shapeRules.ts';
import { spatialDropout } from '../../../nodes/spatialDropout.ts';
import { stochasticDepth } from '../../../nodes/stochasticDepth.ts';
import { upsample } from '../../../nodes/upsample.ts';
import { sameShape, type Shape } from '../../../program/shape.ts';
import { message } from '../../../words/message.ts';
import { caffeWriter, constantBlob, NoLayer, type BlockContext } from '../caffeLayer.ts';
import { addFrame } from '../identity.ts';

/** What training drops has no layer; the value passes. */
function passing({ block, inputs, note }: BlockContext): string {
  note(message('bundles.caffeNoDropout', { block: block.called }));
  return inputs[0] ?? '';
}

interface Factor {
  readonly name: string;
  readonly shape: Shape;
}

/** The product of two values, the second of which may have one value per channel or per pixel. */
function addProduct(
  context: BlockContext,
  whole: Factor,
  factor: Factor,
  index: number,
  last: boolean,
): string {
  const named = (suffix: string): string => `${suffix}${String(index)}`;
  const end = last ? {} : { suffix: named('product') };
  if (sameShape(factor.shape, whole.shape))
    return context.add({
      ...{ ...end, type: 'Eltwise', bottoms: [whole.name, factor.name] },
      settings: { eltwise_param: { operation: 'PROD' } },
    });
  const [channels = 1] = whole.shape;
  const [own = 1, height = 1, width = 1] = factor.shape;
  const isImage = factor.shape.length === 3;
  if (whole.shape.length !== 3 || (own !== channels && !isImage))
    throw new NoLayer(message('bundles.caffeProduct', { block: context.block.called }));
  if (own !== channels) {
    const spread = addSpread(context, factor.name, channels, named('channels'));
    return addProduct(context, whole, { name: spread, shape: [channels, height, width] }, index, last);
  }
  const vector = isImage
    ? context.add({ suffix: named('gate'), type: 'Flatten', bottoms: [factor.name] })
    : factor.name;
  const settings = { scale_param: { axis: 0 } };
  return context.add({ ...end, type: 'Scale', bottoms: [whole.name, vector], settings });
}

/** Gives an image of one channel `channels` equal ones. */
function addSpread(
  { add: addLayer }: BlockContext,
  source: string,
  channels: number,
  suffix: string,
): string {
  return addLayer({
    ...{ suffix, type: 'Convolution', bottoms: [source] },
    settings: { convolution_param: { num_output: channels, bias_term: false, kernel_size: 1 } },
    blobs: [constantBlob([channels, 1, 1, 1], new Float32Array(channels).fill(1))],
  });
}

const product = caffeWriter(multiply, (_params, context) => {
  const { block, inputs } = context;
  const factors = inputs.map((name, at) => ({ name, shape: inputAt(block.inputShapes, at) }));
  const at = factors.findIndex(({ shape }) => sameShape(shape, block.shape));
  const first = factors[at];
  if (first === undefined) throw new NoLayer(message('bundles.caffeProduct', { block: block.called }));
  const others = factors.filter((_, index) => index !== at);
  return others.reduce(
    (name, factor, index) =>
      addProduct(context, { name, shape: block.shape }, factor, index + 1, index === others.length - 1),
    first.name,
  );
});

const enlarged = caffeWriter(upsample, ({ factor, interpolation }, { block, add: addLayer, note }) => {
  if (interpolation !== 'nearest')
    throw new NoLayer(message('bundles.caffeUpsample', { block: block.called }));
  note(message('bundles.caffeComposed', { block: block.called, layers: 'Deconvolution' }));
  const { channels } = imageAt(block.inputShapes);
  return addLayer({
    type: 'Deconvolution',
    settings: {
      convolution_param: {
        ...{ num_output: channels, bias_term: false, group: channels },
        ...{ kernel_h: factor, kernel_w: factor, stride: factor },
      },
    },
    blobs: [
      constantBlob([channels, 1, factor, factor], new Float32Array(channels * factor * factor).fill(1)),
    ],
  });
});

const framed = caffeWriter(pad, ({ border, value, top, left, bottom, right }, context) => {
  const { block, note, inputs } = context;
  const [source = ''] = inputs;
  if (top + left + bottom + right === 0) return source;
  if (border !== 'fill' || value !== 0)
    throw new NoLayer(message('bundles.caffePad', { block: block.called }));
  note(message('bundles.caffeComposed', { block: block.called, layers: 'Convolution' }));
  return addFrame(context, source, imageAt(block.inputShapes).channels, {
    frame: [top, left, bottom, right],
  });
});

const joined = (type: 'Eltwise' | 'Concat') => (_params: unknown, context: BlockContext) =>
  context.add({ type, bottoms: context.inputs });

export const CAFFE_SHAPES = [
  caffeWriter(add, joined('Eltwise')),
  caffeWriter(concat, joined('Concat')),
  product,
  caffeWriter(flatten, (_params, context) => context.add({ type: 'Flatten' })),
  caffeWriter(reshape, (_params, context) =>
    context.add({
      type: 'Reshape',
      settings: { reshape_param: { shape: { dim: [0, ...context.block.shape] } } },
    }),
  ),
  enlarged,
  framed,
  caffeWriter(dropout, ({ rate }, context) =>
    context.add({ type: 'Dropout', settings: { dropout_param: { dropout_ratio: rate } } }),
  ),
  caffeWriter(spatialDropout, (_params, context) => passing(context)),
  caffeWriter(stochasticDepth, (_params, context) => passing(context)),
] as const;

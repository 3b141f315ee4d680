import { elementCount } from '../../program/shape.ts';
import { message } from '../../words/message.ts';
import { floatOf, intOf } from './attributes.ts';
import { nodeTitle } from './graphIndex.ts';
import type { GroupNormStep } from './composed.ts';
import { channelsOf, type Site } from './site.ts';
import { sameView, viewedDims, withDims, type Constant, type Flow, type View } from './values.ts';

/** ONNX's `momentum` is our decay: the weight of the old value. */
export function batchNormBlock(site: Site): Flow {
  const { node } = site;
  if (intOf(node, 'spatial', 1) !== 1) throw site.refuse(message('onnxFiles.normEachValue'));
  const flow = channelsFirst(site, site.flow(0));
  if (intOf(node, 'training_mode', 0) === 1) site.facts.trained.add(nodeTitle(node));
  const channels = channelsOf(flow);
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) =>
    withDims(site.neededConstant(index), [elementCount(site.neededConstant(index).dims)]),
  );
  const held = { gamma, beta, mean, variance };
  const wrong = Object.values(held).find((each) => each?.dims[0] !== channels);
  if (wrong)
    throw site.refuse(message('onnxFiles.biasDims', { found: wrong.dims.join(' × '), filters: channels }));
  const made = site.add('batchNorm', [flow], {
    params: {
      epsilon: floatOf(node, 'epsilon', 1e-5),
      decay: floatOf(node, 'momentum', 0.9),
      // Which variance the trainer stored is not in the file; PyTorch stores the unbiased one.
      variance: site.facts.producer === 'pytorch' ? 'unbiased' : 'biased',
    },
    held,
    weights: gamma,
  });
  return { ...flow, block: made.block };
}

/** An image, or a vector that the file may see as an image of one pixel. Throws a fault where channels come later. */
function channelsFirst(site: Site, flow: Flow): Flow {
  const [first, ...others] = flow.view;
  const isVector = flow.shape.length === 1 && first === 'c' && others.every((axis) => axis === '1');
  return isVector ? flow : site.image(flow);
}

export function instanceNormBlock(site: Site): Flow {
  const source = site.image(site.flow(0));
  const [gamma, beta] = [site.neededConstant(1), site.neededConstant(2)];
  const params = { epsilon: floatOf(site.node, 'epsilon', 1e-5) };
  // PyTorch's InstanceNorm2d has no gamma and beta unless asked for; the exporter fills in ones and zeros.
  const isPlain = isFilledWith(gamma, 1) && isFilledWith(beta, 0);
  if (isPlain)
    return site.add('instanceNorm', [source], { params: { ...params, gamma: false, beta: false } });
  return site.add('instanceNorm', [source], { params, held: { gamma, beta }, weights: gamma });
}

function isFilledWith(constant: Constant, value: number): boolean {
  return constant.read().every((element) => element === value);
}

/** GroupNormalization: one scale per group before opset 21, one per channel from then on. */
export function groupNormBlock(site: Site): Flow {
  const flow = channelsFirst(site, site.flow(0));
  const groups = intOf(site.node, 'num_groups', 1);
  const channels = channelsOf(flow);
  const [gamma, beta] = [1, 2].map((index) => spread(site.neededConstant(index), channels));
  const made = site.add('groupNorm', [flow], {
    params: { groups, epsilon: floatOf(site.node, 'epsilon', 1e-5) },
    held: { gamma, beta },
    weights: gamma,
  });
  return { ...flow, block: made.block };
}

/** The values of groups as those of their channels. */
function spread(constant: Constant, channels: number): Constant {
  const count = elementCount(constant.dims);
  const each = channels / count;
  if (count === channels || !Number.isInteger(each)) return constant;
  return {
    ...withDims(constant, [channels]),
    read: () => {
      const values = constant.read();
      return Float32Array.from({ length: channels }, (_, channel) => values[Math.floor(channel / each)] ?? 0);
    },
  };
}

/** The nodes by which exporters express GroupNorm before opset 21. */
export function composedGroupNorm(site: Site, step: GroupNormStep, constants: ComposedConstants): Flow {
  const flow = channelsFirst(site, constants.base);
  const wanted = viewedDims(flow.view, flow.shape);
  const given = constants.sizes?.small()?.slice(1);
  const fits =
    given?.length === wanted.length && given.every((size, index) => size === wanted[index] || size === -1);
  if (given !== undefined && !fits) throw site.refuse(message('onnxFiles.notGroupNorm'));
  const affine = (constant: Constant | null): Constant | undefined => {
    if (constant === null) return undefined;
    const fitted = site.perChannel(constant, flow, channelsOf(flow));
    if (fitted?.dims[0] === channelsOf(flow)) return fitted;
    throw site.refuse(message('onnxFiles.notPerChannel', { dims: constant.dims.join(' × ') }));
  };
  const [gamma, beta] = [affine(constants.gamma), affine(constants.beta)];
  const made = site.add('groupNorm', [flow], {
    params: {
      ...{ groups: step.groups, epsilon: step.epsilon },
      ...{ gamma: gamma !== undefined, beta: beta !== undefined },
    },
    held: { gamma, beta },
    weights: gamma ?? beta,
  });
  return { ...flow, block: made.block };
}

export interface ComposedConstants {
  readonly base: Flow;
  readonly sizes: Constant | null;
  readonly gamma: Constant | null;
  readonly beta: Constant | null;
}

const CHANNELS_LAST: View = ['h', 'w', 'c'];

/** LayerNormalization over the whole sample, or over the channels where they come last. */
export function layerNormBlock(site: Site): Flow {
  const { node } = site;
  const flow = site.flow(0);
  const rank = flow.view.length + 1;
  const axis = intOf(node, 'axis', -1);
  const first = axis < 0 ? axis + rank : axis;
  const axes = Array.from({ length: Math.max(rank - first, 0) }, (_, index) => first + index);
  const [gamma, beta] = [site.neededConstant(1), site.constant(2)];
  return layerNorm(site, { flow, axes, epsilon: floatOf(node, 'epsilon', 1e-5), gamma, beta });
}

interface LayerNorm {
  readonly flow: Flow;
  /** The dimensions that share a mean. */
  readonly axes: readonly number[];
  readonly epsilon: number;
  readonly gamma: Constant | null;
  readonly beta: Constant | null;
}

/** LayerNorm over all dimensions after the batch, or over the channels where they come last. */
export function layerNorm(site: Site, { flow, axes, epsilon, gamma, beta }: LayerNorm): Flow {
  const rank = flow.view.length + 1;
  const over = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  const isWhole = over.join() === flow.view.map((_, index) => index + 1).join();
  const isEachPixel = sameView(flow.view, CHANNELS_LAST) && over.join() === String(rank - 1);
  if (!isWhole && !isEachPixel) throw site.refuse(message('onnxFiles.normAxes'));
  const source = isEachPixel || flow.shape.length === 1 ? flow : site.image(flow);
  const made = site.add('layerNorm', [source], {
    params: {
      ...{ over: isEachPixel ? 'eachPixel' : 'wholeSample', epsilon },
      ...{ gamma: gamma !== null, beta: beta !== null },
    },
    held: { gamma, beta },
    weights: gamma,
  });
  return { ...flow, block: made.block };
}

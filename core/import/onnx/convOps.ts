import type { Params } from '../../document/schema.ts';
import { message } from '../../words/message.ts';
import { floatOf, intOf, intsOf, textOf } from './attributes.ts';
import { elementCount } from '../../program/shape.ts';
import { channelsOf, type Site } from './site.ts';
import { permuted, sameView, withDims, type Constant, type Flow } from './values.ts';
import { convParams, equalPair, padsOf, pairOf, windowOf, type Pair } from './windows.ts';

/** A kernel `[out, in / groups, kH, kW]` or `[in, out / groups, kH, kW]`. Throws a fault for other ranks. */
function kernelOf(site: Site): { readonly weights: Constant; readonly outer: Pair; readonly kernel: Pair } {
  const weights = site.neededConstant(1);
  const [first, second, height, width] = weights.dims;
  if (
    weights.dims.length !== 4 ||
    first === undefined ||
    second === undefined ||
    height === undefined ||
    width === undefined
  )
    throw site.refuse(message('onnxFiles.kernelRank', { rank: weights.dims.length }));
  return { weights, outer: [first, second], kernel: [height, width] };
}

/** Height and width of an image. */
function sizeOfImage({ shape }: Flow): Pair {
  return [shape[1] ?? 1, shape[2] ?? 1];
}

/** Conv, with the bias of the node or of an Add after it. */
export function convBlock(site: Site, added: Constant | null): Flow {
  const { weights, outer, kernel } = kernelOf(site);
  const source = site.image(site.flow(0));
  const bias = added ?? site.constant(2);
  const window = windowOf(site, kernel, sizeOfImage(source));
  return site.add('conv2d', [source], {
    params: {
      ...{ filters: outer[0], groups: intOf(site.node, 'group', 1), bias: bias !== null },
      ...convParams(window),
    },
    held: { weights, bias: bias && biasOf(site, bias, outer[0]) },
    weights,
  });
}

/** ConvTranspose; the output is cut by `pads`, or chosen by `auto_pad` as TensorFlow does. */
export function convTransposeBlock(site: Site, added: Constant | null): Flow {
  const { weights, outer, kernel } = kernelOf(site);
  const groups = intOf(site.node, 'group', 1);
  const filters = outer[1] * groups;
  const source = site.image(site.flow(0));
  const bias = added ?? site.constant(2);
  const params = {
    ...{ filters, groups, bias: bias !== null },
    ...transposedWindow(site, kernel),
  };
  return site.add('convTranspose2d', [source], {
    params,
    held: { weights, bias: bias && biasOf(site, bias, filters) },
    weights,
  });
}

function transposedWindow(site: Site, kernel: Pair): Params {
  const { node } = site;
  const [stride, dilation] = [equalPair(site, 'strides'), equalPair(site, 'dilations')];
  const auto = textOf(node, 'auto_pad', 'NOTSET');
  const [moreY, moreX] = pairOf(site, 'output_padding') ?? [0, 0];
  if (intsOf(node, 'output_shape') !== null || moreY !== moreX || auto === 'SAME_LOWER')
    throw site.refuse(message('onnxFiles.transposedSize'));
  const window = { kernel, stride, dilation };
  if (auto === 'SAME_UPPER') return convParams({ ...window, padding: 'same', sides: [0, 0, 0, 0] });
  const sides = auto === 'VALID' ? ([0, 0, 0, 0] as const) : padsOf(site);
  const isValid = moreY === 0 && sides.every((side) => side === 0);
  return {
    ...convParams({ ...window, padding: isValid ? 'valid' : 'explicit', sides }),
    ...(isValid ? {} : { outputPadding: moreY }),
  };
}

/** Gemm as Dense: `transB` tells the order of the weights. */
export function gemmBlock(site: Site, added: Constant | null): Flow {
  const { node } = site;
  const factors = [floatOf(node, 'alpha', 1), floatOf(node, 'beta', 1)];
  if (factors.some((factor) => factor !== 1) || intOf(node, 'transA', 0) !== 0)
    throw site.refuse(message('onnxFiles.gemmFactors'));
  const weights = matrixOf(site);
  return denseBlock(site, intOf(node, 'transB', 0) === 1 ? weights : permuted(weights, [1, 0]), added);
}

/** MatMul as Dense, or as a Conv of one pixel where the channels come last. */
export function matMulBlock(site: Site, added: Constant | null): Flow {
  const weights = permuted(matrixOf(site), [1, 0]);
  const flow = site.flow(0);
  if (!sameView(flow.view, ['h', 'w', 'c'])) return denseBlock(site, weights, added);
  const [filters = 1, channels = 1] = weights.dims;
  const made = site.add('conv2d', [flow], {
    params: { filters, kernel: 1, padding: 'valid', bias: added !== null },
    held: {
      weights: withDims(weights, [filters, channels, 1, 1]),
      bias: added && biasOf(site, added, filters),
    },
    weights,
  });
  return { ...made, view: flow.view };
}

function matrixOf(site: Site): Constant {
  const weights = site.neededConstant(1);
  if (weights.dims.length !== 2)
    throw site.refuse(message('onnxFiles.matrixRank', { rank: weights.dims.length }));
  return weights;
}

/** `weights` are `[out, in]`. */
function denseBlock(site: Site, weights: Constant, added: Constant | null): Flow {
  const source = site.vector(site.flow(0));
  const bias = added ?? site.constant(2);
  const [units = 1] = weights.dims;
  return site.add('dense', [source], {
    params: { units, bias: bias !== null },
    held: {
      weights: inOwnOrder(weights, source),
      bias: bias && biasOf(site, bias, units),
    },
    weights,
  });
}

/** The columns in the order of our Flatten, where the file flattened an image with channels last. */
function inOwnOrder(weights: Constant, { flattened }: Flow): Constant {
  if (flattened === undefined) return weights;
  const { shape, view } = flattened;
  const [units = 1, inputs = 1] = weights.dims;
  const index = (axis: 'c' | 'h' | 'w'): number => view.indexOf(axis);
  const perm = (['c', 'h', 'w'] as const).map((axis) => index(axis) + 1);
  const dims = view.map((axis) => shape[axis === 'c' ? 0 : axis === 'h' ? 1 : 2] ?? 1);
  if (elementCount(dims) !== inputs) return weights;
  return withDims(permuted(withDims(weights, [units, ...dims]), [0, ...perm]), [units, inputs]);
}

function biasOf(site: Site, bias: Constant, filters: number): Constant {
  const count = elementCount(bias.dims);
  if (count === filters) return withDims(bias, [filters]);
  if (count !== 1)
    throw site.refuse(message('onnxFiles.biasDims', { found: bias.dims.join(' × '), filters }));
  return {
    ...withDims(bias, [filters]),
    read: () => new Float32Array(filters).fill(bias.read()[0] ?? 0),
  };
}

/** Conv, ConvTranspose, Gemm or MatMul and the Add after it. */
export function biasedBlock(site: Site, bias: Constant): Flow {
  const isImage = site.node.opType.startsWith('Conv');
  // The Add aligns its dims from the last one: `[C, 1, 1]` for images, `[F]` for vectors and channels that come last.
  const flow: Pick<Flow, 'view'> = isImage ? { view: ['c', 'h', 'w'] } : { view: ['c'] };
  const channels = filtersOf(site);
  const fitted = isImage || site.input(0)?.kind !== 'flow' ? flow : { view: lastIsChannel(site) };
  if (site.perChannel(bias, fitted, channels) === null)
    throw site.refuse(message('onnxFiles.biasDims', { found: bias.dims.join(' × '), filters: channels }));
  switch (site.node.opType) {
    case 'Conv':
      return convBlock(site, bias);
    case 'ConvTranspose':
      return convTransposeBlock(site, bias);
    case 'Gemm':
      return gemmBlock(site, bias);
    default:
      return matMulBlock(site, bias);
  }
}

function lastIsChannel(site: Site): Flow['view'] {
  const { view } = site.flow(0);
  return view.length === 3 ? view : ['c'];
}

function filtersOf(site: Site): number {
  const { dims } = site.neededConstant(1);
  const { node } = site;
  if (node.opType === 'Conv') return dims[0] ?? 1;
  if (node.opType === 'ConvTranspose') return (dims[1] ?? 1) * intOf(node, 'group', 1);
  return dims[node.opType === 'Gemm' && intOf(node, 'transB', 0) === 1 ? 0 : 1] ?? 1;
}

/** PRelu: one slope per channel, or one for all. */
export function preluBlock(site: Site): Flow {
  const flow = site.flow(0);
  const slopes = site.neededConstant(1);
  const channels = channelsOf(flow);
  const weights = site.perChannel(slopes, flow, channels);
  if (weights === null)
    throw site.refuse(message('onnxFiles.notPerChannel', { dims: slopes.dims.join(' × ') }));
  const isShared = weights.dims[0] === 1 && channels > 1;
  const made = site.add('prelu', [flow], {
    params: { shared: isShared },
    held: { weights },
    weights: slopes,
  });
  return { ...flow, block: made.block };
}

import { message } from '../../words/message.ts';
import { axesOf } from './foldConstants.ts';
import { intOf, textOf } from './attributes.ts';
import type { Site } from './site.ts';
import { sameView, type Axis, type Constant, type Flow, type View } from './values.ts';
import { padsOf, pairOf, poolParams, windowOf, type Pair } from './windows.ts';

export function maxPoolBlock(site: Site): Flow {
  return poolBlock(site, 'maxPool', {});
}

export function averagePoolBlock(site: Site): Flow {
  const countPadding = intOf(site.node, 'count_include_pad', 0) === 1;
  return poolBlock(site, 'avgPool', { countPadding });
}

function poolBlock(
  site: Site,
  kind: 'maxPool' | 'avgPool',
  params: { readonly countPadding?: boolean },
): Flow {
  const source = site.image(site.flow(0));
  const kernel = pairOf(site, 'kernel_shape') ?? [1, 1];
  const size = [source.shape[1] ?? 1, source.shape[2] ?? 1] as const;
  if (kind === 'avgPool' && tiles(site, kernel, size))
    return site.add('adaptiveAvgPool', [source], {
      params: { height: size[0] / kernel[0], width: size[1] / kernel[1] },
    });
  const window = windowOf(site, kernel, size);
  if (window.dilation !== 1) throw site.refuse(message('onnxFiles.poolDilation'));
  const isWhole = kernel[0] === size[0] && kernel[1] === size[1] && window.sides.every((side) => side === 0);
  if (kernel[0] !== kernel[1]) {
    if (isWhole && kind === 'avgPool') return globalPool(site, source, ['c', '1', '1']);
    throw site.refuse(message('onnxFiles.poolKernel', { y: kernel[0], x: kernel[1] }));
  }
  const ceil = intOf(site.node, 'ceil_mode', 0) === 1 ? { ceilMode: true } : {};
  return site.add(kind, [source], { params: { ...poolParams(window), ...params, ...ceil } });
}

/** True for windows that are not square and lie side by side over the whole image. */
function tiles(site: Site, kernel: Pair, size: Pair): boolean {
  const [y, x] = pairOf(site, 'strides') ?? [1, 1];
  const isTiling = y === kernel[0] && x === kernel[1] && size[0] % y === 0 && size[1] % x === 0;
  const isPadded =
    textOf(site.node, 'auto_pad', 'NOTSET') !== 'NOTSET' || padsOf(site).some((side) => side !== 0);
  return y !== x && isTiling && !isPadded;
}

export function globalAveragePoolBlock(site: Site): Flow {
  return globalPool(site, site.image(site.flow(0)), ['c', '1', '1']);
}

/** ReduceMean over height and width, which keeps them as 1 where `keepdims` says so. */
export function reduceMeanBlock(site: Site): Flow {
  const flow = site.flow(0);
  const { view } = flow;
  const axes = axesOf(site.node, site.constant(1)) ?? [];
  const reduced = axes.map((axis) => view[(axis < 0 ? axis + view.length + 1 : axis) - 1] ?? null);
  const isPixels = reduced.length === 2 && reduced.includes('h') && reduced.includes('w');
  if (!isPixels) throw site.refuse(message('onnxFiles.meanAxes'));
  const keeps = intOf(site.node, 'keepdims', 1) === 1;
  const left = view.flatMap((axis): Axis[] => (axis === 'h' || axis === 'w' ? (keeps ? ['1'] : []) : [axis]));
  return globalPool(site, flow, left);
}

function globalPool(site: Site, source: Flow, view: View): Flow {
  return { ...site.add('globalAvgPool', [source]), view };
}

/** Products with a matrix of means on either side. Throws a fault where a matrix has other values. */
export function composedAdaptivePool(site: Site, rows: Constant | null, columns: Constant | null): Flow {
  const source = site.image(site.flow(0));
  const [, height = 1, width = 1] = source.shape;
  const [tall, wide] = [rows?.dims[0] ?? 0, columns?.dims[1] ?? 0];
  const isRows =
    rows?.dims.length === 2 && isMeans(rows.read(), height, tall, (output, at) => output * height + at);
  const isColumns =
    columns?.dims.length === 2 && isMeans(columns.read(), width, wide, (output, at) => at * wide + output);
  if (!isRows || !isColumns) throw site.refuse(message('onnxFiles.notMeans'));
  return site.add('adaptiveAvgPool', [source], { params: { height: tall, width: wide } });
}

/** True for the weights of `outputs` windows that cover `inputs` pixels, each the mean of its own. */
function isMeans(
  matrix: Float32Array,
  inputs: number,
  outputs: number,
  indexOf: (output: number, input: number) => number,
): boolean {
  if (matrix.length !== inputs * outputs) return false;
  for (let output = 0; output < outputs; output += 1) {
    const first = Math.floor((output * inputs) / outputs);
    const end = Math.ceil(((output + 1) * inputs) / outputs);
    for (let input = 0; input < inputs; input += 1) {
      const wanted = input >= first && input < end ? 1 / (end - first) : 0;
      if (Math.abs((matrix[indexOf(output, input)] ?? NaN) - wanted) > 1e-6) return false;
    }
  }
  return true;
}

/** Dropout is kept as a block: it does nothing outside training. Its rate is an input from opset 12 on. */
export function dropoutBlock(site: Site): Flow {
  const flow = site.flow(0);
  const held = site.node.attributes.get('ratio');
  const rate = site.numbers(1)?.[0] ?? (held?.type === 'float' ? Number(held.value.toPrecision(6)) : 0.5);
  const made = site.add('dropout', [flow], { params: { rate: Number(rate.toPrecision(6)) } });
  return { ...flow, block: made.block };
}

/** Softmax inside the network, over the channels. Before opset 13 it was over all dimensions from `axis` on. */
export function softmaxBlock(site: Site): Flow {
  const flow = site.flow(0);
  const rank = flow.view.length + 1;
  const axis = intOf(site.node, 'axis', site.facts.opset >= 13 ? -1 : 1);
  const over = flow.view[(axis < 0 ? axis + rank : axis) - 1];
  const isAll = site.facts.opset < 13 && !sameView(flow.view, ['c']);
  if (over !== 'c' || isAll) throw site.refuse(message('onnxFiles.softmaxAxis'));
  const made = site.add('softmax', [flow]);
  return { ...flow, block: made.block };
}

import { elementCount, sameShape } from '../../program/shape.ts';
import { message } from '../../words/message.ts';
import { intOf, intsOf } from './attributes.ts';
import { axesOf, shapeConstant } from './foldConstants.ts';
import type { Site } from './site.ts';
import {
  sameView,
  sizeOf,
  VECTOR_VIEW,
  viewedDims,
  type Axis,
  type Constant,
  type Flow,
  type InputFlow,
  type SmallElement,
  type View,
} from './values.ts';

/** Shape of an activation: the batch, and sizes that are known. */
export function shapeOf(site: Site): Constant {
  const flow = site.flow(0);
  const dims = ['batch' as const, ...viewedDims(flow.view, flow.shape)];
  const found = shapeConstant(site.node, dims);
  if (found === null) throw site.refuse(message('onnxFiles.notReshape', { dims: site.describe(flow) }));
  return found;
}

/** Transpose only changes how the file sees a block's output. */
export function transposed(site: Site): Flow | InputFlow {
  const value = site.input(0);
  const flow = value?.kind === 'input' ? value : site.flow(0);
  const rank = flow.view.length + 1;
  const perm = intsOf(site.node, 'perm') ?? Array.from({ length: rank }, (_, index) => rank - 1 - index);
  const view = perm.slice(1).flatMap((axis) => flow.view[axis - 1] ?? []);
  if (perm[0] !== 0 || new Set(perm).size !== rank || view.length !== rank - 1)
    throw site.refuse(message('onnxFiles.movesBatch'));
  return { ...flow, view };
}

export function squeezed(site: Site): Flow {
  const flow = site.flow(0);
  const axes = axesOf(site.node, site.constant(1));
  const dropped = new Set(axes?.map((axis) => (axis < 0 ? axis + flow.view.length + 1 : axis)));
  const isDropped = (axis: Axis, index: number): boolean =>
    axes === null ? sizeOf(axis, flow.shape) === 1 : dropped.has(index + 1);
  if (
    dropped.has(0) ||
    flow.view.some((axis, index) => isDropped(axis, index) && sizeOf(axis, flow.shape) !== 1)
  )
    throw site.refuse(message('onnxFiles.notReshape', { dims: site.describe(flow) }));
  return { ...flow, view: flow.view.filter((axis, index) => !isDropped(axis, index)) };
}

export function unsqueezed(site: Site): Flow {
  const flow = site.flow(0);
  const axes = axesOf(site.node, site.constant(1)) ?? [];
  const rank = flow.view.length + 1 + axes.length;
  const ones = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  if (ones.has(0) || ones.size !== axes.length || [...ones].some((axis) => axis >= rank))
    throw site.refuse(message('onnxFiles.movesBatch'));
  const left = [...flow.view];
  const view = Array.from({ length: rank - 1 }, (_, index): Axis =>
    ones.has(index + 1) ? '1' : (left.shift() ?? '1'),
  );
  return { ...flow, view };
}

/** Flatten to one vector per sample. */
export function flattened(site: Site): Flow {
  const flow = site.flow(0);
  const axis = intOf(site.node, 'axis', 1);
  if ((axis < 0 ? axis + flow.view.length + 1 : axis) !== 1)
    throw site.refuse(message('onnxFiles.movesBatch'));
  return flatten(site, flow);
}

/** Views of one dimension that is larger than 1 need no block: the vector remains as it is. */
function flatten(site: Site, flow: Flow): Flow {
  if (flow.shape.length === 1)
    return flow.view.includes('f') ? { ...flow, view: ['f'] } : { ...flow, view: VECTOR_VIEW };
  const made = site.add('flatten', [flow]);
  const [own, seen] = [(['c', 'h', 'w'] as const).map(large), flow.view.map(large)];
  function large(axis: Axis): Axis | null {
    return sizeOf(axis, flow.shape) > 1 ? axis : null;
  }
  const isSameOrder = sameView(own.filter(isAxis), seen.filter(isAxis));
  if (isSameOrder) return made;
  return {
    ...made,
    view: ['f'],
    flattened: { shape: flow.shape, view: flow.view.filter((axis) => axis !== '1') },
  };
}

const isAxis = (axis: Axis | null): axis is Axis => axis !== null;

/** Reshape: another view of the same dims, Flatten, or an image of other dims in the same order. */
export function reshaped(site: Site): Flow {
  const flow = site.flow(0);
  const wanted = site.constant(1)?.small() ?? intsOf(site.node, 'shape');
  const dims = wanted && targetDims(site, flow, wanted);
  if (!dims) throw site.refuse(message('onnxFiles.notReshape', { dims: site.describe(flow) }));
  const seen = viewedDims(flow.view, flow.shape);
  if (sameShape(dims, seen)) return flow;
  if (flow.shape.length === 1) {
    const view = viewOfVector(flow.view, dims);
    if (view !== null) return { ...flow, view };
  }
  if (dims.length === 1) return flatten(site, flow);
  const isPlain = sameView(flow.view, ['c', 'h', 'w']) || sameView(flow.view, VECTOR_VIEW);
  const [channels, height, width] = dims;
  if (!isPlain || dims.length !== 3 || channels === undefined || height === undefined || width === undefined)
    throw site.refuse(message('onnxFiles.notReshape', { dims: site.describe(flow) }));
  return site.add('reshape', [flow], { params: { channels, height, width } });
}

/** Where the vector's one dimension is among `dims` of size 1; null where there is none. */
function viewOfVector(view: View, dims: readonly number[]): View | null {
  const [axis = 'c'] = view.filter((each) => each !== '1');
  const at = Math.max(
    dims.findIndex((dim) => dim !== 1),
    0,
  );
  return dims.every((dim, index) => index === at || dim === 1)
    ? dims.map((_, index) => (index === at ? axis : '1'))
    : null;
}

/** The dims after the batch: 0 copies a size, -1 is inferred. Null where the batch would not stay the first dim. */
function targetDims(site: Site, flow: Flow, wanted: readonly SmallElement[]): readonly number[] | null {
  const seen = viewedDims(flow.view, flow.shape);
  const copies = intOf(site.node, 'allowzero', 0) === 0;
  const [first, ...others] = wanted;
  const sizes = others.map((size, index) => (size === 0 && copies ? (seen[index] ?? 0) : size));
  if (first === undefined || sizes.includes('batch')) return null;
  const numbers = sizes.filter((size) => size !== 'batch');
  const known = elementCount(numbers.filter((size) => size !== -1));
  const count = elementCount(seen);
  const dims = numbers.map((size) => (size === -1 ? count / known : size));
  const keepsBatch =
    first === 'batch' || first === site.facts.batch || (first === 0 && copies) || first === -1;
  const isWhole = dims.every((dim) => Number.isInteger(dim) && dim > 0) && elementCount(dims) === count;
  return keepsBatch && isWhole ? dims : null;
}

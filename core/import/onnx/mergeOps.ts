import { message } from '../../words/message.ts';
import { sameShape } from '../../program/shape.ts';
import { intOf } from './attributes.ts';
import type { Site } from './site.ts';
import {
  viewedDims,
  type Axis,
  type Constant,
  type Flow,
  type InputFlow,
  type Value,
  type View,
} from './values.ts';

/** The inputs that one Add, Multiply or Concat block takes at most. */
const MOST_INPUTS = 8;

/** Add and Sum of activations of the same dims. */
export function addBlock(site: Site): Value {
  if (site.inputs().length === 1) return site.flow(0);
  if (site.inputs().some((input) => input?.kind === 'constant')) return byConstant(site);
  const { flows, view } = aligned(site);
  const dims = flows.map((flow) => viewedDims(flow.view, flow.shape));
  if (dims.some((each) => !sameShape(each, dims[0] ?? [])))
    throw site.refuse(message('onnxFiles.broadcastSum'));
  const images = flows.some(({ shape }) => shape.length === 3)
    ? flows.map((flow) => (flow.shape.length === 3 ? flow : site.image(flow)))
    : flows;
  return { ...chain(site, 'add', images), view };
}

/** Mul of activations, gates included, or by a constant right behind the images. */
export function multiplyBlock(site: Site): Value {
  if (site.inputs().some((input) => input?.kind === 'constant')) return byConstant(site);
  const { flows, view } = aligned(site);
  return { ...chain(site, 'multiply', flows), view };
}

/** Sub and Div occur only with a constant right behind the images. */
export function subtractOrDivide(site: Site): Value {
  return byConstant(site);
}

/** All inputs as activations whose dimensions are the same ones, or of size 1. */
function aligned(site: Site): { readonly flows: readonly Flow[]; readonly view: View } {
  const flows = site.inputs().map((_, index) => site.flow(index));
  const [first = [], ...others] = flows.map(({ view }) => view);
  const view: Axis[] = [...first];
  for (const each of others) {
    if (each.length !== view.length) throw site.refuse(message('onnxFiles.otherLayout'));
    each.forEach((axis, index) => {
      if (view[index] === '1') view[index] = axis;
      else if (axis !== '1' && axis !== view[index]) throw site.refuse(message('onnxFiles.otherLayout'));
    });
  }
  const isFlat = flows.some((flow) => flow.view.includes('f'));
  if (isFlat && flows.some((flow) => !isSameFlattening(flow, flows[0])))
    throw site.refuse(message('onnxFiles.otherLayout'));
  return { flows, view };
}

function isSameFlattening(flow: Flow, other: Flow | undefined): boolean {
  const [one, two] = [flow.flattened, other?.flattened];
  return one !== undefined && two !== undefined && sameShape(one.shape, two.shape);
}

/** One block, or several where there are more inputs than one block takes. */
function chain(site: Site, kind: 'add' | 'multiply' | 'concat', flows: readonly Flow[]): Flow {
  let [result] = flows;
  let left = flows.slice(1);
  while (result !== undefined && left.length > 0) {
    const sources: Flow[] = [result, ...left.slice(0, MOST_INPUTS - 1)];
    left = left.slice(MOST_INPUTS - 1);
    result = { ...site.add(kind, sources, { params: { inputs: sources.length } }) };
  }
  if (result === undefined) throw site.refuse(message('onnxFiles.inputConstant', { number: 1 }));
  const [first] = flows;
  return { ...result, ...(first?.flattened === undefined ? {} : { flattened: first.flattened }) };
}

/** Concats that are already blocks, by their inputs: a list that continues another one uses its block. */
export interface Joined {
  readonly next: Map<string, Joined>;
  made: Flow | null;
}

/**
 * Concat of the channels. A list that begins with the inputs of an earlier Concat takes that one's output instead, as
 * in a DenseNet, whose exporter lists all earlier layers anew.
 */
export function concatBlock(site: Site, joined: Joined): Flow {
  const { flows, view } = aligned(site);
  const axis = intOf(site.node, 'axis', 1);
  const along = view[(axis < 0 ? axis + view.length + 1 : axis) - 1];
  if (along !== 'c') throw site.refuse(message('onnxFiles.concatAxis'));
  const [first] = flows;
  if (first && flows.length === 1) return first;
  const images = flows.map((flow) =>
    flow.view.length === 3 && flow.shape.length === 1 ? site.image(flow) : flow,
  );
  let place = joined;
  let known: { readonly made: Flow; readonly count: number } | null = null;
  images.forEach(({ block }, index) => {
    const next = place.next.get(block) ?? { next: new Map(), made: null };
    place.next.set(block, next);
    place = next;
    if (next.made !== null) known = { made: next.made, count: index + 1 };
  });
  const prefix = known as { readonly made: Flow; readonly count: number } | null;
  const sources = prefix === null ? images : [prefix.made, ...images.slice(prefix.count)];
  const made = { ...chain(site, 'concat', sources), view };
  place.made = made;
  return made;
}

/** Add, Sub, Mul or Div of the images by one number per channel, or one in all. */
function byConstant(site: Site): InputFlow {
  const [one, other] = site.inputs();
  const images = one?.kind === 'input' ? one : other;
  const constant = one?.kind === 'constant' ? one : other;
  if (images?.kind !== 'input' || constant?.kind !== 'constant')
    throw site.refuse(message('onnxFiles.byConstant'));
  const values = perChannelValues(site, constant, images);
  const isFirst = one === images;
  return { ...images, ...changed(site, images, values, isFirst) };
}

function perChannelValues(site: Site, constant: Constant, images: InputFlow): readonly number[] {
  const channels = images.factor.length;
  const fitted = site.perChannel(constant, images, channels);
  if (fitted === null)
    throw site.refuse(message('onnxFiles.notPerChannel', { dims: constant.dims.join(' × ') }));
  const values = Array.from(fitted.read());
  return images.factor.map((_, channel) => values[values.length === 1 ? 0 : channel] ?? NaN);
}

/** `isImagesFirst` matters for Sub and Div. */
function changed(
  site: Site,
  { factor, offset }: InputFlow,
  by: readonly number[],
  isImagesFirst: boolean,
): Pick<InputFlow, 'factor' | 'offset'> {
  const each = (
    change: (factor: number, offset: number, by: number) => readonly [number, number],
  ): Pick<InputFlow, 'factor' | 'offset'> => {
    const pairs = factor.map((value, channel) => change(value, offset[channel] ?? 0, by[channel] ?? NaN));
    return { factor: pairs.map(([value]) => value), offset: pairs.map(([, value]) => value) };
  };
  const { opType } = site.node;
  if (opType === 'Add' || opType === 'Sum') return each((a, b, by) => [a, b + by]);
  if (opType === 'Mul') return each((a, b, by) => [a * by, b * by]);
  if (opType === 'Sub') return each((a, b, by) => (isImagesFirst ? [a, b - by] : [-a, by - b]));
  if (opType === 'Div' && isImagesFirst) return each((a, b, by) => [a / by, b / by]);
  throw site.refuse(message('onnxFiles.byConstant'));
}

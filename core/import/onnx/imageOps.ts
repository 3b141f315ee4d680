import { message } from '../../words/message.ts';
import { floatOf, intsOf, textOf } from './attributes.ts';
import type { Site } from './site.ts';
import type { Flow } from './values.ts';

const BORDERS: Readonly<Record<string, string>> = { constant: 'fill', reflect: 'reflect', edge: 'replicate' };

/** Pad of height and width. The sides are an attribute before opset 11, an input from then on. */
export function padBlock(site: Site): Flow {
  const { node } = site;
  const source = site.image(site.flow(0));
  const border = BORDERS[textOf(node, 'mode', 'constant')];
  const given = site.numbers(1) ?? intsOf(node, 'pads') ?? intsOf(node, 'paddings');
  const axes = site.numbers(3) ?? [0, 1, 2, 3];
  const sides = given && sidesOf(given, axes);
  if (border === undefined || !sides) throw site.refuse(message('onnxFiles.padSides'));
  const [top, left, bottom, right] = sides;
  if (sides.every((side) => side === 0)) return source;
  const value = site.numbers(2)?.[0] ?? floatOf(node, 'value', 0);
  return site.add('pad', [source], { params: { border, value, top, left, bottom, right } });
}

/** `[top, left, bottom, right]` of pads before and after each axis; null where others than these are padded or cut. */
function sidesOf(
  given: readonly number[],
  axes: readonly number[],
): readonly [number, number, number, number] | null {
  const before = new Map<number, number>();
  const after = new Map<number, number>();
  axes.forEach((axis, index) => {
    const place = axis < 0 ? axis + 4 : axis;
    before.set(place, given[index] ?? 0);
    after.set(place, given[index + axes.length] ?? 0);
  });
  const all = [...before.values(), ...after.values()];
  const isOther = [before, after].some((side) => (side.get(0) ?? 0) !== 0 || (side.get(1) ?? 0) !== 0);
  if (isOther || given.length !== 2 * axes.length || all.some((side) => side < 0)) return null;
  return [before.get(2) ?? 0, before.get(3) ?? 0, after.get(2) ?? 0, after.get(3) ?? 0];
}

/** Resize and Upsample by a whole factor, nearest or bilinear, where our block computes the same. */
export function resizeBlock(site: Site): Flow {
  const { node } = site;
  const source = site.image(site.flow(0));
  const factor = factorOf(site, source);
  const mode = textOf(node, 'mode', 'nearest');
  const isUpsample = node.opType === 'Upsample' || site.facts.opset < 11;
  const place = isUpsample ? 'asymmetric' : textOf(node, 'coordinate_transformation_mode', 'half_pixel');
  const rounding = isUpsample ? 'floor' : textOf(node, 'nearest_mode', 'round_prefer_floor');
  if (mode === 'nearest' && repeats(factor, place, rounding))
    return site.add('upsample', [source], { params: { factor, interpolation: 'nearest' } });
  const isBilinear = mode === 'linear' && ['half_pixel', 'pytorch_half_pixel'].includes(place);
  if (!isBilinear) throw site.refuse(message('onnxFiles.resizeMode', { mode, place }));
  return site.add('upsample', [source], { params: { factor, interpolation: 'bilinear' } });
}

/** The factor of height and width. The inputs are X, roi, scales, sizes from opset 11 on, and X, scales before. */
function factorOf(site: Site, { shape }: Flow): number {
  const isOld = site.node.opType === 'Upsample' || site.facts.opset < 11;
  const scales = scalesOf(site, isOld ? 1 : 2);
  const sizes = isOld ? null : site.constant(3)?.small();
  const factors =
    scales ??
    sizes?.map((size, axis) => (size === 'batch' || axis === 0 ? 1 : size / (shape[axis - 1] ?? 1)));
  const [batch = 0, channels = 0, y = 0, x = 0] =
    factors?.length === 2 ? [1, 1, ...factors] : (factors ?? []);
  const isWhole = Number.isInteger(y) && y === x && y >= 1 && batch === 1 && channels === 1;
  if (!isWhole) throw site.refuse(message('onnxFiles.resizeFactor'));
  return y;
}

function scalesOf(site: Site, index: number): readonly number[] | null {
  const attribute = site.node.attributes.get('scales');
  const list = attribute?.type === 'floats' ? attribute.value : site.numbers(index);
  return list === null || list.length === 0 ? null : list;
}

/** Of our block; beyond it nothing is compared. */
const LARGEST_FACTOR = 32;

/** True where nearest interpolation by `factor` repeats each pixel, as our block does. */
function repeats(factor: number, place: string, rounding: string): boolean {
  const sourceOf: Readonly<Record<string, (x: number) => number>> = {
    asymmetric: (x) => x / factor,
    half_pixel: (x) => (x + 0.5) / factor - 0.5,
    pytorch_half_pixel: (x) => (x + 0.5) / factor - 0.5,
    tf_half_pixel_for_nn: (x) => (x + 0.5) / factor,
  };
  const round: Readonly<Record<string, (x: number) => number>> = {
    floor: Math.floor,
    ceil: Math.ceil,
    round_prefer_floor: (x) => Math.ceil(x - 0.5),
    round_prefer_ceil: (x) => Math.floor(x + 0.5),
  };
  const [source, rounded] = [sourceOf[place], round[rounding]];
  if (source === undefined || rounded === undefined || factor > LARGEST_FACTOR) return false;
  const outputs = Array.from({ length: 4 * factor }, (_, index) => index);
  return outputs.every((x) => Math.min(Math.max(rounded(source(x)), 0), 3) === Math.floor(x / factor));
}

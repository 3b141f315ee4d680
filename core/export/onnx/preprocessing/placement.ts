import { DEFAULT_CROP_FRACTION, sideBeforeCrop } from '../../../document/crop.ts';
import type { Preprocessing } from '../../../document/preprocessing.ts';
import { int } from '../graphBuilder.ts';
import { ELEMENT_TYPE } from '../model.ts';
import type { Steps } from './steps.ts';

/** One axis of the images, as names of float64 scalars in the graph. */
export interface AxisPlacement {
  /** `across` (columns) or `down` (rows): the part of the names in the graph. */
  readonly part: 'across' | 'down';
  /** Pixels of the input. */
  readonly source: string;
  /** Pixels that the input is resized to. */
  readonly full: string;
  /** The first resized pixel that is kept; negative where black pixels come before the image. */
  readonly offset: string;
  /** Pixels of the network's input. */
  readonly wanted: number;
}

interface Sides {
  readonly across: string;
  readonly down: string;
}

/**
 * Adds the nodes that compute where an image of any size lies in the network's input, by the rules of
 * `workers/data/pixels/placement.ts` in the same float64 operations. `images` is `[N, H, W, C]`.
 */
export function addPlacement(
  images: string,
  preprocessing: Preprocessing,
  steps: Steps,
): readonly [across: AxisPlacement, down: AxisPlacement] {
  const { width, height } = preprocessing;
  const shape = steps.step('size', 'shape', 'Shape', [images]);
  const source: Sides = {
    across: sideOf(shape, 'width', 2, steps),
    down: sideOf(shape, 'height', 1, steps),
  };
  const full = fullSizes(source, preprocessing, steps);
  const axis = (part: 'across' | 'down', wanted: number): AxisPlacement => ({
    ...{ part, wanted, source: source[part], full: full[part] },
    offset: offsetOf(part, full[part], wanted, preprocessing, steps),
  });
  return [axis('across', width), axis('down', height)];
}

function sideOf(shape: string, name: string, axis: number, { step, list }: Steps): string {
  const index = list('size', `${name}_axis`, [], BigInt64Array.of(BigInt(axis)));
  const pixels = step('size', `${name}_pixels`, 'Gather', [shape, index]);
  return step('size', name, 'Cast', [pixels], { to: int(ELEMENT_TYPE.double) });
}

function fullSizes(source: Sides, preprocessing: Preprocessing, steps: Steps): Sides {
  const { width, height, resize } = preprocessing;
  switch (resize) {
    case 'stretch':
      return { across: steps.real(width), down: steps.real(height) };
    case 'fit':
    case 'cover':
      return scaledSizes(source, preprocessing, resize, steps);
    case 'crop':
      return sizesBeforeCrop(source, preprocessing, steps);
  }
}

/** One side becomes the target's; the other one keeps the ratio, rounded half up, to at least 1. */
function scaledSizes(
  source: Sides,
  { width, height }: Preprocessing,
  resize: 'fit' | 'cover',
  { step, real }: Steps,
): Sides {
  const byWidth = step('size', 'by_width', 'Div', [source.across, real(width)]);
  const byHeight = step('size', 'by_height', 'Div', [source.down, real(height)]);
  const compare = resize === 'fit' ? 'Greater' : 'Less';
  const widthDecides = step('size', 'width_decides', compare, [byWidth, byHeight]);
  const rounded = (name: string, side: string, factor: string): string => {
    const exact = step('size', `${name}_exact`, 'Div', [side, factor]);
    const raised = step('size', `${name}_raised`, 'Add', [exact, real(0.5)]);
    const floored = step('size', `${name}_floor`, 'Floor', [raised]);
    return step('size', `${name}_rounded`, 'Max', [floored, real(1)]);
  };
  const otherWidth = rounded('width', source.across, byHeight);
  const otherHeight = rounded('height', source.down, byWidth);
  return {
    across: step('size', 'full_width', 'Where', [widthDecides, real(width), otherWidth]),
    down: step('size', 'full_height', 'Where', [widthDecides, otherHeight, real(height)]),
  };
}

/** The image covers an area larger than the target by the fraction; its longer side rounds down. */
function sizesBeforeCrop(
  source: Sides,
  { width, height, cropFraction = DEFAULT_CROP_FRACTION }: Preprocessing,
  { step, real }: Steps,
): Sides {
  const wide = real(sideBeforeCrop(width, cropFraction));
  const high = real(sideBeforeCrop(height, cropFraction));
  const byWidth = step('size', 'width_by_high', 'Mul', [high, source.across]);
  const byHeight = step('size', 'height_by_wide', 'Mul', [wide, source.down]);
  const widthDecides = step('size', 'width_decides', 'Less', [byWidth, byHeight]);
  const rounded = (name: string, product: string, side: string): string =>
    step('size', `${name}_rounded`, 'Floor', [step('size', `${name}_exact`, 'Div', [product, side])]);
  const otherWidth = rounded('width', byWidth, source.down);
  const otherHeight = rounded('height', byHeight, source.across);
  return {
    across: step('size', 'full_width', 'Where', [widthDecides, wide, otherWidth]),
    down: step('size', 'full_height', 'Where', [widthDecides, otherHeight, high]),
  };
}

/** Crop: half the removed pixels, rounded half to even, as Python's `round`. Else an odd pixel is cropped before. */
function offsetOf(
  part: 'across' | 'down',
  full: string,
  wanted: number,
  { resize }: Preprocessing,
  { step, real }: Steps,
): string {
  if (resize === 'stretch') return real(0);
  const removed = step(part, 'removed', 'Sub', [full, real(wanted)]);
  if (resize === 'crop')
    return step(part, 'offset', 'Round', [step(part, 'half', 'Div', [removed, real(2)])]);
  const raised = step(part, 'raised', 'Add', [removed, real(1)]);
  return step(part, 'offset', 'Floor', [step(part, 'half', 'Div', [raised, real(2)])]);
}

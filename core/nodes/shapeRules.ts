import { must } from '../diagnostics/invariantError.ts';
import { formatShape, type Shape } from '../program/shape.ts';
import type { ShapeProblem, ShapeResult } from './definition.ts';
import { message } from '../words/message.ts';

export interface Picture {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export function shapeOk(shape: Shape): ShapeResult {
  return { ok: true, shape };
}

export function shapeBad(...problems: readonly ShapeProblem[]): ShapeResult {
  return { ok: false, problems };
}

/** The shape at input port `index`; the caller guarantees one per port. */
export function inputAt(inputs: readonly Shape[], index = 0): Shape {
  return must(inputs[index], `shape of input ${index}`);
}

/** The dimensions of `[C, H, W]`, or null for a vector. */
export function asPicture(shape: Shape): Picture | null {
  const [channels, height, width] = shape;
  if (shape.length !== 3 || channels === undefined || height === undefined || width === undefined)
    return null;
  return { channels, height, width };
}

/** The image at the first port of a block with checked shapes; throws `InvariantError` for a vector. */
export function imageAt(inputs: readonly Shape[]): Picture {
  return must(asPicture(inputAt(inputs)), 'an image at the first input');
}

/** Channels of an image, features of a vector: the axis along which BatchNorm and Concat work. */
export function channelsOf(shape: Shape): number {
  return must(shape[0], 'the first dimension');
}

/** Pixels of an image; 1 for a vector. */
export function valuesPerChannel(shape: Shape): number {
  return shape.slice(1).reduce((product, dim) => product * dim, 1);
}

/** The problem of a vector where an image is needed. */
export function needsImage(shape: Shape): ShapeProblem {
  return {
    code: 'shape-rank',
    port: 'in',
    problem: message('blocks.needsImage', { shape: formatShape(shape) }),
    hint: message('blocks.needsImageHint'),
  };
}

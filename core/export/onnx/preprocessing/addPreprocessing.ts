import type { Preprocessing } from '../../../document/preprocessing.ts';
import { int, ints, type GraphBuilder } from '../graphBuilder.ts';
import { ELEMENT_TYPE } from '../model.ts';
import { addPlacement, type AxisPlacement } from './placement.ts';
import { createSteps, type Steps } from './steps.ts';
import { addWeights, DIGIT_BASE, WEIGHT_ONE, type WeightDigits } from './weights.ts';

/**
 * Adds the nodes from `images`, uint8 `[N, H, W, C]` of any height and width, to bytes as floats `[N, C, height,
 * width]`, and returns the name of these: resized and placed as `workers/data/pixels/resample.ts` does, with the same
 * bytes as the result. Each axis is a product with a matrix of integer weights, computed in the graph from the size of
 * the images: first the columns, then the rows, each rounded to bytes. Normalization follows outside.
 */
export function addPreprocessing(
  images: string,
  preprocessing: Preprocessing,
  builder: GraphBuilder,
): string {
  const steps = createSteps(builder);
  const [across, down] = addPlacement(images, preprocessing, steps);
  const planes = steps.step('images', 'planes', 'Transpose', [images], { perm: ints(0, 3, 1, 2) });
  const narrow = resizeAcross(planes, across, steps);
  const resized = resizeDown(narrow, down, steps);
  return steps.step('images', 'pixels', 'Cast', [resized], { to: int(ELEMENT_TYPE.float) });
}

/** `[N, C, H, W]` times `[W, width]`. */
function resizeAcross(planes: string, axis: AxisPlacement, steps: Steps): string {
  const weights = addWeights(axis, steps);
  const product = (digit: keyof WeightDigits): string => {
    const turned = steps.step('across', `${digit}_columns`, 'Transpose', [weights[digit]], {
      perm: ints(1, 0),
    });
    return steps.step('across', `${digit}_product`, 'MatMulInteger', [planes, turned]);
  };
  return roundToBytes('across', product, steps);
}

/** `[height, H]` times `[N, C, H, width]`. */
function resizeDown(narrow: string, axis: AxisPlacement, steps: Steps): string {
  const weights = addWeights(axis, steps);
  const product = (digit: keyof WeightDigits): string =>
    steps.step('down', `${digit}_product`, 'MatMulInteger', [weights[digit], narrow]);
  return roundToBytes('down', product, steps);
}

/** Sums the products of the three digits, at most `255.5 * 2^22`, in int32, and rounds half up to uint8. */
function roundToBytes(
  part: AxisPlacement['part'],
  product: (digit: keyof WeightDigits) => string,
  { step, whole }: Steps,
): string {
  const base = whole(DIGIT_BASE);
  const high = step(part, 'high_part', 'Mul', [product('high'), base]);
  const upper = step(part, 'upper', 'Add', [high, product('middle')]);
  const raised = step(part, 'upper_part', 'Mul', [upper, base]);
  const sum = step(part, 'total', 'Add', [raised, product('low')]);
  const half = step(part, 'total_raised', 'Add', [sum, whole(WEIGHT_ONE / 2)]);
  const rounded = step(part, 'rounded', 'Div', [half, whole(WEIGHT_ONE)]);
  const bytes = step(part, 'clipped', 'Min', [rounded, whole(255)]);
  return step(part, 'bytes', 'Cast', [bytes], { to: int(ELEMENT_TYPE.uint8) });
}

import type { Preparation } from '#core/contract/dataPlan.ts';
import { presetOf } from '#core/document/normalization.ts';

const RESIZES = {
  stretch: 'stretched to the input, ignoring the aspect',
  fit: 'fitted into the input, padded with black',
  cover: 'covering the input, cropped to the centre',
} as const;

/** A line of the plan: how images become the input of the network. */
export function preparationWords(preparation: Preparation): string {
  return `images are ${resizeWords(preparation)}; normalized by ${normalizationWords(preparation)}`;
}

function resizeWords({ resize, cropFraction }: Preparation): string {
  if (resize !== 'crop') return RESIZES[resize];
  return `resized by the shorter side, then cropped to the centre (${cropFraction ?? ''} of the side)`;
}

function normalizationWords(preparation: Preparation): string {
  const { normalization, channelOrder } = preparation;
  const order = channelOrder === 'bgr' ? ', in the order B, G, R' : '';
  if (normalization === undefined) return `mean and deviation of the training images${order}`;
  const preset = presetOf(preparation);
  const { mean, deviation } = normalization;
  return `mean ${mean.join(', ')} and deviation ${deviation.join(', ')}${preset === null ? '' : ` (${preset})`}${order}`;
}

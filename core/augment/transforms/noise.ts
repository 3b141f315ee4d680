import { defineTransform, probability } from '../definition.ts';
import { toByte } from '../image.ts';

/**
 * Quantiles of the standard normal distribution at the midpoints of 4096 equal intervals; a draw is a table look-up.
 */
const QUANTILES = Float64Array.from({ length: 4096 }, (_, index) => normalQuantile((index + 0.5) / 4096));

/** Adds independent Gaussian noise to every value. */
export const noise = defineTransform({
  salt: 11,
  title: 'Gaussian noise',
  help: 'Adds independent Gaussian noise to every pixel and channel, clipped at black and white.',
  fields: {
    sigma: {
      type: 'number',
      label: 'Strength',
      help: 'Standard deviation as a share of the range from black to white. Default 0.05; torchvision has 0.1.',
      default: 0.05,
      min: 0,
      max: 1,
      unit: 'fraction',
      slider: { max: 0.5, step: 0.005 },
    },
    probability: probability(1, 'Default 1, as torchvision.'),
  },
  paint: ({ sigma }, draws, { pixels }) => {
    if (sigma === 0) return;
    const deviation = 255 * sigma;
    for (let at = 0; at < pixels.length; at += 2) {
      const bits = draws.uint32();
      pixels[at] = toByte((pixels[at] ?? 0) + deviation * (QUANTILES[bits >>> 20] ?? 0));
      if (at + 1 < pixels.length)
        pixels[at + 1] = toByte((pixels[at + 1] ?? 0) + deviation * (QUANTILES[(bits >>> 4) & 4095] ?? 0));
    }
  },
});

/** Inverse of the standard normal distribution function to about 4.5e-4 (Abramowitz and Stegun, 26.2.23). */
function normalQuantile(share: number): number {
  const tail = Math.min(share, 1 - share);
  const t = Math.sqrt(-2 * Math.log(tail));
  const top = 2.515517 + t * (0.802853 + t * 0.010328);
  const bottom = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return Math.sign(share - 0.5) * (t - top / bottom);
}

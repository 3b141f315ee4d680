import { defineTransform, probability } from '../definition.ts';
import { toByte, type Picture as Image, type Workspace } from '../image.ts';
import { reflected } from '../warp.ts';

const MAX_SIGMA = 10;
/** The Gaussian is cut off at this many deviations. */
const CUT_OFF = 3;
const kernel = new Float64Array(CUT_OFF * MAX_SIGMA + 1);

/** Blurs the image by a Gaussian of random width. */
export const blur = defineTransform({
  salt: 10,
  title: 'Gaussian blur',
  help: 'Smooths by a Gaussian whose width is drawn uniformly; the image is mirrored at its edge.',
  fields: {
    minSigma: {
      type: 'number',
      label: 'Smallest',
      help: 'Smallest standard deviation, in pixels at the input size. Default 0.1, as torchvision.',
      default: 0.1,
      min: 0,
      max: MAX_SIGMA,
      unit: 'px',
      slider: { max: 4, step: 0.05 },
    },
    maxSigma: {
      type: 'number',
      label: 'Largest',
      help: 'Largest standard deviation, in pixels at the input size. Default 1; torchvision has 2, for large photos.',
      default: 1,
      min: 0,
      max: MAX_SIGMA,
      unit: 'px',
      slider: { max: 4, step: 0.05 },
    },
    probability: probability(0.5, 'Default 0.5 (Chen et al. 2020).'),
  },
  paint: ({ minSigma, maxSigma }, draws, image, workspace) =>
    smooth(image, draws.between(minSigma, maxSigma), workspace),
});

/**
 * Convolves with a Gaussian of standard deviation `sigma` pixels, cut off at three deviations, first along one axis and
 * then along the other.
 */
export function smooth(picture: Image, sigma: number, { floats }: Workspace): void {
  const radius = Math.ceil(CUT_OFF * sigma);
  if (radius === 0) return;
  let sum = 0;
  for (let k = 0; k <= radius; k += 1) {
    const weight = Math.exp(-(k * k) / (2 * sigma * sigma));
    kernel[k] = weight;
    sum += k === 0 ? weight : 2 * weight;
  }
  for (let k = 0; k <= radius; k += 1) kernel[k] = (kernel[k] ?? 0) / sum;
  smoothRows(picture, radius, floats);
  smoothColumns(picture, radius, floats);
}

function smoothRows({ pixels, height, width, channels }: Image, radius: number, into: Float32Array): void {
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1)
      for (let channel = 0; channel < channels; channel += 1) {
        const start = row * width * channels + channel;
        let sum = 0;
        for (let k = -radius; k <= radius; k += 1) {
          const from = column + k;
          const place = from >= 0 && from < width ? from : reflected(from, width);
          sum += (kernel[k < 0 ? -k : k] ?? 0) * (pixels[start + place * channels] ?? 0);
        }
        into[start + column * channels] = sum;
      }
}

function smoothColumns({ pixels, height, width, channels }: Image, radius: number, from: Float32Array): void {
  const stride = width * channels;
  for (let row = 0; row < height; row += 1)
    for (let at = 0; at < stride; at += 1) {
      let sum = 0;
      for (let k = -radius; k <= radius; k += 1) {
        const other = row + k;
        const place = other >= 0 && other < height ? other : reflected(other, height);
        sum += (kernel[k < 0 ? -k : k] ?? 0) * (from[place * stride + at] ?? 0);
      }
      pixels[row * stride + at] = toByte(sum);
    }
}

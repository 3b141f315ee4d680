import type { Affine } from '../affine.ts';
import { defineTransform, probability } from '../definition.ts';
import type { Draws } from '../draws.ts';
import type { ImageSize } from '../image.ts';

const ATTEMPTS = 10;

/** Crops a random part of the image and resizes it to the image's size; the part is chosen as in torchvision. */
export const randomResizedCrop = defineTransform({
  salt: 7,
  title: 'Random resized crop',
  help: 'Stretches a random part of the image over the whole of it (Szegedy et al. 2015). The part is cut from the image at the input size of the network.',
  fields: {
    minArea: {
      type: 'number',
      label: 'Smallest area',
      help: 'Smallest share of the area. Default 0.5; torchvision has 0.08, for large photos.',
      default: 0.5,
      min: 0.01,
      max: 1,
      unit: 'fraction',
    },
    maxArea: {
      type: 'number',
      label: 'Largest area',
      help: 'Largest share of the area. Default 1, as torchvision.',
      default: 1,
      min: 0.01,
      max: 1,
      unit: 'fraction',
    },
    minRatio: {
      type: 'number',
      label: 'Narrowest',
      help: 'Smallest width : height of the part. Default 0.75, as torchvision.',
      default: 0.75,
      min: 0.1,
      max: 10,
      unit: 'factor',
      slider: { max: 2, step: 0.01 },
    },
    maxRatio: {
      type: 'number',
      label: 'Widest',
      help: 'Largest width : height of the part. Default 1.333, as torchvision.',
      default: 1.333,
      min: 0.1,
      max: 10,
      unit: 'factor',
      slider: { max: 2, step: 0.01 },
    },
    probability: probability(1, 'Default 1, as torchvision.'),
  },
  place: (values, draws, map, size) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) if (cropOnce(values, draws, map, size)) return;
    cropCentre(values, map, size);
  },
});

interface Ranges {
  readonly minArea: number;
  readonly maxArea: number;
  readonly minRatio: number;
  readonly maxRatio: number;
}

/** Returns false when the drawn part does not fit into the image. */
function cropOnce(ranges: Ranges, draws: Draws, map: Affine, size: ImageSize): boolean {
  const area = size.width * size.height * draws.between(ranges.minArea, ranges.maxArea);
  const ratio = Math.exp(draws.between(Math.log(ranges.minRatio), Math.log(ranges.maxRatio)));
  const width = Math.round(Math.sqrt(area * ratio));
  const height = Math.round(Math.sqrt(area / ratio));
  const [placeX, placeY] = [draws.uniform(), draws.uniform()];
  if (width < 1 || height < 1 || width > size.width || height > size.height) return false;
  const left = Math.floor(placeX * (size.width - width + 1));
  map.crop(left, Math.floor(placeY * (size.height - height + 1)), width, height, size);
  return true;
}

/** Crops the largest central part with an allowed aspect ratio. */
function cropCentre(ranges: Ranges, map: Affine, size: ImageSize): void {
  const whole = size.width / size.height;
  const least = Math.min(ranges.minRatio, ranges.maxRatio);
  const ratio = Math.min(Math.max(whole, least), Math.max(ranges.minRatio, ranges.maxRatio));
  const width = ratio < whole ? Math.max(1, Math.round(size.height * ratio)) : size.width;
  const height = ratio > whole ? Math.max(1, Math.round(size.width / ratio)) : size.height;
  map.crop(Math.floor((size.width - width) / 2), Math.floor((size.height - height) / 2), width, height, size);
}

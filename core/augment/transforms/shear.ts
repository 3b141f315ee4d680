import { defineTransform, probability } from '../definition.ts';

const slope = (degrees: number): number => Math.tan((degrees * Math.PI) / 180);

/** Shears the image. */
export const shear = defineTransform({
  salt: 6,
  title: 'Shear',
  help: 'Slants the image about its centre by angles drawn uniformly to either side.',
  fields: {
    x: {
      type: 'number',
      label: 'Across',
      help: 'Largest slant of upright lines, in degrees. Default 10.',
      default: 10,
      min: 0,
      max: 80,
      unit: 'degrees',
      slider: { max: 45, step: 1 },
    },
    y: {
      type: 'number',
      label: 'Down',
      help: 'Largest slant of level lines, in degrees. Default 0, as torchvision.',
      default: 0,
      min: 0,
      max: 80,
      unit: 'degrees',
      slider: { max: 45, step: 1 },
    },
    probability: probability(1, 'Default 1, as torchvision.'),
  },
  place: ({ x, y }, draws, map) => {
    const across = slope(draws.around(x));
    map.slant(across, slope(draws.around(y)));
  },
});

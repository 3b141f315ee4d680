import { defineTransform, probability } from '../definition.ts';

/** Shifts the image by whole pixels, without interpolation. */
export const shift = defineTransform({
  salt: 3,
  title: 'Shift',
  help: 'Moves the image by a whole number of pixels, drawn uniformly for each axis. With a black border it equals the padded random crop of He et al. 2016 (4 px on CIFAR-10).',
  fields: {
    unit: {
      type: 'choice',
      label: 'Unit',
      help: 'Whether the reach is a share of width and height, or pixels at the input size of the network.',
      default: 'fraction',
      options: [
        { value: 'fraction', label: 'share of the side' },
        { value: 'px', label: 'pixels' },
      ],
    },
    x: {
      type: 'number',
      label: 'Across',
      help: 'Largest move to the left or right. Default 0.125 of the width: 4 of 32 pixels (He et al. 2016).',
      default: 0.125,
      min: 0,
      max: 1024,
      unit: 'none',
      slider: { max: 0.5, step: 0.005 },
    },
    y: {
      type: 'number',
      label: 'Down',
      help: 'Largest move up or down. Default 0.125 of the height: 4 of 32 pixels (He et al. 2016).',
      default: 0.125,
      min: 0,
      max: 1024,
      unit: 'none',
      slider: { max: 0.5, step: 0.005 },
    },
    probability: probability(1, 'Default 1, as torchvision.'),
  },
  place: ({ unit, x, y }, draws, map, { height, width }) => {
    const [reachX, reachY] = unit === 'px' ? [x, y] : [x * width, y * height];
    const right = draws.around(Math.floor(reachX) + 0.5);
    map.move(Math.round(right), Math.round(draws.around(Math.floor(reachY) + 0.5)));
  },
});

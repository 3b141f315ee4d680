import { defineTransform, probability } from '../definition.ts';

/** Covers random squares of the image. */
export const cutout = defineTransform({
  salt: 12,
  title: 'Cutout',
  help: 'Covers random squares with one colour (DeVries and Taylor 2017). Their centres lie anywhere in the image, so that a square may reach over the edge.',
  fields: {
    size: {
      type: 'number',
      label: 'Size',
      help: 'Side of the square as a share of the shorter side. Default 0.5, 16 of 32 pixels on CIFAR-10 (DeVries and Taylor 2017).',
      default: 0.5,
      min: 0.01,
      max: 1,
      unit: 'fraction',
    },
    holes: {
      type: 'int',
      label: 'Squares',
      help: 'How many squares. Default 1.',
      default: 1,
      min: 1,
      max: 16,
      unit: 'none',
    },
    fill: {
      type: 'choice',
      label: 'Colour',
      help: 'The mean of the training images, which the network sees as 0, or black. Default mean, as the paper.',
      default: 'mean',
      options: [
        { value: 'mean', label: 'mean' },
        { value: 'black', label: 'black' },
      ],
    },
    probability: probability(1, 'Default 1, as the paper.'),
  },
  paint: ({ size, holes, fill }, draws, { pixels, height, width, channels }, { mean }) => {
    const side = Math.max(1, Math.round(size * Math.min(height, width)));
    for (let hole = 0; hole < holes; hole += 1) {
      const top = draws.below(height) - (side >> 1);
      const left = draws.below(width) - (side >> 1);
      for (let row = Math.max(0, top); row < Math.min(height, top + side); row += 1)
        for (let column = Math.max(0, left); column < Math.min(width, left + side); column += 1)
          for (let channel = 0; channel < channels; channel += 1)
            pixels[(row * width + column) * channels + channel] = fill === 'mean' ? (mean[channel] ?? 0) : 0;
    }
  },
});

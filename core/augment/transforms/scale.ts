import { defineTransform, probability } from '../definition.ts';

/** Scales the image about its centre. */
export const scale = defineTransform({
  salt: 5,
  title: 'Scale',
  help: 'Makes the content larger or smaller about the centre, by a factor drawn uniformly; below 1 the border shows.',
  fields: {
    min: {
      type: 'number',
      label: 'Smallest',
      help: 'Smallest factor; 0.9 shrinks the content to nine tenths. Default 0.9.',
      default: 0.9,
      min: 0.1,
      max: 10,
      unit: 'factor',
      slider: { max: 2, step: 0.01 },
    },
    max: {
      type: 'number',
      label: 'Largest',
      help: 'Largest factor; 1.1 enlarges the content by a tenth. Default 1.1.',
      default: 1.1,
      min: 0.1,
      max: 10,
      unit: 'factor',
      slider: { max: 2, step: 0.01 },
    },
    probability: probability(1, 'Default 1, as torchvision.'),
  },
  place: ({ min, max }, draws, map) => map.zoom(draws.between(min, max)),
});

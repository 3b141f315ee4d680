import { defineTransform, probability } from '../definition.ts';

/** Rotates the image about its centre. */
export const rotate = defineTransform({
  salt: 4,
  title: 'Rotate',
  help: 'Turns the image about its centre by an angle drawn uniformly to either side.',
  fields: {
    degrees: {
      type: 'number',
      label: 'Angle',
      help: 'Largest angle to either side, in degrees. Default 10; 180 allows any rotation.',
      default: 10,
      min: 0,
      max: 180,
      unit: 'degrees',
      slider: { max: 180, step: 1 },
    },
    probability: probability(1, 'Default 1, as torchvision.'),
  },
  place: ({ degrees }, draws, map) => map.turn(draws.around(degrees)),
});

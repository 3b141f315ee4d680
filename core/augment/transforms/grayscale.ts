import { makeGrey } from '../colour.ts';
import { defineTransform, probability } from '../definition.ts';

/** Converts the image to grey. */
export const grayscale = defineTransform({
  salt: 9,
  title: 'Grayscale',
  help: 'Removes the colour: all channels become the luma (ITU-R BT.601).',
  fields: { probability: probability(0.1, 'Default 0.1, as torchvision.') },
  paint: (_values, _draws, image) => makeGrey(image),
});

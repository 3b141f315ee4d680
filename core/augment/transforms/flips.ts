import { defineTransform, probability } from '../definition.ts';

/** Flips the image horizontally. */
export const horizontalFlip = defineTransform({
  salt: 1,
  title: 'Horizontal flip',
  help: 'Mirrors left and right. Not for digits or letters, which would become other signs.',
  fields: { probability: probability(0.5, 'Default 0.5, as torchvision.') },
  place: (_values, _draws, map) => map.mirrorX(),
});

/** Flips the image vertically. */
export const verticalFlip = defineTransform({
  salt: 2,
  title: 'Vertical flip',
  help: 'Mirrors top and bottom. For images without an up and down, such as views from above or through a microscope.',
  fields: { probability: probability(0.5, 'Default 0.5, as torchvision.') },
  place: (_values, _draws, map) => map.mirrorY(),
});

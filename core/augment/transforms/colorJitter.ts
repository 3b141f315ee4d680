import { changeBrightness, changeContrast, changeHue, changeSaturation } from '../colour.ts';
import { defineTransform, probability } from '../definition.ts';
import type { Draws } from '../draws.ts';

const reach = (label: string, help: string, standard: number) =>
  ({
    type: 'number',
    label,
    help: `${help} Default ${standard}.`,
    default: standard,
    min: 0,
    max: 1,
    unit: 'fraction',
  }) as const;

/** Changes brightness, contrast, saturation and hue, in this order; the ranges are torchvision's. */
export const colorJitter = defineTransform({
  salt: 8,
  title: 'Colour jitter',
  help: 'Changes brightness, contrast, saturation and hue, each by an amount drawn uniformly. Saturation and hue leave grey images as they are.',
  fields: {
    brightness: reach('Brightness', 'Largest change: 0.2 draws a factor between 0.8 and 1.2.', 0.2),
    contrast: reach('Contrast', 'Largest change: 0.2 draws a factor between 0.8 and 1.2.', 0.2),
    saturation: reach('Saturation', 'Largest change: 0.2 draws a factor between 0.8 and 1.2.', 0.2),
    hue: {
      type: 'number',
      label: 'Hue',
      help: 'Largest move around the colour circle, as a share of it; 0.5 reaches every hue. Default 0.',
      default: 0,
      min: 0,
      max: 0.5,
      unit: 'fraction',
    },
    probability: probability(1, 'Default 1, as torchvision.'),
  },
  paint: ({ brightness, contrast, saturation, hue }, draws, image, workspace) => {
    const [brighter, harder, richer] = [
      around(draws, brightness),
      around(draws, contrast),
      around(draws, saturation),
    ];
    const turns = draws.around(hue);
    if (brightness > 0) changeBrightness(image, brighter, workspace);
    if (contrast > 0) changeContrast(image, harder, workspace);
    if (saturation > 0) changeSaturation(image, richer);
    if (hue > 0) changeHue(image, turns);
  },
});

function around(draws: Draws, most: number): number {
  return Math.max(0, 1 + draws.around(most));
}

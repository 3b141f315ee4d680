import type { Affine } from '../affine.ts';
import { changeBrightness, changeContrast, changeSaturation } from '../colour.ts';
import { defineTransform } from '../definition.ts';
import type { Draws } from '../draws.ts';
import type { Picture as Image, ImageSize, Workspace } from '../image.ts';
import { autoContrast, changeSharpness, equalize, posterize, solarize } from '../toneCurves.ts';

/** Largest magnitude, on the scale of the paper and of torchvision. */
const MAX_MAGNITUDE = 30;

/** One operation: `strength` runs from 0 to 1, `sign` is -1 or 1. */
interface Operation {
  place?(map: Affine, strength: number, sign: number, size: ImageSize): void;
  paint?(image: Image, strength: number, sign: number, workspace: Workspace): void;
}

/** The operations of RandAugment with torchvision's ranges; their order determines which operation a draw selects. */
const OPERATIONS: readonly Operation[] = [
  {},
  { place: (map, strength, sign) => map.slant(sign * 0.3 * strength, 0) },
  { place: (map, strength, sign) => map.slant(0, sign * 0.3 * strength) },
  {
    place: (map, strength, sign, { width }) => map.move(sign * Math.trunc((150 / 331) * width * strength), 0),
  },
  {
    place: (map, strength, sign, { height }) =>
      map.move(0, sign * Math.trunc((150 / 331) * height * strength)),
  },
  { place: (map, strength, sign) => map.turn(sign * 30 * strength) },
  {
    paint: (picture, strength, sign, workspace) =>
      changeBrightness(picture, 1 + sign * 0.9 * strength, workspace),
  },
  { paint: (picture, strength, sign) => changeSaturation(picture, 1 + sign * 0.9 * strength) },
  {
    paint: (picture, strength, sign, workspace) =>
      changeContrast(picture, 1 + sign * 0.9 * strength, workspace),
  },
  {
    paint: (picture, strength, sign, workspace) =>
      changeSharpness(picture, 1 + sign * 0.9 * strength, workspace),
  },
  { paint: (picture, strength) => posterize(picture, 8 - Math.round(4 * strength)) },
  { paint: (picture, strength, _sign, workspace) => solarize(picture, 255 * (1 - strength), workspace) },
  { paint: (picture, _strength, _sign, workspace) => autoContrast(picture, workspace) },
  { paint: (picture, _strength, _sign, workspace) => equalize(picture, workspace) },
];

/** Applies a few operations drawn from a fixed set, all with the same strength. */
export const randAugment = defineTransform({
  salt: 13,
  title: 'RandAugment',
  help: 'Applies a few operations drawn from 14 (shears, moves, rotation, brightness, colour, contrast, sharpness, posterize, solarize, autocontrast, equalize, nothing), all of one strength (Cubuk et al. 2020). The geometric operations are merged into a single resampling of the image.',
  fields: {
    ops: {
      type: 'int',
      label: 'Operations',
      help: 'How many operations an image gets. Default 2, as torchvision.',
      default: 2,
      min: 1,
      max: 8,
      unit: 'none',
    },
    magnitude: {
      type: 'int',
      label: 'Magnitude',
      help: 'Strength of all operations, from 0 to 30. Default 9, as torchvision.',
      default: 9,
      min: 0,
      max: MAX_MAGNITUDE,
      unit: 'none',
    },
  },
  place: ({ ops, magnitude }, draws, map, size) => {
    for (let op = 0; op < ops; op += 1) {
      const operation = drawOperation(draws);
      operation?.place?.(map, magnitude / MAX_MAGNITUDE, drawSign(draws), size);
    }
  },
  paint: ({ ops, magnitude }, draws, picture, workspace) => {
    for (let op = 0; op < ops; op += 1) {
      const operation = drawOperation(draws);
      operation?.paint?.(picture, magnitude / MAX_MAGNITUDE, drawSign(draws), workspace);
    }
  },
});

function drawOperation(draws: Draws): Operation | undefined {
  return OPERATIONS[draws.below(OPERATIONS.length)];
}

function drawSign(draws: Draws): number {
  return draws.chance(0.5) ? 1 : -1;
}

import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { parseAugment } from './augmentOption.ts';

function refusal(text: string): string {
  try {
    parseAugment(text);
  } catch (error) {
    if (error instanceof InvalidArgumentError) return error.message;
    throw error;
  }
  throw new Error(`"${text}" was taken`);
}

describe('--augment', () => {
  it('reads names, values and probabilities', () => {
    expect(parseAugment('flip,shift=2px,rotate=10@0.5')).toEqual({
      border: 'black',
      horizontalFlip: { probability: 0.5 },
      shift: { unit: 'px', x: 2, y: 2, probability: 1 },
      rotate: { degrees: 10, probability: 0.5 },
    });
    expect(parseAugment(' flip@0.3 , shift=10% , scale=0.8..1.2, border=reflect ')).toEqual({
      border: 'reflect',
      horizontalFlip: { probability: 0.3 },
      shift: { unit: 'fraction', x: 0.1, y: 0.1, probability: 1 },
      scale: { min: 0.8, max: 1.2, probability: 1 },
    });
    expect(parseAugment('crop=0.3..0.9').randomResizedCrop).toMatchObject({
      minArea: 0.3,
      maxArea: 0.9,
      minRatio: 0.75,
    });
    expect(parseAugment('shift=0.25').shift).toMatchObject({ unit: 'fraction', x: 0.25 });
  });

  it('reads colours, blur, noise, cutout and RandAugment', () => {
    expect(
      parseAugment(
        'brightness=0.3,hue=0.05,grayscale@0.2,blur=0.1..2,noise=0.02,cutout=0.25,randaugment=3:12',
      ),
    ).toEqual({
      border: 'black',
      colorJitter: { brightness: 0.3, contrast: 0, saturation: 0, hue: 0.05, probability: 1 },
      grayscale: { probability: 0.2 },
      blur: { minSigma: 0.1, maxSigma: 2, probability: 0.5 },
      noise: { sigma: 0.02, probability: 1 },
      cutout: { size: 0.25, holes: 1, fill: 'mean', probability: 1 },
      randAugment: { ops: 3, magnitude: 12 },
    });
  });

  it('none switches everything off', () => {
    expect(parseAugment('none')).toEqual({ border: 'black' });
  });

  it.each([
    ['', 'is not an item'],
    ['flip,,rotate', 'is not an item'],
    ['flip=3', '"flip" is written flip'],
    ['rotate=ten', '"rotate" is written rotate or rotate=10'],
    ['rotate=181', '0 to 180'],
    ['rotate=-5', '0 to 180'],
    ['shift=1.5px', '"shift" is written'],
    ['shift=1.5', '"shift" is written'],
    ['shift=px', '"shift" is written'],
    ['scale=1.2..0.8', '"scale" is written'],
    ['randaugment=2', '"randaugment" is written'],
    ['randaugment=2:9@0.5', '"randaugment" is written'],
    ['randaugment=2:9.5', '"randaugment" is written'],
    ['brightness', '"brightness" is written brightness=0.2'],
    ['hue=0.6', '0 to 0.5'],
    ['scale=1..2..3', '"scale" is written'],
    ['rotate=10@1.5', 'a probability from 0 to 1'],
    ['rotate=10@', 'a probability from 0 to 1'],
    ['flip,flip', 'twice'],
    ['spin=3', 'There is no "spin"; the names are flip, vflip'],
    ['none,flip', 'There is no "none"'],
    ['constructor=3', 'There is no "constructor"'],
    ['border=white', 'border is one of black, mean, edge, reflect'],
    ['border', 'border is one of'],
  ])('refuses %j, saying what to write', (text, words) => {
    expect(refusal(text)).toContain(words);
  });
});

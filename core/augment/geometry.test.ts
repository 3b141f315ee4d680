import { describe, expect, it } from 'vitest';
import { Affine } from './affine.ts';
import { augmented, noiseImage } from './testing/augmented.ts';
import { reflected, warp, type Border } from './warp.ts';

const SIZE = { height: 7, width: 7, channels: 3 };
const source = noiseImage(SIZE);

function warped(
  change: (map: Affine) => void,
  border: Border = 'black',
  image = source,
  size = SIZE,
): Uint8Array {
  const map = new Affine();
  change(map);
  const into = new Uint8Array(image.length);
  warp(image, 0, into, size, map, { border, fill: Uint8Array.of(10, 20, 30) });
  return into;
}

/** Builds an image from the source position of each pixel; positions outside the image are `beyond`. */
function moved(from: (row: number, column: number) => readonly [number, number], beyond = 0): Uint8Array {
  const { height, width, channels } = SIZE;
  return source.map((_, at) => {
    const channel = at % channels;
    const column = Math.floor(at / channels) % width;
    const [y, x] = from(Math.floor(at / channels / width), column);
    const isInside = y >= 0 && x >= 0 && y < height && x < width;
    return isInside ? (source[(y * width + x) * channels + channel] ?? -1) : beyond;
  });
}

describe('warp', () => {
  it('changes no byte under the identity', () => {
    expect(warped(() => undefined)).toEqual(source);
  });

  it('mirrors exactly, and twice gives the image back', () => {
    expect(warped((map) => map.mirrorX())).toEqual(moved((row, column) => [row, 6 - column]));
    expect(warped((map) => map.mirrorY())).toEqual(moved((row, column) => [6 - row, column]));
    const once = warped((map) => map.mirrorX());
    expect(warped((map) => map.mirrorX(), 'black', once)).toEqual(source);
  });

  it('moves by whole pixels exactly, over every border', () => {
    const move = (map: Affine): void => map.move(2, -3);
    expect(warped(move)).toEqual(moved((row, column) => [row + 3, column - 2]));
    const clamp = (at: number): number => Math.min(6, Math.max(0, at));
    expect(warped(move, 'edge')).toEqual(moved((row, column) => [clamp(row + 3), clamp(column - 2)]));
    expect(warped(move, 'reflect')).toEqual(
      moved((row, column) => [reflected(row + 3, 7), reflected(column - 2, 7)]),
    );
    const filled = warped(move, 'mean');
    expect([...filled.subarray(0, 3)]).toEqual([10, 20, 30]);
  });

  it.each([
    [90, (row: number, column: number) => [6 - column, row] as const],
    [180, (row: number, column: number) => [6 - row, 6 - column] as const],
    [-90, (row: number, column: number) => [column, 6 - row] as const],
  ])('turns a square by %d degrees exactly, clockwise', (degrees, from) => {
    expect(warped((map) => map.turn(degrees))).toEqual(moved(from));
  });

  it('turns an even square exactly too', () => {
    const size = { height: 4, width: 4, channels: 1 };
    const picture = noiseImage(size, 2);
    const turned = warped((map) => map.turn(90), 'black', picture, size);
    const expected = picture.map((_, at) => picture[(3 - (at % 4)) * 4 + Math.floor(at / 4)] ?? -1);
    expect(turned).toEqual(expected);
  });

  it('composes in the order of action: shifted, then turned', () => {
    const both = warped((map) => {
      map.move(1, 0);
      map.turn(90);
    });
    const first = warped((map) => map.move(1, 0));
    expect(both).toEqual(warped((map) => map.turn(90), 'black', first));
    const other = warped((map) => {
      map.turn(90);
      map.move(1, 0);
    });
    expect(both).not.toEqual(other);
  });

  it('interpolates half a pixel between neighbours', () => {
    const size = { height: 1, width: 4, channels: 1 };
    const row = Uint8Array.of(0, 100, 200, 50);
    expect([...warped((map) => map.move(0.5, 0), 'edge', row, size)]).toEqual([0, 50, 150, 125]);
  });

  it('stretches a crop as torch interpolate does inside it (bilinear, align_corners false)', () => {
    const size = { height: 4, width: 4, channels: 1 };
    const ramp = Uint8Array.from({ length: 16 }, (_, at) => (at % 4) * 60);
    const cropped = warped((map) => map.crop(0, 0, 2, 4, size), 'edge', ramp, size);
    expect([...cropped.subarray(0, 4)]).toEqual([0, 15, 45, 75]);
  });

  it('mirrors about the edge without repeating it', () => {
    expect([-4, -3, -2, -1, 0, 3, 4, 5, 6, 7].map((at) => reflected(at, 4))).toEqual([
      2, 3, 2, 1, 0, 3, 2, 1, 0, 1,
    ]);
    expect(reflected(5, 1)).toBe(0);
  });
});

describe('geometric transforms', () => {
  const always = { probability: 1 };
  it('flip mirrors every image at probability 1 and none at 0', () => {
    for (let sample = 0; sample < 20; sample += 1) {
      const mirrored = augmented(source, SIZE, { horizontalFlip: always }, { sample });
      expect(mirrored).toEqual(moved((row, column) => [row, 6 - column]));
      expect(augmented(source, SIZE, { horizontalFlip: { probability: 0 } }, { sample })).toEqual(source);
    }
  });

  it('flip mirrors about half of the images at probability 0.5', () => {
    let count = 0;
    for (let sample = 0; sample < 2000; sample += 1) {
      const seen = augmented(source, SIZE, { horizontalFlip: { probability: 0.5 } }, { sample });
      if (seen.some((value, at) => value !== source[at])) count += 1;
    }
    expect(Math.abs(count - 1000)).toBeLessThan(100);
  });

  it('settings that do nothing change no byte', () => {
    const nothing = {
      rotate: { degrees: 0, ...always },
      shear: { x: 0, y: 0, ...always },
      scale: { min: 1, max: 1, ...always },
      shift: { unit: 'px', x: 0, y: 0, ...always },
      randomResizedCrop: { minArea: 1, maxArea: 1, minRatio: 1, maxRatio: 1, ...always },
    } as const;
    for (let sample = 0; sample < 20; sample += 1)
      expect(augmented(source, SIZE, nothing, { sample })).toEqual(source);
  });

  it('shift draws every whole offset up to its reach, equally often', () => {
    const size = { height: 1, width: 9, channels: 1 };
    const dot = Uint8Array.of(0, 0, 0, 0, 255, 0, 0, 0, 0);
    const places = new Array<number>(9).fill(0);
    for (let sample = 0; sample < 5000; sample += 1) {
      const seen = augmented(dot, size, { shift: { unit: 'px', x: 2, y: 0, ...always } }, { sample });
      const place = seen.indexOf(255);
      places[place] = (places[place] ?? 0) + 1;
    }
    expect(places.map((count) => count > 0)).toEqual(
      [2, 3, 4, 5, 6].reduce<boolean[]>((all, at) => all.with(at, true), new Array<boolean>(9).fill(false)),
    );
    expect(places.slice(2, 7).every((count) => Math.abs(count - 1000) < 130)).toBe(true);
  });

  it('shift by a share of the side is the same at any size', () => {
    const values = { unit: 'fraction', x: 0.125, y: 0, ...always } as const;
    const size = { height: 1, width: 32, channels: 1 };
    const dot = new Uint8Array(32).fill(255, 16, 17);
    const places = new Set<number>();
    for (let sample = 0; sample < 500; sample += 1)
      places.add(augmented(dot, size, { shift: values }, { sample }).indexOf(255));
    expect([Math.min(...places), Math.max(...places)]).toEqual([12, 20]);
  });
});

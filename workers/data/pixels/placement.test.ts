import { describe, expect, it } from 'vitest';
import { coveringScale, decodeScale, place } from './placement.ts';

describe('crop', () => {
  /** Widths before heights, in pixels; `corner`: the first kept pixel of the resized image. */
  interface Crop {
    readonly image: readonly [number, number];
    readonly size: number;
    readonly resize: number;
    readonly full: readonly [number, number];
    readonly corner: readonly [number, number];
  }

  /** Made with torchvision 0.29 on Pillow images. */
  const TORCHVISION: readonly Crop[] = [
    { image: [500, 375], size: 224, resize: 256, full: [341, 256], corner: [58, 16] },
    { image: [375, 500], size: 224, resize: 256, full: [256, 341], corner: [16, 58] },
    { image: [256, 256], size: 224, resize: 256, full: [256, 256], corner: [16, 16] },
    { image: [333, 500], size: 224, resize: 256, full: [256, 384], corner: [16, 80] },
    { image: [1001, 333], size: 224, resize: 256, full: [769, 256], corner: [272, 16] },
    { image: [100, 257], size: 224, resize: 256, full: [256, 657], corner: [16, 216] },
    { image: [640, 427], size: 224, resize: 232, full: [347, 232], corner: [62, 4] },
    { image: [97, 131], size: 96, resize: 127, full: [127, 171], corner: [16, 38] },
    { image: [131, 97], size: 97, resize: 128, full: [172, 128], corner: [38, 16] },
  ];

  it.each(TORCHVISION)('of $image is as Resize($resize) and CenterCrop($size) of torchvision', (each) => {
    const { image, size, resize, full, corner } = each;
    const target = { width: size, height: size, channels: 3, resize: 'crop' } as const;
    const { x, y } = place(...image, { ...target, cropFraction: size / resize });
    expect({ full: [x.full, y.full], corner: [x.first, y.first] }).toEqual({ full, corner });
    expect([x.count, y.count, x.at, y.at]).toEqual([size, size, 0, 0]);
  });

  it('keeps 0.875 of a side by default', () => {
    const target = { width: 224, height: 224, channels: 3, resize: 'crop' } as const;
    expect(place(500, 375, target)).toEqual(place(500, 375, { ...target, cropFraction: 0.875 }));
  });

  it('covers both sides of an area that is no square', () => {
    const target = { width: 30, height: 60, channels: 3, resize: 'crop', cropFraction: 0.5 } as const;
    // The area is 60 x 120: a wide image is resized to its height, a narrow one to its width.
    expect(place(400, 100, target)).toMatchObject({ x: { full: 480 }, y: { full: 120 } });
    expect(place(100, 400, target)).toMatchObject({ x: { full: 60 }, y: { full: 240 } });
    expect(place(50, 100, target)).toMatchObject({ x: { full: 60 }, y: { full: 120 } });
  });

  it('never lets a JPEG be decoded smaller, since its pixels would be others', () => {
    const target = { width: 20, height: 20, channels: 3, resize: 'crop' } as const;
    expect(decodeScale(4000, 3000, target)).toBe(1);
    expect(coveringScale(4000, 3000, target)).toBe(8);
    expect(decodeScale(4000, 3000, { ...target, resize: 'cover' })).toBe(8);
  });
});

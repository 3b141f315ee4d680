import { describe, expect, it } from 'vitest';
import { beside, drawChannels, drawKernels, drawOver, drawPicture } from './drawing.ts';
import { colourAt } from './colours.ts';

describe('drawings', () => {
  it('enlarge a picture pixel by pixel, grey or in colour', () => {
    const grey = drawPicture({ channels: 1, height: 1, width: 2, bytes: Uint8Array.of(5, 8) }, 2);
    expect(grey).toMatchObject({ height: 2, width: 4 });
    expect(Array.from(grey.rgb.subarray(0, 12))).toEqual([5, 5, 5, 5, 5, 5, 8, 8, 8, 8, 8, 8]);
    const red = drawPicture({ channels: 3, height: 1, width: 1, bytes: Uint8Array.of(9, 0, 1) }, 1);
    expect(red.rgb).toEqual(Uint8Array.of(9, 0, 1));
  });

  it('lay the colours of a map over it, the largest value in the last colour', () => {
    const black = drawPicture({ channels: 1, height: 1, width: 2, bytes: new Uint8Array(2) }, 1);
    const over = drawOver(black, { height: 1, width: 2, values: Float32Array.of(0, 5) });
    expect(over.rgb).toEqual(
      Uint8Array.from([...colourAt(0), ...colourAt(1)], (byte) => Math.round(byte / 2)),
    );
    const wide = beside(black, over, 1);
    expect(wide.width).toBe(5);
    expect(Array.from(wide.rgb.subarray(6, 9))).toEqual([255, 255, 255]);
  });

  it('scale each channel by itself and kernels together', () => {
    const channels = drawChannels({ channels: 2, height: 1, width: 2, values: [1, 2, 100, 50] }, 1);
    const greys = [...channels.rgb].filter((_, at) => at % 3 === 0);
    expect(greys).toEqual([0, 255, 255, 255, 0]);
    const kernels = drawKernels([1, 3, 1, 1], [1, -1, 0], 1);
    expect(kernels.rgb).toEqual(Uint8Array.of(255, 0, 128));
    expect(drawKernels([2, 2, 3, 3], new Float32Array(36), 1)).toMatchObject({ height: 7, width: 7 });
  });
});

it('colours go from dark to light, beyond the ends too', () => {
  const lightness = Array.from({ length: 33 }, (_, i) => colourAt(i / 32)).map(
    ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b,
  );
  expect(lightness.toSorted((a, b) => a - b)).toEqual(lightness);
  expect([colourAt(-1), colourAt(2), colourAt(NaN)]).toEqual([colourAt(0), colourAt(1), [0, 0, 0]]);
});

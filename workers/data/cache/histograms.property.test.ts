import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPixels, emptyHistograms, MIN_DEVIATION, statisticsOf } from './histograms.ts';

describe('channel statistics', () => {
  it('are the mean and population deviation of each channel', () => {
    const images = fc.array(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(images, (pixels) => {
        const histograms = emptyHistograms(3);
        countPixels(histograms, Uint8Array.from(pixels.flat()));
        const { mean, deviation } = statisticsOf(histograms);
        for (const channel of [0, 1, 2] as const) {
          const values = pixels.map((pixel) => pixel[channel]);
          const average = values.reduce((sum, value) => sum + value, 0) / values.length;
          const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
          expect(mean[channel]).toBeCloseTo(average, 10);
          expect(deviation[channel]).toBeCloseTo(Math.max(MIN_DEVIATION, Math.sqrt(variance)), 10);
        }
      }),
    );
  });

  it('never give a deviation below one grey level', () => {
    const histograms = emptyHistograms(1);
    countPixels(histograms, new Uint8Array(1000).fill(9));
    expect(statisticsOf(histograms)).toEqual({ mean: [9], deviation: [1] });
  });

  it('stay exact over billions of pixels', () => {
    const counts = new Float64Array(256);
    counts[254] = 3e9;
    counts[255] = 1e9;
    const { mean, deviation } = statisticsOf([counts.map((count, value) => (value >= 254 ? count : 0))]);
    expect(mean).toEqual([254.25]);
    expect(deviation).toEqual([1]);
    counts[0] = 4e9;
    expect(statisticsOf([counts]).deviation[0]).toBeCloseTo(Math.sqrt(127.125 ** 2 + 0.09375), 10);
  });
});

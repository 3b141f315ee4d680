import { describe, expect, it } from 'vitest';
import { Affine } from './affine.ts';
import { changeBrightness, changeContrast, changeHue, changeSaturation, makeGrey } from './colour.ts';
import { createWorkspace, type Picture as Image, type Workspace } from './image.ts';
import { augmented } from './testing/augmented.ts';
import { autoContrast, changeSharpness, equalize, posterize, solarize } from './toneCurves.ts';
import { smooth } from './transforms/blur.ts';
import { warp } from './warp.ts';

/*
 * Goldens of Pillow 9 (ImageEnhance, ImageOps), Python's colorsys, and torch 1.13 (conv2d over reflect padding,
 * grid_sample), on one image of 5 x 6 pixels. Pillow truncates where NormLab rounds, so values differ by at most 1.
 */
const SIZE = { height: 5, width: 6, channels: 3 };

function pattern(): Image {
  const pixels = Uint8Array.from({ length: 90 }, (_, at) => {
    const [row, column, channel] = [Math.floor(at / 18), Math.floor(at / 3) % 6, at % 3];
    return (row * 53 + column * 29 + channel * 71 + ((row * column * channel) % 7) * 13) % 256;
  });
  return { ...SIZE, pixels };
}

const bytes = (text: string): number[] => text.split(' ').map(Number);

const CASES: Readonly<Record<string, [(image: Image, workspace: Workspace) => void, string, number]>> = {
  'brightness by 1.4': [
    (picture, workspace) => changeBrightness(picture, 1.4, workspace),
    '0 99 198 40 140 239 81 180 255 121 221 255 162 255 2 203 255 43 74 173 255 114 232 255 155 255 68 196 255 145 236 50 95 255 109 172 148 247 255 189 255 102 229 43 88 255 120 201 255 70 187 255 147 255 222 255 63 255 58 212 255 154 235 255 121 255 26 217 255 67 184 255 255 37 137 255 151 196 19 137 254 60 250 255 100 236 14 141 255 72',
    1,
  ],
  'contrast by 0.6': [
    (picture, workspace) => changeContrast(picture, 0.6, workspace),
    '52 95 138 70 112 155 87 130 172 105 147 190 122 165 54 139 182 71 84 127 169 102 152 202 119 177 82 136 202 115 154 74 93 171 99 126 116 159 201 133 192 96 151 71 90 168 104 139 186 82 133 203 115 181 148 190 79 165 78 144 183 118 153 200 105 163 64 145 172 81 132 182 180 69 111 197 117 136 61 111 162 78 160 187 96 154 58 113 202 84',
    1,
  ],
  'saturation by 1.7': [
    (picture) => changeSaturation(picture, 1.7),
    '0 80 200 0 109 229 17 138 255 46 167 255 95 216 0 124 245 0 12 133 253 34 177 255 76 240 0 98 255 36 232 5 60 253 49 125 65 186 255 100 255 0 227 0 55 240 58 157 255 7 150 255 65 252 138 255 0 251 2 189 255 82 181 255 45 210 0 180 255 0 143 255 255 0 103 255 77 132 0 109 252 0 204 255 37 201 0 43 255 0',
    1,
  ],
  'hue by a fifth': [
    (picture) => changeHue(picture, 0.2),
    '99 0 142 128 29 171 157 58 200 186 87 229 2 187 110 31 216 139 152 53 195 200 82 250 49 208 178 104 250 243 169 164 36 198 177 78 205 106 248 73 232 202 164 159 31 193 156 86 222 172 50 251 170 105 45 230 153 188 107 42 217 180 110 246 181 87 100 19 200 166 48 216 212 178 27 241 236 108 132 14 182 124 43 224 10 169 139 52 250 241',
    0,
  ],
  grey: [
    (picture) => makeGrey(picture),
    '58 58 58 87 87 87 116 116 116 145 145 145 145 145 145 174 174 174 111 111 111 150 150 150 161 161 161 200 200 200 79 79 79 119 119 119 164 164 164 185 185 185 74 74 74 125 125 125 111 111 111 161 161 161 188 188 188 98 98 98 149 149 149 146 146 146 119 119 119 116 116 116 90 90 90 151 151 151 82 82 82 143 143 143 122 122 122 183 183 183',
    0,
  ],
  'sharpness by 1.9': [
    (picture, workspace) => changeSharpness(picture, 1.9, workspace),
    '0 71 142 29 100 171 58 129 200 87 158 229 116 187 2 145 216 31 53 124 195 82 184 255 111 243 0 140 255 100 169 0 37 198 78 123 106 177 248 135 255 32 164 0 19 211 69 156 255 13 121 251 105 215 159 230 45 206 0 165 252 110 180 255 74 208 0 167 228 48 132 216 212 27 98 241 108 140 14 98 182 43 179 224 72 169 10 101 250 52',
    1,
  ],
  'posterize to 4 bits': [
    (picture) => posterize(picture, 4),
    '0 64 128 16 96 160 48 128 192 80 144 224 112 176 0 144 208 16 48 112 192 80 160 240 96 208 48 128 240 96 160 32 64 192 64 112 96 176 240 128 224 64 160 16 48 192 80 144 208 48 128 240 96 208 144 224 32 176 32 144 208 96 160 240 80 176 16 144 192 48 128 208 208 16 96 240 96 128 0 96 176 32 176 224 64 160 0 96 240 48',
    0,
  ],
  'solarize from 128': [
    (picture, workspace) => solarize(picture, 128, workspace),
    '0 71 113 29 100 84 58 126 55 87 97 26 116 68 2 110 39 31 53 124 60 82 89 5 111 47 49 115 5 104 86 36 68 57 78 123 106 78 7 120 23 73 91 31 63 62 86 111 33 50 121 4 105 40 96 25 45 67 42 103 38 110 87 9 87 71 19 100 55 48 123 39 43 27 98 14 108 115 14 98 73 43 76 31 72 86 10 101 5 52',
    0,
  ],
  autocontrast: [
    (picture, workspace) => autoContrast(picture, workspace),
    '0 50 143 29 83 173 58 116 203 88 149 233 117 182 0 147 216 29 53 110 198 83 158 255 112 206 48 142 255 104 171 10 67 201 58 124 107 171 252 137 234 73 166 4 62 196 67 146 225 26 135 255 89 219 161 232 44 190 17 154 220 94 170 249 68 187 19 146 203 48 120 220 215 0 98 244 92 141 14 81 185 43 173 228 73 162 8 102 255 51',
    0,
  ],
  'blur of 0.8 px': [
    (picture, workspace) => smooth(picture, 0.8, workspace),
    '45 119 183 59 135 177 87 161 152 116 167 127 143 141 80 158 134 65 71 144 186 86 152 166 113 158 126 141 151 115 166 113 100 179 102 101 122 166 157 135 151 136 159 119 116 173 108 131 171 96 145 174 96 158 170 136 121 172 116 131 168 101 150 153 112 162 113 131 157 100 141 159 193 106 113 181 98 136 143 106 168 116 131 169 83 158 134 73 172 123',
    0,
  ],
};

function largestDifference(a: Uint8Array, b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(...b.map((value, at) => Math.abs(value - (a[at] ?? NaN))));
}

describe('against Pillow, colorsys and torch', () => {
  it.each(Object.entries(CASES))('%s', (_, [change, golden, tolerance]) => {
    const picture = pattern();
    change(picture, createWorkspace(SIZE, [0, 0, 0]));
    expect(largestDifference(picture.pixels, bytes(golden))).toBeLessThanOrEqual(tolerance);
  });

  it('equalize of a grey picture', () => {
    const size = { height: 40, width: 40, channels: 1 };
    const pixels = Uint8Array.from({ length: 1600 }, (_, at) => {
      const [row, column] = [Math.floor(at / 40), at % 40];
      return ((row * row * 3 + column * 5) % 97) + 40;
    });
    equalize({ ...size, pixels }, createWorkspace(size, [0]));
    const corner = [0, 1, 2].flatMap((row) => [...pixels.subarray(row * 40, row * 40 + 8)]);
    expect(corner).toEqual(
      bytes('0 14 28 42 56 69 83 97 9 23 37 50 64 78 91 105 34 48 61 75 88 102 116 129'),
    );
  });

  it.each([
    [
      'black',
      '24 57 90 45 120 194 54 131 181 63 130 198 57 100 108 32 51 2 82 140 197 105 191 168 114 171 101 123 225 98 132 149 91 142 172 33',
    ],
    [
      'edge',
      '52 123 194 45 120 194 54 131 181 66 137 208 94 165 178 121 192 7 102 173 244 105 191 168 114 171 101 123 225 98 132 149 91 142 172 33',
    ],
  ] as const)('a turn by 20 degrees over a border of %s', (border, golden) => {
    const map = new Affine();
    map.turn(20);
    const into = new Uint8Array(90);
    warp(pattern().pixels, 0, into, SIZE, map, { border, fill: new Uint8Array(3) });
    expect(largestDifference(into.subarray(0, 36), bytes(golden))).toBe(0);
  });
});

describe('pixel transforms', () => {
  const always = { probability: 1 };
  const source = pattern().pixels;

  it('settings that do nothing change no byte', () => {
    const nothing = {
      colorJitter: { brightness: 0, contrast: 0, saturation: 0, hue: 0, ...always },
      grayscale: { probability: 0 },
      blur: { minSigma: 0, maxSigma: 0, ...always },
      noise: { sigma: 0, ...always },
    };
    for (let sample = 0; sample < 20; sample += 1)
      expect(augmented(source, SIZE, nothing, { sample })).toEqual(source);
  });

  it('jitter draws factors over its whole range and no further', () => {
    const grey = new Uint8Array(90).fill(100);
    const jitter = { brightness: 0.3, contrast: 0, saturation: 0, hue: 0, ...always };
    const seen = Array.from(
      { length: 500 },
      (_, sample) => augmented(grey, SIZE, { colorJitter: jitter }, { sample })[0] ?? 0,
    );
    expect([Math.min(...seen), Math.max(...seen)]).toEqual([70, 130]);
  });

  it('noise has the deviation asked for, and mean 0', () => {
    const size = { height: 64, width: 64, channels: 3 };
    const noisy = augmented(new Uint8Array(64 * 64 * 3).fill(128), size, {
      noise: { sigma: 0.05, ...always },
    });
    const mean = noisy.reduce((sum, value) => sum + value, 0) / noisy.length;
    const variance = noisy.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noisy.length;
    expect(mean).toBeCloseTo(128, 0);
    expect(Math.sqrt(variance) / 255).toBeCloseTo(0.05, 2);
  });

  it('cutout covers one square of the mean, wholly or up to the edge', () => {
    const size = { height: 8, width: 8, channels: 1 };
    const white = new Uint8Array(64).fill(255);
    const cut = { size: 0.5, holes: 1, fill: 'mean', ...always } as const;
    const areas = Array.from({ length: 300 }, (_, sample) => {
      const seen = augmented(white, size, { cutout: cut }, { sample, mean: [90.4] });
      expect(new Set(seen)).toEqual(new Set([255, 90]));
      return seen.filter((value) => value === 90).length;
    });
    expect([Math.min(...areas), Math.max(...areas)]).toEqual([4, 16]);
  });

  it('RandAugment draws every operation', () => {
    const distinct = new Set(
      Array.from({ length: 300 }, (_, sample) =>
        augmented(source, SIZE, { randAugment: { ops: 1, magnitude: 15 } }, { sample }).join(),
      ),
    );
    // 9 operations with two signs, 3 with one, and the unchanged image: from identity, and from equalize, which has no
    // effect on 30 pixels.
    expect(distinct.size).toBe(22);
  });
});

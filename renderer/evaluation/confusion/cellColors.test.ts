import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COLOR_STEPS, colorScale, stepOf } from './cellColors.ts';

const css = readFileSync(new URL('../../ui/styles/tokens.css', import.meta.url), 'utf8');
const [dark = '', light = ''] = css.split(":root[data-theme='light']");

function token(theme: 'dark' | 'light', name: string): string {
  const found = new RegExp(`--${name}:\\s*(#[0-9a-f]{6});`).exec(theme === 'dark' ? dark : light);
  if (found?.[1] === undefined) throw new Error(`no token --${name}`);
  return found[1];
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe.each(['dark', 'light'] as const)('the colours of cells in the %s theme', (theme) => {
  it.each(['accent', 'warn'])('--%s: numbers read on every step, and the steps go one way', (name) => {
    const scale = colorScale(token(theme, 'panel'), token(theme, name));
    expect(scale).toHaveLength(COLOR_STEPS);
    for (const { fill, ink } of scale) expect(contrast(fill, ink), fill).toBeGreaterThanOrEqual(4.5);
    const distances = scale.map(({ fill }) => contrast(fill, token(theme, 'panel')));
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    expect(distances[0]).toBeGreaterThan(1.05);
    expect(scale.at(-1)?.fill).toBe(token(theme, name));
  });
});

describe('stepOf', () => {
  it('goes from the first step at 0 to the last one at the largest value', () => {
    expect(stepOf(0, 9)).toBe(0);
    expect(stepOf(9, 9)).toBe(COLOR_STEPS - 1);
    expect(stepOf(9 / 4, 9)).toBe(Math.round((COLOR_STEPS - 1) / 2));
    expect(stepOf(0, 0)).toBe(0);
  });
});

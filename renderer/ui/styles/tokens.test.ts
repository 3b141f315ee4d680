import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COLOR_COUNT } from '../../runs/runColors.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** Tokens of one theme: the light block overrides the dark one. */
function tokensOf(theme: 'dark' | 'light'): Map<string, string> {
  const [dark = '', light = ''] = css.split(":root[data-theme='light']");
  const text = theme === 'dark' ? dark : dark + light;
  return new Map([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1] ?? '', m[2] ?? '']));
}

/** Red, green and blue of `#rrggbb` as linear light, 0 to 1. */
function linear(hex: string): number[] {
  return [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
}

/** Relative luminance of `#rrggbb`; WCAG 2.2, "relative luminance". */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * Perceived distance of two colours in OKLab, after Björn Ottosson, "A perceptual color space for image processing"
 * (2020).
 */
function distance(a: string, b: string): number {
  const [first, second] = [oklab(a), oklab(b)];
  return Math.hypot(...first.map((value, i) => value - (second[i] ?? NaN)));
}

function oklab(hex: string): number[] {
  const [r = 0, g = 0, b = 0] = linear(hex);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const TEXT = ['text', 'dim', 'faint', 'accent', 'ok', 'warn', 'bad', 'wire'];

describe.each(['dark', 'light'] as const)('the %s theme', (theme) => {
  const tokens = tokensOf(theme);
  const colour = (name: string): string => {
    const hex = tokens.get(name);
    if (!hex) throw new Error(`no token --${name}`);
    return hex;
  };
  const names = [...tokens.keys()].filter((name) => /^(family|series)-/.test(name));

  it.each([...TEXT, ...names])('--%s reads on every ground: texts at 4.5:1, lines at 3:1', (name) => {
    const least = name === 'wire' || name.startsWith('series-') ? 3 : 4.5;
    for (const ground of ['bg', 'panel', 'raised']) {
      expect(contrast(colour(name), colour(ground)), `on --${ground}`).toBeGreaterThanOrEqual(least);
    }
  });

  it('has a colour for each run drawn together, and no two of them look alike', () => {
    const series = names.filter((name) => name.startsWith('series-'));
    expect(series).toHaveLength(COLOR_COUNT);
    for (const [index, name] of series.entries()) {
      for (const other of series.slice(0, index)) {
        expect(distance(colour(name), colour(other)), `--${name} and --${other}`).toBeGreaterThan(0.08);
      }
    }
  });

  it('inks read on their grounds', () => {
    expect(contrast(colour('accent-ink'), colour('accent'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour('warn-ink'), colour('warn'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour('bad-ink'), colour('bad'))).toBeGreaterThanOrEqual(4.5);
  });

  it('has a colour for each family', () => {
    expect(names.filter((name) => name.startsWith('family-'))).toHaveLength(10);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** Tokens of one theme: the light block stands over the dark one. */
function tokensOf(theme: 'dark' | 'light'): Map<string, string> {
  const [dark = '', light = ''] = css.split(":root[data-theme='light']");
  const text = theme === 'dark' ? dark : dark + light;
  return new Map([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1] ?? '', m[2] ?? '']));
}

/** Relative luminance of `#rrggbb`; WCAG 2.2, "relative luminance". */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
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

  it.each([...TEXT, ...names])('--%s reads at 4.5:1 on every ground', (name) => {
    for (const ground of ['bg', 'panel', 'raised']) {
      expect(contrast(colour(name), colour(ground)), `on --${ground}`).toBeGreaterThanOrEqual(
        name === 'wire' ? 3 : 4.5,
      );
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

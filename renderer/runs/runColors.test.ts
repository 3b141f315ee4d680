import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLOR_COUNT, colorsOf, colorsWith, colorToken, type RunColors } from './runColors.ts';

const IDS = Array.from({ length: 7 }, (_, i) => `run-${i}`);

describe('colours of runs', () => {
  it('are distinct for as many runs as there are colours', () => {
    const many = Array.from({ length: COLOR_COUNT }, (_, i) => `r${i}`);
    expect(new Set(colorsOf(many, new Map()).values()).size).toBe(COLOR_COUNT);
  });

  it('stay with a run when others come and go', () => {
    const first = colorsOf(IDS, new Map());
    const later = colorsOf([...IDS.slice(2), 'new'], first);
    for (const id of IDS.slice(2)) expect(later.get(id)).toBe(first.get(id));
    expect(later.has('run-0')).toBe(false);
    expect(new Set(later.values()).size).toBe(later.size);
  });

  it('do not depend on the order in which runs are drawn', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(IDS, { minLength: 7 }), (order) => {
        const known = colorsOf(IDS, new Map());
        const drawn: string[] = [];
        let colors = known;
        for (const id of order) {
          colors = colorsWith(id, drawn, colors);
          drawn.push(id);
        }
        expect(new Map(colors)).toEqual(new Map(known));
      }),
    );
  });

  it('are distinct among those drawn, also where more runs exist than colours', () => {
    const ids = Array.from({ length: 60 }, (_, i) => `r${i}`);
    fc.assert(
      fc.property(fc.shuffledSubarray(ids, { minLength: 2, maxLength: COLOR_COUNT }), (order) => {
        let colors: RunColors = colorsOf(ids, new Map());
        const drawn: string[] = [];
        for (const id of order) {
          const before = drawn.map((other) => colors.get(other));
          colors = colorsWith(id, drawn, colors);
          expect(drawn.map((other) => colors.get(other))).toEqual(before);
          drawn.push(id);
        }
        expect(new Set(drawn.map((id) => colors.get(id))).size).toBe(drawn.length);
      }),
    );
  });

  it('are tokens of the theme', () => {
    expect(colorToken(0)).toBe('--series-1');
  });
});

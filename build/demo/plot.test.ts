import { describe, expect, it } from 'vitest';
import { drawPanel, type Panel } from './plot.ts';

const panel = (points: Panel['points'], top = 2): Panel => ({
  title: 'loss',
  points,
  top,
  label: (value) => value.toFixed(1),
});

describe('a curve in the terminal', () => {
  it('falls from the upper left to the lower right, every row touched', () => {
    const points = Array.from({ length: 101 }, (_, i) => ({ x: i / 100, y: 2 - i / 50 }));
    expect(drawPanel(panel(points), 15, 3)).toEqual([
      '       loss',
      '  2.0 ┤⠑⠤⡀     ',
      '      │  ⠈⠑⢄⡀  ',
      '      │     ⠈⠒⢄',
      '  0.0 └────────',
    ]);
  });

  it('joins points that are far apart, and ends where the run is', () => {
    const half = drawPanel(
      panel([
        { x: 0, y: 0 },
        { x: 0.4, y: 2 },
      ]),
      17,
      2,
    );
    expect(half[1]).toMatch(/^ {2}2\.0 ┤ *[⠀-⣿]+ *$/);
    expect(half[1]?.slice(12).trim()).toBe('');
    expect(half[2]?.[7]).not.toBe(' ');
  });

  it('averages what falls into one column of dots', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 0.01, y: 2 },
    ];
    // Their mean lies halfway up four lines: at the upper edge of the third.
    const lines = drawPanel(panel(points), 12, 4).slice(1, 5);
    expect(lines.map((line) => line.slice(7).trim())).toEqual(['', '', '⠁', '']);
  });

  it('keeps values beyond the scale at its edge, and an empty curve empty', () => {
    const above = drawPanel(panel([{ x: 0.5, y: 99 }]), 12, 2);
    expect(above[1]?.trim()).toMatch(/[⠁⠈]$/);
    expect(drawPanel(panel([]), 12, 2)).toEqual([
      '       loss',
      '  2.0 ┤     ',
      '      │     ',
      '  0.0 └─────',
    ]);
    expect(drawPanel(panel([{ x: 0, y: 0 }], 0), 12, 1)[1]).toContain('⡀');
  });
});

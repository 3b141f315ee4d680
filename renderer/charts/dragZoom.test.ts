import { describe, expect, it } from 'vitest';
import { dragZoom } from './dragZoom.ts';

const from = { x: 100, y: 100 };

describe('dragZoom', () => {
  it('zooms along the axis one drags along, and both along a diagonal', () => {
    expect(dragZoom(from, { x: 200, y: 110 })).toEqual({ x: { from: 100, to: 200 }, y: null });
    expect(dragZoom(from, { x: 90, y: 20 })).toEqual({ x: null, y: { from: 20, to: 100 } });
    expect(dragZoom(from, { x: 40, y: 150 })).toEqual({
      x: { from: 40, to: 100 },
      y: { from: 100, to: 150 },
    });
  });

  it('takes a short one for a click', () => {
    expect(dragZoom(from, { x: 105, y: 104 })).toBeNull();
    expect(dragZoom(from, from)).toBeNull();
  });
});

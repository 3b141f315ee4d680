import { describe, expect, it } from 'vitest';
import type { DrawnBlock } from '#core/contract/comparison.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import { areaOf, barLength, diffEdges, fittedView, nextDifferent, viewOf } from './diffFlow.ts';

function block(id: string, rest: Partial<DrawnBlock> = {}): DrawnBlock {
  return {
    ...{ id: toNodeId(id), state: 'same', a: toNodeId(id), b: toNodeId(id), kind: 'conv2d', otherKind: null },
    ...{
      params: {},
      differing: [],
      shape: [4, 6, 6],
      otherShape: null,
      parameterCount: 36,
      statisticCount: 0,
    },
    ...{ weights: { kind: 'none' }, inputs: ['in'], outputs: ['out'], corner: { x: 0, y: 0 } },
    ...rest,
  };
}
const differ = (relative: number) =>
  block('x', { weights: { kind: 'differ', tensors: 1, differing: 1, relative, notFinite: 0 } });

describe('the cards of the graph', () => {
  it('show a block as the editor does', () => {
    const view = viewOf(block('conv1', { params: { filters: 8, trainWeights: false } }));
    expect([view.family, view.isFrozen, view.diagnostics]).toEqual(['convolution', true, []]);
    expect(view.summary.length).toBeGreaterThan(0);
    expect(viewOf(block('odd', { kind: 'unknown' })).definition).toBeUndefined();
  });

  it('have a bar by the logarithm of the relative difference', () => {
    expect(barLength(block('x'))).toBe(0);
    expect(barLength(differ(1))).toBe(1);
    expect(barLength(differ(3))).toBe(1);
    expect(barLength(differ(1e-9))).toBe(0.04);
    expect(barLength(differ(1e-2))).toBeGreaterThan(barLength(differ(1e-4)));
  });

  it('are gone through by their differences, around the end', () => {
    const blocks = [block('a', { state: 'changed' }), block('b'), block('c', { state: 'onlyB' }), block('d')];
    expect(nextDifferent(blocks, null)).toBe('a');
    expect(nextDifferent(blocks, toNodeId('a'))).toBe('c');
    expect(nextDifferent(blocks, toNodeId('d'))).toBe('a');
    expect(nextDifferent([block('b')], null)).toBeNull();
  });

  it('take up an area to which the canvas fits', () => {
    const far = block('b', { corner: { x: 300, y: -50 } });
    const area = areaOf([block('a'), far]);
    expect(area).toEqual({ x: 0, y: -50, width: 484, height: 122 });
    const view = fittedView({ width: 282, height: 400 }, area, 0.05);
    expect(view).toEqual({ x: 20, y: 16 + (336 - 61) / 2 + 25, zoom: 0.5 });
    expect(fittedView({ width: 900, height: 900 }, area, 0.05).zoom).toBe(1);
    expect(fittedView({ width: 50, height: 60 }, area, 0.05).zoom).toBe(0.05);
  });

  it('are joined by wires of their state, two to one port where the sources differ', () => {
    const end = (id: string, port: string) => ({ block: toNodeId(id), port });
    const edges = diffEdges([
      { state: 'onlyA', from: end('a', 'out'), to: end('c', 'in'), route: [] },
      { state: 'onlyB', from: end('b', 'out'), to: end('c', 'in'), route: [] },
    ]);
    expect(edges.map(({ class: state, targetHandle }) => [state, targetHandle])).toEqual([
      ['onlyA', 'in'],
      ['onlyB', 'in'],
    ]);
    expect(new Set(edges.map(({ id }) => id)).size).toBe(2);
  });
});

import { describe, expect, it } from 'vitest';
import { asText, nextOrder, rowsInView, type Row } from './row.ts';

const row = (name: string, figure: number, differs = true): Row => ({
  ...{ key: name, block: null, differs },
  cells: [{ text: name }, { text: figure.toExponential(2), sort: figure }],
});
const rows = [row('conv10.weights', 0.5), row('conv2.weights', 20), row('bn1.mean', 0, false)];
const view = (asked: Partial<Parameters<typeof rowsInView>[1]>): string[] =>
  rowsInView(rows, { query: '', onlyDiffering: false, order: null, ...asked }).map(({ key }) => key);

describe('the rows of a table', () => {
  it('are searched by name and limited to what differs', () => {
    expect(view({})).toEqual(['conv10.weights', 'conv2.weights', 'bn1.mean']);
    expect(view({ query: ' CONV2 ' })).toEqual(['conv2.weights']);
    expect(view({ onlyDiffering: true })).toEqual(['conv10.weights', 'conv2.weights']);
  });

  it('are sorted by figures, and by names with their numbers', () => {
    expect(view({ order: { column: 1, isDown: true } })[0]).toBe('conv2.weights');
    expect(view({ order: { column: 0, isDown: false } })).toEqual([
      'bn1.mean',
      'conv2.weights',
      'conv10.weights',
    ]);
  });

  it('change their order with each click: largest first for figures, then the other way, then as they came', () => {
    const first = nextOrder(null, 1, true);
    expect(first).toEqual({ column: 1, isDown: true });
    expect(nextOrder(first, 1, true)).toEqual({ column: 1, isDown: false });
    expect(nextOrder({ column: 1, isDown: false }, 1, true)).toBeNull();
    expect(nextOrder(first, 0, false)).toEqual({ column: 0, isDown: false });
  });

  it('are copied as lines of cells', () => {
    expect(
      asText(
        [
          { key: 'n', label: 'Tensor' },
          { key: 'f', label: 'Max' },
        ],
        [row('a\tb', 1)],
      ),
    ).toBe('Tensor\tMax\na b\t1.00e+0');
  });
});

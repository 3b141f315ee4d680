import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderClasses } from './classOrders.ts';
import { orderByConfusion } from './orderByConfusion.ts';
import { sampleJudgement } from './testing/sampleJudgement.ts';

type Cell = [number, number, number];

/** 10 images of each class, `wrong` of them given to the class that `partnerOf` names. */
function pairedCells(classes: number, wrong: number, partnerOf: (k: number) => number): Cell[] {
  return Array.from({ length: classes }, (_, k): Cell[] => [
    [k, k, 10 - wrong],
    [k, partnerOf(k), wrong],
  ]).flat();
}

describe('orderByConfusion', () => {
  it('makes neighbours of classes that are confused', () => {
    const order = orderByConfusion(
      pairedCells(8, 3, (k) => (k + 4) % 8),
      8,
    );
    expect([...order]).toEqual([0, 4, 1, 5, 2, 6, 3, 7]);
  });

  it('puts the clusters with the most confused images first, and classes without confusion last', () => {
    const cells: Cell[] = [
      [0, 0, 9],
      [1, 1, 8],
      [1, 4, 1],
      [2, 2, 4],
      [2, 3, 6],
      [3, 3, 7],
      [4, 4, 9],
    ];
    expect([...orderByConfusion(cells, 5)]).toEqual([2, 3, 1, 4, 0]);
  });

  it('joins clusters at their most similar ends', () => {
    // A path 3 - 0 - 2 - 1: each class is confused with its neighbours on the path only.
    const path = [3, 0, 2, 1];
    const cells = path.flatMap((k, at): Cell[] => [
      [k, k, 100],
      ...(at > 0 ? [[k, path[at - 1] ?? 0, 10 + at] satisfies Cell] : []),
    ]);
    const order = [...orderByConfusion(cells, 4)];
    expect([path, path.toReversed()]).toContainEqual(order);
  });

  it('is a permutation for any matrix, and the same one each time', () => {
    const matrices = fc
      .integer({ min: 1, max: 30 })
      .chain((classes) =>
        fc.tuple(
          fc.constant(classes),
          fc.array(fc.tuple(fc.nat(classes - 1), fc.nat(classes - 1), fc.integer({ min: 1, max: 50 }))),
        ),
      );
    fc.assert(
      fc.property(matrices, ([classes, cells]) => {
        const order = orderByConfusion(cells, classes);
        expect([...order].sort((a, b) => a - b)).toEqual([...Array(classes).keys()]);
        expect(orderByConfusion(cells, classes)).toEqual(order);
      }),
    );
  });

  it('finds groups hidden among 1,000 classes in less than 200 ms', () => {
    const group = (k: number): number => (k * 7) % 100;
    const cells = Array.from({ length: 1000 }, (_, k): Cell[] =>
      Array.from({ length: 10 }, (_, at): Cell => [k, (k + 100 * at) % 1000, at === 0 ? 30 : at]),
    ).flat();
    const times = [0, 1, 2].map(() => {
      const start = performance.now();
      orderByConfusion(cells, 1000);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(200);
    const groups = [...orderByConfusion(cells, 1000)].map(group);
    const changes = groups.filter((value, at) => at > 0 && value !== groups[at - 1]).length;
    expect(changes).toBe(99);
  });
});

describe('orderClasses', () => {
  it('orders by name with numbers by value, by images, and by recall from the least', async () => {
    const { record } = await sampleJudgement(200, 12);
    const names = (order: Parameters<typeof orderClasses>[1]): string[] =>
      [...orderClasses(record, order)].map((k) => record.classNames[k] ?? '');
    expect(names('name').slice(0, 3)).toEqual(['class 0', 'class 1', 'class 2']);
    expect(names('name')[11]).toBe('class 11');
    const { perClass } = record.figures;
    const supports = [...orderClasses(record, 'support')].map((k) => perClass[k]?.support ?? 0);
    expect(supports).toEqual(supports.toSorted((a, b) => b - a));
    const recalls = [...orderClasses(record, 'recall')].map((k) => perClass[k]?.recall?.value ?? 2);
    expect(recalls).toEqual(recalls.toSorted((a, b) => a - b));
    expect(names('confusion').toSorted()).toEqual(record.classNames.toSorted());
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../diagnostics/ids.ts';
import type { Activation, ConvAttributes } from '../../program/instruction.ts';
import { openStream } from '../../training/random.ts';
import { expectAllClose } from '../../conformance/expectAllClose.ts';
import { F64_TOLERANCES } from '../../conformance/tolerances.ts';
import { CROSS_ENTROPY } from '../../program/loss.ts';
import { runKernel, tensor } from './testing/runKernel.ts';

const node = 'block' as NodeId;
const PLAIN = { kernel: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0], dilation: [1, 1] } as const;
const GRID = [1, 2, 3, 4, 5, 6, 7, 8, 9];

function randomValues(count: number, purpose: string): number[] {
  const random = openStream(5, purpose);
  return Array.from({ length: count }, () => random.normal());
}

describe('convolution', () => {
  /** One output value, computed by the definition. */
  function definedAt(
    attributes: ConvAttributes,
    src: { values: readonly number[]; channels: number; height: number; width: number },
    weights: { values: readonly number[]; perGroup: number; filtersPerGroup: number },
    [n, o, y, x]: readonly [number, number, number, number],
  ): number {
    const [kernelY, kernelX] = attributes.kernel;
    const firstChannel = Math.floor(o / weights.filtersPerGroup) * weights.perGroup;
    let sum = 0;
    for (let c = 0; c < weights.perGroup; c += 1) {
      for (let i = 0; i < kernelY; i += 1) {
        for (let j = 0; j < kernelX; j += 1) {
          const row = y * attributes.stride[0] + i * attributes.dilation[0] - attributes.padding[0];
          const column = x * attributes.stride[1] + j * attributes.dilation[1] - attributes.padding[1];
          if (row < 0 || row >= src.height || column < 0 || column >= src.width) continue;
          const pixel = ((n * src.channels + firstChannel + c) * src.height + row) * src.width + column;
          const weight = ((o * weights.perGroup + c) * kernelY + i) * kernelX + j;
          sum += (src.values[pixel] ?? NaN) * (weights.values[weight] ?? NaN);
        }
      }
    }
    return sum;
  }

  const two = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
  const pad = fc.integer({ min: 0, max: 2 });
  const convolution = fc.record({
    kernel: two,
    stride: two,
    dilation: two,
    padding: fc.tuple(pad, pad, pad, pad),
    groups: fc.integer({ min: 1, max: 3 }),
    perGroup: fc.integer({ min: 1, max: 3 }),
    filtersPerGroup: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 5, max: 8 }),
    width: fc.integer({ min: 5, max: 8 }),
    batch: fc.integer({ min: 1, max: 2 }),
  });

  it('is its definition, whatever the window', () => {
    fc.assert(
      fc.property(convolution, ({ perGroup, filtersPerGroup, height, width, batch, ...attributes }) => {
        const { kernel, stride, dilation, padding, groups } = attributes;
        const out = (axis: 0 | 1, size: number): number => {
          const room =
            size + padding[axis] + (padding[axis + 2] ?? 0) - (kernel[axis] - 1) * dilation[axis] - 1;
          return Math.floor(room / stride[axis]) + 1;
        };
        const [rows, columns] = [out(0, height), out(1, width)];
        fc.pre(rows > 0 && columns > 0);
        const [channels, filters] = [groups * perGroup, groups * filtersPerGroup];
        const src = {
          values: randomValues(batch * channels * height * width, 'src'),
          channels,
          height,
          width,
        };
        const weights = {
          values: randomValues(filters * perGroup * kernel[0] * kernel[1], 'weights'),
          perGroup,
          filtersPerGroup,
        };
        const bias = randomValues(filters, 'bias');
        const operands = { src: tensor(0), weights: tensor(1), bias: tensor(2), dst: tensor(3) };
        const [, , , dst = []] = runKernel({ op: 'convForward', node, ...operands, ...attributes }, batch, [
          { dims: [channels, height, width], values: src.values },
          { dims: [filters, perGroup, ...kernel], values: weights.values },
          { dims: [filters], values: bias },
          { dims: [filters, rows, columns] },
        ]);
        const expected = Array.from(dst, (_, index) => {
          const x = index % columns;
          const y = Math.floor(index / columns) % rows;
          const o = Math.floor(index / columns / rows) % filters;
          const n = Math.floor(index / columns / rows / filters);
          return (bias[o] ?? NaN) + definedAt(attributes, src, weights, [n, o, y, x]);
        });
        expectAllClose(dst, expected, F64_TOLERANCES.outputs, 'dst');
      }),
      { numRuns: 60 },
    );
  });
});

describe('dense', () => {
  it('multiplies by the rows of its weights', () => {
    const operands = { src: tensor(0), weights: tensor(1), bias: tensor(2), dst: tensor(3) };
    const [, , , dst] = runKernel({ op: 'denseForward', node, ...operands }, 2, [
      { dims: [3], values: [1, 2, 3, -1, 0, 1] },
      { dims: [2, 3], values: [1, 10, 100, 2, 20, 200] },
      { dims: [2], values: [0.5, -0.5] },
      { dims: [2] },
    ]);
    expect(Array.from(dst ?? [])).toEqual([321.5, 641.5, 99.5, 197.5]);
  });
});

describe('pooling', () => {
  const srcAndDst = { src: tensor(0), dst: tensor(1) };
  it('takes the first of equal maxima in row order', () => {
    const instruction = { op: 'maxPoolForward', node, ...srcAndDst, indices: tensor(2), ...PLAIN } as const;
    const [, dst, indices] = runKernel(instruction, 1, [
      { dims: [1, 2, 4], values: [7, 7, 1, 5, 7, 7, 5, 5] },
      { dims: [1, 1, 2] },
      { dims: [1, 1, 2] },
    ]);
    expect(Array.from(dst ?? [])).toEqual([7, 5]);
    expect(Array.from(indices ?? [])).toEqual([0, 3]);
  });
  it('never lets padding win, not even over negative values', () => {
    const window = { ...PLAIN, padding: [1, 1, 0, 0] } as const;
    const instruction = { op: 'maxPoolForward', node, ...srcAndDst, indices: null, ...window } as const;
    const values = GRID.map((value) => -value);
    const [, dst] = runKernel(instruction, 1, [{ dims: [1, 3, 3], values }, { dims: [1, 2, 2] }]);
    expect(Array.from(dst ?? [])).toEqual([-1, -2, -4, -5]);
  });
  it('leaves padding out of the mean, or counts it as zeros', () => {
    const window = { ...PLAIN, padding: [1, 1, 0, 0] } as const;
    const tensors = [{ dims: [1, 3, 3], values: GRID }, { dims: [1, 2, 2] }];
    const meansWith = (countPadding: boolean): number[] => {
      const instruction = { op: 'averagePoolForward', node, ...srcAndDst, ...window, countPadding } as const;
      return Array.from(runKernel(instruction, 1, tensors)[1] ?? []);
    };
    expect(meansWith(false)).toEqual([1, 2.5, 5.5, 7]);
    expect(meansWith(true)).toEqual([0.25, 1.25, 2.75, 7]);
  });
  it('averages adaptive windows: 7 from 4 and 5 from 13, as torch.nn.functional.adaptive_avg_pool2d 2.15', () => {
    const pool = (values: readonly number[], size: number): number[] => {
      const instruction = { op: 'adaptiveAveragePoolForward', node, ...srcAndDst } as const;
      const src = { dims: [1, 1, values.length], values };
      return Array.from(runKernel(instruction, 1, [src, { dims: [1, 1, size] }])[1] ?? []);
    };
    const spread = (values: readonly number[], size: number): number[] => {
      const operands = { diffDst: tensor(0), diffSrc: tensor(1) };
      const instruction = { op: 'adaptiveAveragePoolBackward', node, ...operands } as const;
      const diffDst = { dims: [1, 1, values.length], values };
      return Array.from(runKernel(instruction, 1, [diffDst, { dims: [1, 1, size] }])[1] ?? []);
    };
    expect(pool([1, 2, 3, 4], 7)).toEqual([1, 1.5, 2, 2.5, 3, 3.5, 4]);
    expect(spread([1, 2, 3, 4, 5, 6, 7], 4)).toEqual([2, 6, 10, 10]);
    const squares = Array.from({ length: 13 }, (_, i) => i * i);
    const exactly = { relative: 1e-15, absolute: 0 };
    expectAllClose(pool(squares, 5), [5 / 3, 13.5, 110 / 3, 73.5, 365 / 3], exactly, 'means');
    const shares = [1 / 3, 1 / 3, 5 / 6, 0.5, 0.5, 1.5, 1, 2, 1, 1, 8 / 3, 5 / 3, 5 / 3];
    expectAllClose(spread([1, 2, 3, 4, 5], 13), shares, exactly, 'shares');
  });
  it('averages whole planes', () => {
    const instruction = { op: 'globalAveragePoolForward', node, ...srcAndDst } as const;
    const [, dst] = runKernel(instruction, 1, [
      { dims: [2, 1, 3], values: [1, 2, 6, 0, -3, 0] },
      { dims: [2] },
    ]);
    expect(Array.from(dst ?? [])).toEqual([3, -1]);
  });
});

describe('activations', () => {
  /** Values at x = -1 and x = 2 by the functions' definitions. */
  const VALUES: Readonly<Record<Activation, readonly [alpha: number, atMinusOne: number, atTwo: number]>> = {
    relu: [0, 0, 2],
    relu6: [0, 0, 2],
    leakyRelu: [0.1, -0.1, 2],
    elu: [2, 2 * (Math.exp(-1) - 1), 2],
    gelu: [0, -0.15865525393145707, 1.9544997361036416],
    geluTanh: [0, -0.15880800939172324, 1.954597694087775],
    silu: [0, -0.2689414213699951, 1.7615941559557649],
    hardSwish: [0, -1 / 3, 5 / 3],
    sigmoid: [0, 0.2689414213699951, 0.8807970779778823],
    hardSigmoid: [0, 1 / 3, 5 / 6],
    tanh: [0, -0.7615941559557649, 0.9640275800758169],
  };
  it.each(Object.entries(VALUES) as [Activation, (typeof VALUES)[Activation]][])(
    '%s',
    (fn, [alpha, low, high]) => {
      const instruction = {
        op: 'activationForward',
        node,
        fn,
        alpha,
        src: tensor(0),
        dst: tensor(1),
      } as const;
      const [, dst = []] = runKernel(instruction, 1, [{ dims: [2], values: [-1, 2] }, { dims: [2] }]);
      expectAllClose(dst, [low, high], { relative: 1e-14, absolute: 0 }, fn);
    },
  );
  it('sigmoid and silu survive large values', () => {
    for (const fn of ['sigmoid', 'silu'] as const) {
      const instruction = {
        op: 'activationForward',
        node,
        fn,
        alpha: 0,
        src: tensor(0),
        dst: tensor(1),
      } as const;
      const [, dst = []] = runKernel(instruction, 1, [{ dims: [2], values: [-1000, 1000] }, { dims: [2] }]);
      expectAllClose(dst, [0, fn === 'silu' ? 1000 : 1], { relative: 0, absolute: 0 }, fn);
    }
  });
  it.each([
    ['relu6', [-1, 0, 1, 6, 7], [0, 0, 1, 6, 6], [0, 0, 1, 0, 0]],
    ['hardSigmoid', [-4, -3, 0, 3, 4], [0, 0, 0.5, 1, 1], [0, 0, 1 / 6, 0, 0]],
  ] as const)('%s is flat at and beyond both of its bends, as in PyTorch', (fn, x, y, slopes) => {
    const dims = [x.length];
    const operands = { src: tensor(0), dst: tensor(1) };
    const forward = { op: 'activationForward', node, fn, alpha: 0, ...operands } as const;
    const [, dst] = runKernel(forward, 1, [{ dims, values: x }, { dims }]);
    expect(Array.from(dst ?? [])).toEqual(y);
    const gradients = { diffDst: tensor(2), diffSrc: tensor(3) };
    const backward = { ...forward, op: 'activationBackward', ...gradients } as const;
    const tensors = [{ dims, values: x }, { dims, values: y }, { dims, values: x.map(() => 1) }, { dims }];
    expect(Array.from(runKernel(backward, 1, tensors)[3] ?? [])).toEqual(slopes);
  });
  it.each(['relu', 'leakyRelu'] as const)('%s has the slope from the left at zero', (fn) => {
    const operands = { src: tensor(0), dst: tensor(1), diffDst: tensor(2), diffSrc: tensor(3) };
    const instruction = { op: 'activationBackward', node, fn, alpha: 0.1, ...operands } as const;
    const [, , , diffSrc] = runKernel(instruction, 1, [
      { dims: [1] },
      { dims: [1] },
      { dims: [1], values: [3] },
      { dims: [1] },
    ]);
    expect(diffSrc?.[0]).toBeCloseTo(fn === 'relu' ? 0 : 0.3, 15);
  });
});

describe('cross-entropy', () => {
  function lossOf(
    logits: readonly number[],
    labels: readonly number[],
    labelSmoothing = 0,
  ): readonly [number, number] {
    const operands = {
      logits: tensor(0),
      labels: tensor(1),
      slopes: null,
      loss: tensor(2),
      correct: tensor(3),
    };
    const instruction = { op: 'lossForward', node, ...operands, ...CROSS_ENTROPY, labelSmoothing } as const;
    const scalar = { dims: [], values: [0] };
    const tensors = [{ dims: [3], values: logits }, { dims: [] }, scalar, scalar];
    const [, , loss, correct] = runKernel(instruction, labels.length, tensors, {
      labels: Int32Array.from(labels),
    });
    return [loss?.[0] ?? NaN, correct?.[0] ?? NaN];
  }
  it('is log K of equal logits; the first of equals counts as the answer', () => {
    expect(lossOf([0, 0, 0], [0])).toEqual([Math.log(3), 1]);
    expect(lossOf([0, 0, 0], [1])).toEqual([Math.log(3), 0]);
  });
  it('is the mean of -log p over labelled samples alone', () => {
    const p = Math.exp(2) / (Math.exp(2) + Math.exp(1) + 1);
    const [loss, correct] = lossOf([2, 1, 0, 9, 9, 9, 0, 0, 0], [0, -1, 2]);
    expect(loss).toBeCloseTo((-Math.log(p) + Math.log(3)) / 2, 14);
    expect(correct).toBe(1);
  });
  it('spreads the smoothed share evenly over all classes', () => {
    const logSum = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3));
    const plain = logSum - 3;
    const even = logSum - 2;
    expect(lossOf([1, 2, 3], [2], 0.3)[0]).toBeCloseTo(0.7 * plain + 0.3 * even, 14);
  });
  it('does not overflow', () => {
    expect(lossOf([1e4, 0, -1e4], [1])[0]).toBeCloseTo(1e4, 8);
  });
});

describe('bytes', () => {
  it('turn from [N, H, W, C] to [N, C, H, W] on the way', () => {
    const images = Uint8Array.of(10, 20, 11, 21, 30, 40, 31, 41);
    const instruction = {
      op: 'normalizeInput',
      node,
      src: tensor(0),
      dst: tensor(1),
      mean: [10, 20],
      scale: [1, 0.5],
    } as const;
    const tensors = [{ dims: [2, 1, 2] }, { dims: [2, 1, 2] }];
    const [, dst] = runKernel(instruction, 2, tensors, { images });
    expect(Array.from(dst ?? [])).toEqual([0, 1, 0, 0.5, 20, 21, 10, 10.5]);
  });
});

describe('concatenation and its parts', () => {
  it('lays channels side by side in each sample, and back', () => {
    const parts = [
      { dims: [1, 1, 2], values: [1, 2, 7, 8] },
      { dims: [2, 1, 2], values: [3, 4, 5, 6, 9, 10, 11, 12] },
    ];
    const srcs = [tensor(0), tensor(1)];
    const whole = { dims: [3, 1, 2] };
    const [, , dst = []] = runKernel({ op: 'concatForward', node, srcs, dst: tensor(2) }, 2, [
      ...parts,
      whole,
    ]);
    expect(Array.from(dst)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const back = {
      op: 'concatBackward',
      node,
      diffDst: tensor(0),
      diffSrcs: [null, tensor(1)],
      sizes: [1, 2],
    } as const;
    const [, second] = runKernel(back, 2, [{ ...whole, values: Array.from(dst) }, { dims: [2, 1, 2] }]);
    expect(Array.from(second ?? [])).toEqual([3, 4, 5, 6, 9, 10, 11, 12]);
  });
});

describe('dropout', () => {
  const run = (randomKey: number, salt: number): number[] => {
    const instruction = { op: 'dropout', node, src: tensor(0), dst: tensor(1), rate: 0.25, salt } as const;
    const tensors = [{ dims: [4000], values: new Array<number>(4000).fill(3) }, { dims: [4000] }];
    return Array.from(
      runKernel(instruction, 1, tensors, { scalars: { learningRate: 0, step: 1, randomKey } })[1] ?? [],
    );
  };
  it('drops its share and scales the rest', () => {
    const values = run(1, 0);
    expect(new Set(values)).toEqual(new Set([0, 4]));
    expect(values.filter((value) => value === 0).length / 4000).toBeCloseTo(0.25, 1);
  });
  it('draws by step and block', () => {
    expect(run(1, 0)).toEqual(run(1, 0));
    expect(run(1, 0)).not.toEqual(run(2, 0));
    expect(run(1, 0)).not.toEqual(run(1, 1));
  });
});

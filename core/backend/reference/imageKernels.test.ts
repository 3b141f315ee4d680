import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../diagnostics/ids.ts';
import type { Border, ConvAttributes, Interpolation } from '../../program/instruction.ts';
import { openStream } from '../../training/random.ts';
import { expectAllClose } from '../../conformance/expectAllClose.ts';
import { F64_TOLERANCES } from '../../conformance/tolerances.ts';
import { runKernel, tensor } from './testing/runKernel.ts';

const node = 'block' as NodeId;
const srcAndDst = { src: tensor(0), dst: tensor(1) };

function randomValues(count: number, purpose: string): number[] {
  const random = openStream(5, purpose);
  return Array.from({ length: count }, () => random.normal());
}

describe('transposed convolution', () => {
  /** The definition: every input value adds the kernel, scaled by the value, to the output. */
  function stamped(
    attributes: ConvAttributes,
    src: { values: readonly number[]; channels: number; height: number; width: number },
    weights: readonly number[],
    dst: { perGroup: number; height: number; width: number },
  ): number[] {
    const { kernel, stride, dilation, padding, groups } = attributes;
    const out = new Array<number>(groups * dst.perGroup * dst.height * dst.width).fill(0);
    for (let c = 0; c < src.channels; c += 1) {
      const firstOut = Math.floor(c / (src.channels / groups)) * dst.perGroup;
      for (let o = 0; o < dst.perGroup; o += 1) {
        for (let at = 0; at < src.height * src.width * kernel[0] * kernel[1]; at += 1) {
          const tap = at % (kernel[0] * kernel[1]);
          const pixel = Math.floor(at / (kernel[0] * kernel[1]));
          const y =
            Math.floor(pixel / src.width) * stride[0] +
            Math.floor(tap / kernel[1]) * dilation[0] -
            padding[0];
          const x = (pixel % src.width) * stride[1] + (tap % kernel[1]) * dilation[1] - padding[1];
          if (y < 0 || x < 0 || y >= dst.height || x >= dst.width) continue;
          const target = ((firstOut + o) * dst.height + y) * dst.width + x;
          const weight = weights[(c * dst.perGroup + o) * kernel[0] * kernel[1] + tap] ?? NaN;
          const value = src.values[c * src.height * src.width + pixel] ?? NaN;
          out[target] = (out[target] ?? NaN) + value * weight;
        }
      }
    }
    return out;
  }

  const two = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
  const pad = fc.integer({ min: 0, max: 1 });
  const shapes = fc.record({
    kernel: two,
    stride: two,
    dilation: two,
    padding: fc.tuple(pad, pad, pad, pad),
    groups: fc.integer({ min: 1, max: 2 }),
    inPerGroup: fc.integer({ min: 1, max: 2 }),
    perGroup: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 2, max: 4 }),
    width: fc.integer({ min: 2, max: 4 }),
    more: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
  });

  it('is its definition, whatever window and output padding', () => {
    fc.assert(
      fc.property(shapes, ({ inPerGroup, perGroup, height, width, more, ...attributes }) => {
        const { kernel, stride, dilation, padding, groups } = attributes;
        const out = (axis: 0 | 1, size: number): number =>
          (size - 1) * stride[axis] +
          (kernel[axis] - 1) * dilation[axis] +
          1 -
          padding[axis] -
          (padding[axis + 2] ?? 0) +
          Math.min(more[axis], stride[axis] - 1);
        const dst = { perGroup, height: out(0, height), width: out(1, width) };
        fc.pre(dst.height > 0 && dst.width > 0);
        const channels = groups * inPerGroup;
        const src = { values: randomValues(channels * height * width, 'src'), channels, height, width };
        const weights = randomValues(channels * perGroup * kernel[0] * kernel[1], 'weights');
        const bias = randomValues(groups * perGroup, 'bias');
        const operands = { src: tensor(0), weights: tensor(1), bias: tensor(2), dst: tensor(3) };
        const [, , , actual = []] = runKernel(
          { op: 'convTransposeForward', node, ...operands, ...attributes },
          1,
          [
            { dims: [channels, height, width], values: src.values },
            { dims: [channels, perGroup, ...kernel], values: weights },
            { dims: [groups * perGroup], values: bias },
            { dims: [groups * perGroup, dst.height, dst.width] },
          ],
        );
        const expected = stamped(attributes, src, weights, dst).map(
          (value, index) => value + (bias[Math.floor(index / dst.height / dst.width)] ?? NaN),
        );
        expectAllClose(actual, expected, F64_TOLERANCES.outputs, 'dst');
      }),
      { numRuns: 60 },
    );
  });
});

describe('resampling', () => {
  function enlarged(interpolation: Interpolation, values: number[], width: number, factor: number): number[] {
    const instruction = { op: 'resampleForward', node, ...srcAndDst, interpolation } as const;
    const [, dst] = runKernel(instruction, 1, [
      { dims: [1, values.length / width, width], values },
      { dims: [1, (values.length / width) * factor, width * factor] },
    ]);
    return Array.from(dst ?? []);
  }
  it('repeats the nearest pixel', () => {
    expect(enlarged('nearest', [1, 2], 2, 3)).toEqual([
      ...[1, 1, 1, 2, 2, 2],
      ...[1, 1, 1, 2, 2, 2],
      ...[1, 1, 1, 2, 2, 2],
    ]);
  });
  it('takes bilinear means about half-pixel centres, as align_corners=False', () => {
    // torch.nn.functional.interpolate(scale_factor=2, mode='bilinear') of [[1, 2], [3, 4]].
    expect(enlarged('bilinear', [1, 2, 3, 4], 2, 2)).toEqual([
      ...[1, 1.25, 1.75, 2],
      ...[1.5, 1.75, 2.25, 2.5],
      ...[2.5, 2.75, 3.25, 3.5],
      ...[3, 3.25, 3.75, 4],
    ]);
    expect(enlarged('bilinear', [5], 1, 2)).toEqual([5, 5, 5, 5]);
  });
});

describe('padding', () => {
  function framed(border: Border, padding: readonly [number, number, number, number]): number[][] {
    const instruction = { op: 'padForward', node, ...srcAndDst, border, padding, value: 9 } as const;
    const [top, left, bottom, right] = padding;
    const width = 3 + left + right;
    const [, dst] = runKernel(instruction, 1, [
      { dims: [1, 2, 3], values: [1, 2, 3, 4, 5, 6] },
      { dims: [1, 2 + top + bottom, width] },
    ]);
    return Array.from({ length: 2 + top + bottom }, (_, y) =>
      Array.from(dst ?? []).slice(y * width, (y + 1) * width),
    );
  }
  it('puts a constant around', () => {
    expect(framed('constant', [1, 0, 0, 2])).toEqual([
      [9, 9, 9, 9, 9],
      [1, 2, 3, 9, 9],
      [4, 5, 6, 9, 9],
    ]);
  });
  it('mirrors without repeating the edge', () => {
    expect(framed('reflect', [1, 2, 0, 1])).toEqual([
      [6, 5, 4, 5, 6, 5],
      [3, 2, 1, 2, 3, 2],
      [6, 5, 4, 5, 6, 5],
    ]);
  });
  it('repeats the edge', () => {
    expect(framed('replicate', [0, 1, 2, 0])).toEqual([
      [1, 1, 2, 3],
      [4, 4, 5, 6],
      [4, 4, 5, 6],
      [4, 4, 5, 6],
    ]);
  });
});

describe('product', () => {
  const dims = [2, 1, 2];
  const values = [1, 2, 3, 4, 5, 6, 7, 8];
  it('spreads gates of channels, of pixels and of the whole sample', () => {
    const srcs = [tensor(0), tensor(1), tensor(2), tensor(3)];
    const [, , , , dst] = runKernel({ op: 'multiplyForward', node, srcs, dst: tensor(4) }, 2, [
      { dims, values },
      { dims: [2, 1, 1], values: [1, 10, 100, 1000] },
      { dims: [1, 1, 2], values: [1, 2, 3, 4] },
      { dims: [1, 1, 1], values: [1, -1] },
      { dims },
    ]);
    expect(Array.from(dst ?? [])).toEqual([1, 4, 30, 80, -1500, -2400, -21000, -32000]);
  });
  it('hands each source what the others were, summed over what was repeated', () => {
    const operands = { srcs: [tensor(0), tensor(1)], diffDst: tensor(2), diffSrcs: [tensor(3), tensor(4)] };
    const [, , , whole, gate] = runKernel({ op: 'multiplyBackward', node, ...operands }, 1, [
      { dims, values: values.slice(0, 4) },
      { dims: [2, 1, 1], values: [3, 5] },
      { dims, values: [1, 1, 1, 2] },
      { dims },
      { dims: [2, 1, 1] },
    ]);
    expect(Array.from(whole ?? [])).toEqual([3, 3, 5, 10]);
    expect(Array.from(gate ?? [])).toEqual([1 + 2, 3 + 2 * 4]);
  });
});

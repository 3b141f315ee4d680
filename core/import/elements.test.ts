import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, denseStrides, extentOf, readElements } from './elements.ts';
import { bytesOf } from './testing/bytes.ts';

describe('readElements', () => {
  it('reads every type, also big-endian and at odd offsets', () => {
    const cases = [
      ['f64', Float64Array.of(1 / 3, 1e300, -2), [Math.fround(1 / 3), Infinity, -2]],
      ['f32', Float32Array.of(1.5, NaN, -Infinity), [1.5, NaN, -Infinity]],
      ['f16', Uint16Array.of(0x3e00, 0x0001), [1.5, 2 ** -24]],
      ['bf16', Uint16Array.of(0x3fc0, 0xbe80), [1.5, -0.25]],
      ['i64', BigInt64Array.of(-5n, 2n ** 40n), [-5, 2 ** 40]],
      ['u64', BigUint64Array.of(2n ** 63n), [2 ** 63]],
      ['i32', Int32Array.of(-(2 ** 31), 16_777_217), [-(2 ** 31), 16_777_216]],
      ['u32', Uint32Array.of(4_000_000_000), [4_000_000_000]],
      ['i16', Int16Array.of(-300), [-300]],
      ['u16', Uint16Array.of(60_000), [60_000]],
      ['i8', Int8Array.of(-128, 127), [-128, 127]],
      ['u8', Uint8Array.of(200), [200]],
      ['bool', Uint8Array.of(0, 1, 255), [0, 1, 1]],
    ] as const;
    for (const [dtype, array, wanted] of cases) {
      const placement = { dims: [wanted.length], strides: [1], offset: 0 };
      const little = bytesOf(array);
      const shifted = new Uint8Array(little.length + 1);
      shifted.set(little, 1);
      const big = little.slice();
      const width = array.BYTES_PER_ELEMENT;
      for (let at = 0; at < big.length; at += width) big.subarray(at, at + width).reverse();
      expect([...readElements(shifted.subarray(1), dtype, placement)], dtype).toEqual([...wanted]);
      expect([...readElements(big, dtype, placement, false)], dtype).toEqual([...wanted]);
    }
  });

  it('reads views as indexing by strides does', () => {
    const dims = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(
        dims,
        fc.array(fc.nat(5), { minLength: 4, maxLength: 4 }),
        fc.nat(3),
        (shape, all, offset) => {
          const placement = { dims: shape, strides: all.slice(0, shape.length), offset };
          const storage = Float32Array.from({ length: Math.max(1, extentOf(placement)) }, (_, at) => at);
          const wanted: number[] = [];
          const walk = (dim: number, at: number): void => {
            if (dim === shape.length) wanted.push(at);
            else for (let i = 0; i < (shape[dim] ?? 0); i += 1) walk(dim + 1, at + i * (all[dim] ?? 0));
          };
          walk(0, offset);
          expect([...readElements(bytesOf(storage), 'f32', placement)]).toEqual(wanted);
        },
      ),
    );
  });

  it('counts without losing a zero to an overflow', () => {
    expect(countOf([2 ** 52, 2 ** 52, 0])).toBe(0);
    expect(countOf([])).toBe(1);
    expect(denseStrides([2, 3, 4])).toEqual([12, 4, 1]);
    expect(denseStrides([2, 3, 4], true)).toEqual([1, 2, 6]);
    expect(extentOf({ dims: [2 ** 30, 2 ** 30], strides: [2 ** 30, 1], offset: 0 })).toBe(2 ** 60);
  });
});

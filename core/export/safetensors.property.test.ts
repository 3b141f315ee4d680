import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../diagnostics/appError.ts';
import { decodeSafetensors, encodeSafetensors, type TensorToWrite } from './safetensors.ts';

const makers = {
  F32: (size: number) => Float32Array.from({ length: size }, (_, i) => Math.fround(i / 3 - 1)),
  F64: (size: number) => Float64Array.from({ length: size }, (_, i) => i / 7),
  I64: (size: number) => BigInt64Array.from({ length: size }, (_, i) => BigInt(i) - 2n ** 62n),
  I32: (size: number) => Int32Array.from({ length: size }, (_, i) => -i),
  U32: (size: number) => Uint32Array.from({ length: size }, (_, i) => 0xffff_ffff - i),
  U8: (size: number) => Uint8Array.from({ length: size }, (_, i) => i),
} as const;

const tensor: fc.Arbitrary<TensorToWrite> = fc
  .record({
    name: fc.string({ unit: 'grapheme', maxLength: 12 }).filter((name) => name !== '__metadata__'),
    dtype: fc.constantFrom('F32', 'F64', 'I64', 'I32', 'U32', 'U8' as const),
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
  })
  .map(({ name, dtype, shape }) => ({
    name,
    dtype,
    shape,
    data: makers[dtype](shape.reduce((product, dim) => product * dim, 1)),
  }));
const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 8 });
const metadata = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));

describe('safetensors', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(tensors, metadata, (written, notes) => {
        const read = decodeSafetensors(encodeSafetensors(written, notes));
        expect({ ...read.metadata }).toEqual({ ...notes });
        expect(read.tensors.size).toBe(written.length);
        for (const { name, ...rest } of written) expect(read.tensors.get(name)).toEqual(rest);
      }),
    );
  });

  it('reads back keys and names that objects of JavaScript have a meaning for', () => {
    const special = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''];
    const written = special.map((name) => ({
      name,
      dtype: 'U8' as const,
      shape: [1],
      data: Uint8Array.of(7),
    }));
    const notes = Object.fromEntries(special.map((key) => [key, `text of ${key}`]));
    const read = decodeSafetensors(encodeSafetensors(written, notes));
    expect([...read.tensors.keys()].sort()).toEqual([...special].sort());
    expect(Object.entries(read.metadata)).toEqual(Object.entries(notes));
  });

  it('does not depend on the order in which tensors are handed in', () => {
    fc.assert(
      fc.property(tensors, (written) => {
        expect(encodeSafetensors([...written].reverse(), {})).toEqual(encodeSafetensors(written, {}));
      }),
    );
  });

  it('refuses every truncated file with the error for broken files', () => {
    fc.assert(
      fc.property(
        tensors,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (written, share) => {
          const file = encodeSafetensors(written, { a: 'b' });
          const cut = file.subarray(0, Math.floor(file.length * share));
          expect(() => decodeSafetensors(cut)).toThrow(AppError);
        },
      ),
    );
  });

  it('meets arbitrary damage with a result or that error, never with another', () => {
    fc.assert(
      fc.property(tensors, fc.nat(), fc.integer({ min: 0, max: 255 }), (written, where, value) => {
        const file = encodeSafetensors(written, { a: 'b' });
        file[where % file.length] = value;
        try {
          decodeSafetensors(file);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});

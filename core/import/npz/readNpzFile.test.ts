import { describe, expect, it } from 'vitest';
import type { ForeignWeights } from '../foreignModel.ts';
import { ascii, concat, modelFile } from '../testing/bytes.ts';
import { refusal } from '../testing/messages.ts';
import { npy, npyHeader } from '../testing/npyWriter.ts';
import { realFile } from '../testing/realFiles.ts';
import { writeZip } from '../testing/zipWriter.ts';
import { readNpzFile } from './readNpzFile.ts';

const read = (bytes: Uint8Array<ArrayBuffer>, name = 'net.npz'): ForeignWeights =>
  readNpzFile(modelFile(name, bytes));
const single = (bytes: Uint8Array<ArrayBuffer>): ForeignWeights => read(bytes, 'layer.weight.npy');
const refused = (header: string, data = new Float32Array(2)): string =>
  refusal(() => single(npy(header, data)));
const valuesOf = ({ tensors }: ForeignWeights): Record<string, number[]> =>
  Object.fromEntries(tensors.map((each) => [each.name, [...each.read()]]));

describe('readNpzFile', () => {
  it('reads a compressed file that NumPy wrote', () => {
    const weights = read(realFile('npz'));
    expect(valuesOf(weights)).toEqual({ 'conv/kernel': [0, 1, 2, 3, 4, 5], bias: [1.5, -2] });
    expect(weights.tensors.map(({ dims, dtype }) => [dtype, dims])).toEqual([
      ['f32', [2, 3]],
      ['f64', [2]],
    ]);
  });

  it('reads single arrays of versions 1 to 3, in C and Fortran order', () => {
    const data = Float32Array.of(0, 1, 2, 3, 4, 5);
    for (const version of [1, 2, 3] as const)
      expect(valuesOf(single(npy(npyHeader('<f4', [2, 3]), data, version)))).toEqual({
        'layer.weight': [0, 1, 2, 3, 4, 5],
      });
    expect(valuesOf(single(npy(npyHeader('<f4', [2, 3], true), data)))).toEqual({
      'layer.weight': [0, 2, 4, 1, 3, 5],
    });
    expect(single(npy(npyHeader('<f4', []), data.subarray(0, 1))).tensors[0]?.dims).toEqual([]);
  });

  it('reads every type of real numbers', () => {
    const cases = [
      ['<f8', Float64Array.of(1.5), 1.5],
      ['>f4', Uint8Array.of(0x3f, 0xc0, 0, 0), 1.5],
      ['<f2', Uint16Array.of(0x3e00), 1.5],
      ['<i8', BigInt64Array.of(-3n), -3],
      ['<i4', Int32Array.of(-3), -3],
      ['>i2', Uint8Array.of(0xff, 0xfd), -3],
      ['|i1', Int8Array.of(-3), -3],
      ['<u8', BigUint64Array.of(3n), 3],
      ['<u4', Uint32Array.of(3), 3],
      ['<u2', Uint16Array.of(3), 3],
      ['|u1', Uint8Array.of(3), 3],
      ['|b1', Uint8Array.of(1), 1],
    ] as const;
    for (const [descr, data, value] of cases)
      expect(valuesOf(single(npy(npyHeader(descr, [1]), data))), descr).toEqual({ 'layer.weight': [value] });
  });

  it('takes an array of texts named classes for the names of the classes', () => {
    const weight = { name: 'w.npy', bytes: npy(npyHeader('<f4', [1]), Float32Array.of(1)) };
    const wide = npy(npyHeader('<U3', [2]), Uint32Array.of(0x63, 0x61, 0x74, 0x64, 0xf6, 0));
    const narrow = npy(npyHeader('|S3', [2]), ascii('catdo\0'));
    const zipOf = (bytes: Uint8Array): ForeignWeights =>
      read(writeZip([weight, { name: 'classes.npy', bytes }]));
    expect(zipOf(wide).classNames).toEqual(['cat', 'dö']);
    expect(zipOf(narrow).classNames).toEqual(['cat', 'do']);
    const arch = npy(npyHeader('<U2', []), Uint32Array.of(0x76, 0x67));
    expect({ ...read(writeZip([weight, { name: 'arch.npy', bytes: arch }])).metadata }).toEqual({
      arch: 'vg',
    });
  });

  it('refuses object arrays, structured arrays and types that it does not read', () => {
    expect(refused(npyHeader('|O', [1]))).toMatch(
      /^model-unsupported: .*layer\.weight consists of Python objects/u,
    );
    const structured = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }";
    expect(refused(structured)).toMatch(/^model-unsupported: .*structured/u);
    expect(refused(npyHeader('<c8', [1]))).toMatch(/^model-unsupported: .*type <c8/u);
    expect(refused(npyHeader('<M8[ns]', [1]))).toMatch(/^model-unsupported/u);
    expect(refused(npyHeader('|V2', [4]))).toMatch(/^model-unsupported: .*type \|V2/u);
  });

  it('refuses headers that are not the literal that NumPy writes', () => {
    const wrong = [
      '',
      '{}',
      "{'descr': '<f4', 'fortran_order': False}",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2), 'shape': (2,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': True, }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1 1,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': __import__('os').system('exit'), }",
      `{'descr': '<f4', 'fortran_order': False, 'shape': (${'1,'.repeat(65)}), }`,
    ];
    for (const header of wrong)
      expect(refused(header), header).toMatch(/^model-invalid: .*header of an array/u);
    expect(
      valuesOf(single(npy('{"shape":(2L,),"fortran_order":False,"descr":"<f4"}', new Float32Array(2)))),
    ).toEqual({
      'layer.weight': [0, 0],
    });
  });

  it('refuses shapes that the data does not have, also of 2^60 elements', () => {
    expect(refused(npyHeader('<f4', [3]))).toMatch(/needs 12 bytes and has 8/u);
    expect(refused(npyHeader('<f4', [1]))).toMatch(/needs 4 bytes and has 8/u);
    expect(refused(npyHeader('<f4', [2 ** 30, 2 ** 30]))).toMatch(
      /^model-invalid: .*needs 4611686018427388000 bytes/u,
    );
  });

  it('finds a damaged array when it is read', () => {
    const bytes = npy(npyHeader('<f4', [1]), Float32Array.of(1));
    for (const deflate of [true, false]) {
      const weights = read(writeZip([{ name: 'a.npy', bytes, deflate, claim: { crc: 1 } }]));
      expect(refusal(() => weights.tensors[0]?.read())).toMatch(/^model-invalid: net\.npz .*checksum/u);
    }
  });

  it('refuses other versions, other entries, and archives without arrays', () => {
    const bytes = npy(npyHeader('<f4', [1]), Float32Array.of(1));
    const version = bytes.slice();
    version[6] = 9;
    expect(refusal(() => single(version))).toMatch(/^model-unsupported: .*version 9/u);
    expect(refusal(() => read(writeZip([{ name: 'a.txt', bytes: ascii('x') }])))).toMatch(
      /a\.txt is not a \.npy/u,
    );
    expect(refusal(() => read(writeZip([])))).toMatch(/no array/u);
    expect(refusal(() => read(writeZip([{ name: 'a.npy', bytes: ascii('x') }])))).toMatch(/does not begin/u);
    const long = concat([ascii('\x93NUMPY\x02\x00'), [0xff, 0xff, 0xff, 0x7f]]);
    expect(refusal(() => single(long))).toMatch(/header of an array/u);
  });
});

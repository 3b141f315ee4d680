import { describe, expect, it } from 'vitest';
import { openZip } from '../../import/zip.ts';
import { readTorchFile } from '../../import/torch/readTorchFile.ts';
import { encodeStateDict } from './stateDict.ts';
import { encodeStoredZip } from '../storedZip.ts';

const TENSORS = [
  { name: 'conv.weight', dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-30, -0) },
  { name: 'bn.num_batches_tracked', dtype: 'I64', shape: [], data: BigInt64Array.of(70_000n) },
  { name: 'empty', dtype: 'F32', shape: [0], data: new Float32Array() },
] as const;

function read(bytes: Uint8Array<ArrayBuffer>) {
  return readTorchFile({ name: 'state_dict.pt', bytes, beside: () => null, names: () => ['state_dict.pt'] });
}

describe('a state dict', () => {
  it('is read back with its order, types, shapes and values', () => {
    const { tensors, notes } = read(encodeStateDict(TENSORS));
    expect(notes).toEqual([]);
    expect(tensors.map(({ name, dtype, dims }) => [name, dtype, dims])).toEqual([
      ['conv.weight', 'f32', [2, 3]],
      ['bn.num_batches_tracked', 'i64', []],
      ['empty', 'f32', [0]],
    ]);
    expect(tensors.map((tensor) => [...tensor.read()])).toEqual([
      [1, -2, 3.5, 0, Math.fround(1e-30), -0],
      [70_000],
      [],
    ]);
  });

  it('has the entries of torch.save, stored and aligned to 64 bytes', () => {
    const zip = openZip(encodeStateDict(TENSORS));
    expect(zip.entries.map(({ name }) => name)).toEqual([
      ...['archive/data.pkl', 'archive/byteorder'],
      ...['archive/data/0', 'archive/data/1', 'archive/data/2', 'archive/version'],
    ]);
    for (const { name, method, offset } of zip.entries)
      expect([name, method, offset % 64]).toEqual([name, 'stored', 0]);
  });

  it('with any byte of a weight changed is refused by its CRC', () => {
    const bytes = encodeStateDict(TENSORS);
    const entry = openZip(bytes).entries.find(({ name }) => name.endsWith('/0'));
    bytes[(entry?.offset ?? 0) + 5] = 0xff;
    expect(() => read(bytes).tensors.map((tensor) => tensor.read())).toThrow(/data\/0/);
  });
});

describe('a stored archive', () => {
  it('may be empty, and holds names in UTF-8', () => {
    expect(openZip(encodeStoredZip([])).entries).toEqual([]);
    const zip = openZip(encodeStoredZip([{ name: 'é/名', bytes: Uint8Array.of(1, 2) }]));
    expect(zip.read('é/名')).toEqual(Uint8Array.of(1, 2));
  });
});

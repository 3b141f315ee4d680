import { describe, expect, it } from 'vitest';
import { encodeSafetensors } from '../../export/safetensors.ts';
import { inEnglish } from '../../words/catalogues.ts';
import { ascii, concat, little, modelFile } from '../testing/bytes.ts';
import { refusal } from '../testing/messages.ts';
import { realFile, STATE_VALUES } from '../testing/realFiles.ts';
import { readSafetensorsFile } from './readSafetensorsFile.ts';

/** A file with one tensor: a type of the format, its bytes. */
function oneTensor(dtype: string, shape: readonly number[], data: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = ascii(JSON.stringify({ w: { dtype, shape, data_offsets: [0, data.length] } }));
  return concat([little(header.length, 8), header, data]);
}

/** A shard with one float. */
function shard(name: string, value: number): Uint8Array<ArrayBuffer> {
  return encodeSafetensors([{ name, dtype: 'F32', shape: [1], data: Float32Array.of(value) }], {
    from: name,
  });
}
const nameOf = (at: number): string => `model-0000${at}-of-00003.safetensors`;
const shards = Object.fromEntries([1, 2, 3].map((at) => [nameOf(at), shard(`layer${at}.weight`, at)]));
const INDEX = 'model.safetensors.index.json';
const index = ascii(
  JSON.stringify({
    weight_map: Object.fromEntries([3, 1, 2].map((at) => [`layer${at}.weight`, nameOf(at)])),
  }),
);
const open = (
  name: string,
  files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
): Record<string, number[]> => {
  const weights = readSafetensorsFile(modelFile(name, files[name] ?? ascii(''), files));
  return Object.fromEntries(weights.tensors.map((each) => [each.name, [...each.read()]]));
};

describe('readSafetensorsFile', () => {
  it('reads what the library wrote', () => {
    const weights = readSafetensorsFile(modelFile('a.safetensors', realFile('safetensors')));
    expect(Object.fromEntries(weights.tensors.map((each) => [each.name, [...each.read()]]))).toEqual(
      STATE_VALUES,
    );
    expect(weights).toMatchObject({ kind: 'weights', format: 'safetensors', classNames: null, notes: [] });
  });

  it('reads every real type, and refuses the others by name', () => {
    const bytes = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    const widths = {
      F64: 8,
      F32: 4,
      F16: 2,
      BF16: 2,
      I64: 8,
      I32: 4,
      I16: 2,
      I8: 1,
      U64: 8,
      U32: 4,
      U16: 2,
      U8: 1,
      BOOL: 1,
    };
    for (const [dtype, width] of Object.entries(widths)) {
      const file = modelFile('a', oneTensor(dtype, [], bytes.subarray(0, width)));
      const [tensor] = readSafetensorsFile(file).tensors;
      expect(tensor?.dtype).toBe(dtype.toLowerCase());
      expect(tensor?.read()).toHaveLength(1);
      if (!dtype.includes('F')) expect(tensor?.read()[0]).toBe(1);
    }
    for (const dtype of ['F8_E4M3', 'F8_E5M2', 'C64', 'F4', 'X'])
      expect(refusal(() => readSafetensorsFile(modelFile('a', oneTensor(dtype, [1], bytes))))).toBe(
        `model-unsupported: a cannot be brought in: tensor w has the type ${dtype}, which is not read; convert it to float32.`,
      );
  });

  it('refuses broken files with the name of the file', () => {
    const said = refusal(() =>
      readSafetensorsFile(modelFile('a.safetensors', oneTensor('F32', [2 ** 30, 2 ** 30], ascii('')))),
    );
    expect(said).toMatch(
      /^model-invalid: a\.safetensors is broken: tensor "w" needs 4611686018427388000 bytes/u,
    );
    expect(refusal(() => readSafetensorsFile(modelFile('a', ascii('short'))))).toMatch(/^model-invalid/u);
  });

  it('removes a prefix that all names have and keeps the metadata', () => {
    const file = encodeSafetensors(
      [{ name: 'module.w', dtype: 'F32', shape: [0], data: new Float32Array(0) }],
      { a: 'b' },
    );
    const weights = readSafetensorsFile(modelFile('a', file));
    expect(weights.tensors.map(({ name, dims }) => [name, dims])).toEqual([['w', [0]]]);
    expect({ ...weights.metadata }).toEqual({ a: 'b' });
    expect(weights.notes.map(inEnglish)).toHaveLength(1);
  });

  it('reads all shards of an index, in its order', () => {
    const all = { ...shards, [INDEX]: index };
    const wanted = [
      ['layer3.weight', [3]],
      ['layer1.weight', [1]],
      ['layer2.weight', [2]],
    ];
    expect(Object.entries(open(INDEX, all))).toEqual(wanted);
    expect(Object.entries(open(nameOf(2), all))).toEqual(wanted);
  });

  it('finds the other shards by their names where there is no index', () => {
    expect(open(nameOf(2), shards)).toEqual({
      'layer1.weight': [1],
      'layer2.weight': [2],
      'layer3.weight': [3],
    });
  });

  it('says which shard is missing, and which is broken', () => {
    const { [nameOf(3)]: _, ...some } = shards;
    for (const [name, files] of [
      [nameOf(1), some],
      [INDEX, { ...some, [INDEX]: index }],
    ] as const)
      expect(refusal(() => open(name, files))).toBe(
        `model-invalid: ${name} is one of several files of a model, and ${nameOf(3)} is not in its folder. Put it there.`,
      );
    const broken = { ...shards, [nameOf(3)]: ascii('x') };
    expect(refusal(() => open(nameOf(1), broken))).toMatch(/model-00003-of-00003\.safetensors is broken/u);
    const twice = { ...shards, [nameOf(3)]: shard('layer1.weight', 9) };
    expect(refusal(() => open(nameOf(1), twice))).toMatch(/layer1\.weight is there twice/u);
  });

  it('refuses files that are no index', () => {
    for (const text of [
      '',
      '{',
      '[]',
      '{"weight_map": 1}',
      '{"weight_map": {"a": 1}}',
      '{"weight_map":{},"weight_map":{}}',
    ])
      expect(
        refusal(() => open(INDEX, { [INDEX]: ascii(text) })),
        text,
      ).toMatch(/^model-invalid: .*weight_map/u);
  });

  it('takes a name that only looks like a shard as one file', () => {
    const name = 'model-00007-of-00003.safetensors';
    expect(open(name, { [name]: shard('a', 1) })).toEqual({ a: [1] });
  });
});

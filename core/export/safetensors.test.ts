import { describe, expect, it } from 'vitest';
import { AppError } from '../diagnostics/appError.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { encodeUtf8 } from './utf8.ts';

/** A file with the given header text (not padded) and data. */
function fileOf(header: string, dataBytes: number): Uint8Array {
  const text = encodeUtf8(header);
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}
const f32 = (shape: number[], begin: number, end: number): string =>
  JSON.stringify({ dtype: 'F32', shape, data_offsets: [begin, end] });

function messageOf(bytes: Uint8Array): string {
  try {
    decodeSafetensors(bytes);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AppError);
    expect((thrown as AppError).code).toBe('run-invalid');
    return (thrown as AppError).message;
  }
  throw new Error('the broken file was read without complaint');
}

describe('encodeSafetensors', () => {
  it('writes the exact bytes of the format', () => {
    const file = encodeSafetensors(
      [
        { name: 'b', dtype: 'F32', shape: [2], data: Float32Array.of(1, -2) },
        { name: 'a', dtype: 'U8', shape: [3], data: Uint8Array.of(7, 8, 9) },
        { name: 'n', dtype: 'I64', shape: [], data: BigInt64Array.of(5n) },
      ],
      { made: 'here' },
    );
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(new TextDecoder().decode(file.subarray(8, 8 + length)).trimEnd()).toBe(
      '{"__metadata__":{"made":"here"},' +
        '"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},' +
        '"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},' +
        '"a":{"dtype":"U8","shape":[3],"data_offsets":[16,19]}}',
    );
    expect([...file.subarray(8 + length)]).toEqual([
      ...[5, 0, 0, 0, 0, 0, 0, 0],
      ...[0, 0, 128, 63, 0, 0, 0, 192],
      ...[7, 8, 9],
    ]);
  });

  it('refuses a name given twice, also under another type', () => {
    const tensor = { name: 'w', dtype: 'F32', shape: [1], data: new Float32Array(1) } as const;
    const wide = { name: 'w', dtype: 'I64', shape: [], data: new BigInt64Array(1) } as const;
    const between = { name: 'a', dtype: 'F32', shape: [1], data: new Float32Array(1) } as const;
    expect(() => encodeSafetensors([tensor, wide, between], {})).toThrow(/"w" is taken/);
  });

  it('refuses data that does not fit the shape or the type', () => {
    const data = new Float32Array(3);
    expect(() => encodeSafetensors([{ name: 'w', dtype: 'F32', shape: [2], data }], {})).toThrow(/8 bytes/);
    expect(() => encodeSafetensors([{ name: 'w', dtype: 'I32', shape: [3], data }], {})).toThrow(/I32/);
  });

  it('names the tensor that is not finite, when asked to look', () => {
    const tensors = [{ name: 'w', dtype: 'F32', shape: [2], data: Float32Array.of(1, NaN) }] as const;
    expect(() => encodeSafetensors(tensors, {})).not.toThrow();
    expect(() => encodeSafetensors(tensors, {}, { finiteOnly: true })).toThrow(/^w holds values/);
  });
});

describe('decodeSafetensors', () => {
  it('gives aligned arrays from a file that lies at an odd offset', () => {
    const file = encodeSafetensors(
      [{ name: 'w', dtype: 'F64', shape: [1, 1], data: Float64Array.of(2.5) }],
      {},
    );
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    const { tensors } = decodeSafetensors(shifted.subarray(1));
    expect(tensors.get('w')).toEqual({ dtype: 'F64', shape: [1, 1], data: Float64Array.of(2.5) });
  });

  it.each([
    ['an empty file', new Uint8Array(0), /shorter than the 8 bytes/],
    ['a header longer than the file', Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 123), /ends inside its header/],
    ['a huge header length', new Uint8Array(16).fill(255), /header would have/],
    ['a header that is not JSON', fileOf('{"a":', 0), /not JSON/],
    ['a header that is not UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff), /not JSON/],
    ['a header that begins with a space', fileOf(' {}', 0), /not a JSON object/],
    ['a header that is a list', fileOf('[]', 0), /not a JSON object/],
    ['metadata of numbers', fileOf('{"__metadata__":{"eps":1}}', 0), /metadata/],
    [
      'an unknown type',
      fileOf('{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}', 2),
      /not described/,
    ],
    ['a negative dimension', fileOf(`{"a":${f32([-1], 0, 4)}}`, 4), /not described/],
    ['an offset out of range', fileOf(`{"a":${f32([2], 0, 8)}}`, 4), /need 8 bytes and 4 are there/],
    ['bytes behind the last tensor', fileOf(`{"a":${f32([1], 0, 4)}}`, 5), /need 4 bytes and 5 are there/],
    ['a hole', fileOf(`{"a":${f32([1], 0, 4)},"b":${f32([1], 8, 12)}}`, 12), /"b" leaves a gap/],
    ['a hole in front', fileOf(`{"a":${f32([1], 4, 8)}}`, 8), /"a" leaves a gap/],
    [
      'an overlap',
      fileOf(`{"a":${f32([2], 0, 8)},"b":${f32([1], 4, 8)}}`, 8),
      /"b" leaves a gap or overlaps/,
    ],
    ['a shape that needs other bytes', fileOf(`{"a":${f32([3], 0, 8)}}`, 8), /needs 12 bytes and has 8/],
    ['a name given twice', fileOf(`{"a":${f32([1], 0, 4)},"\\u0061":${f32([1], 0, 4)}}`, 4), /key "a" twice/],
    ['a field given twice', fileOf('{"__metadata__":{"k":"1","k":"2"}}', 0), /key "k" twice/],
  ])('refuses %s', (_what, bytes, sentence) => {
    expect(messageOf(bytes)).toMatch(sentence);
  });
});

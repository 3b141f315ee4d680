import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../diagnostics/appError.ts';
import { namingFile } from '../fileFault.ts';
import { decodeModel } from './decodeModel.ts';
import { decodeTensor, type ReadBeside } from './decodeTensor.ts';
import { readOnnxFile } from './readOnnxFile.ts';
import { encodeImageModel, fileOf } from './testing/smallModels.ts';

type Writer = protobuf.Writer;
const BYTES = 2;
const nothingBeside: ReadBeside = () => null;

function encode(fill: (to: Writer) => void): Uint8Array<ArrayBuffer> {
  const to = protobuf.Writer.create();
  fill(to);
  return new Uint8Array(to.finish());
}
const integer = (to: Writer, field: number, value: number): Writer => to.uint32(field << 3).int64(value);
const text = (to: Writer, field: number, value: string): Writer =>
  to.uint32((field << 3) | BYTES).string(value);
const bytesOf = (to: Writer, field: number, value: Uint8Array): Writer =>
  to.uint32((field << 3) | BYTES).bytes(value);

/** A TensorProto of these dims and type. */
function tensor(
  dims: readonly number[],
  dataType: number,
  fill: (to: Writer) => void,
): Uint8Array<ArrayBuffer> {
  return encode((to) => {
    for (const dim of dims) integer(to, 1, dim);
    integer(to, 2, dataType);
    text(to, 8, 't');
    fill(to);
  });
}

function valuesOf(bytes: Uint8Array<ArrayBuffer>, beside = nothingBeside): number[] {
  return Array.from(decodeTensor(bytes, beside).read());
}

const external =
  (entries: Readonly<Record<string, string>>) =>
  (to: Writer): void => {
    for (const [key, value] of Object.entries(entries)) {
      to.uint32((13 << 3) | BYTES).fork();
      text(text(to, 1, key), 2, value).ldelim();
    }
    integer(to, 14, 1);
  };

function faultOf(read: () => unknown): AppError {
  try {
    namingFile('m.onnx', read);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

describe('tensors', () => {
  it('in raw bytes: float, half, bfloat16, double and integers', () => {
    const raw = (dims: number[], type: number, held: ArrayBufferView): number[] =>
      valuesOf(tensor(dims, type, (to) => bytesOf(to, 9, new Uint8Array(held.buffer as ArrayBuffer))));
    expect(raw([2], 1, Float32Array.of(1.5, -2))).toEqual([1.5, -2]);
    expect(raw([3], 10, Uint16Array.of(0x3c00, 0xc100, 0x0001))).toEqual([1, -2.5, 2 ** -24]);
    expect(raw([2], 16, Uint16Array.of(0x3f80, 0xc020))).toEqual([1, -2.5]);
    expect(raw([1], 11, Float64Array.of(0.1))).toEqual([Math.fround(0.1)]);
    expect(raw([2], 7, BigInt64Array.of(-1n, 5n))).toEqual([-1, 5]);
    expect(raw([1, 2], 6, Int32Array.of(-7, 7))).toEqual([-7, 7]);
    expect(raw([2], 9, Uint8Array.of(0, 1))).toEqual([0, 1]);
  });

  it('in lists: packed floats, single integers, halves as 16 bits', () => {
    const packed = tensor([2], 1, (to) =>
      to
        .uint32((4 << 3) | BYTES)
        .fork()
        .float(0.5)
        .float(2)
        .ldelim(),
    );
    expect(valuesOf(packed)).toEqual([0.5, 2]);
    expect(valuesOf(tensor([2], 7, (to) => integer(integer(to, 7, -3), 7, 4)))).toEqual([-3, 4]);
    expect(valuesOf(tensor([2], 10, (to) => integer(integer(to, 5, 0x3c00), 5, 0xc100)))).toEqual([1, -2.5]);
  });

  it('in a file beside the model', () => {
    const held = new Uint8Array(Float32Array.of(7, 1, 2).buffer);
    const beside: ReadBeside = (name) => (name === 'w.data' ? held : null);
    const part = external({ location: 'w.data', offset: '4', length: '8' });
    expect(valuesOf(tensor([2], 1, part), beside)).toEqual([1, 2]);
    expect(valuesOf(tensor([3], 1, external({ location: 'w.data' })), beside)).toEqual([7, 1, 2]);
  });

  it.each([
    ['too few raw bytes', tensor([3], 1, (to) => bytesOf(to, 9, new Uint8Array(8))), 'onnxFiles.wrongBytes'],
    ['too few listed values', tensor([3], 7, (to) => integer(to, 7, 1)), 'onnxFiles.wrongCount'],
    ['dims beyond any file', tensor([2 ** 40, 2 ** 40], 1, () => {}), 'onnxFiles.impossibleDims'],
    ['negative dims', tensor([-1], 1, () => {}), 'onnxFiles.impossibleDims'],
    ['a missing file', tensor([1], 1, external({ location: 'none' })), 'onnxFiles.noFileBeside'],
    [
      'an offset beyond the file',
      tensor([1], 1, external({ location: 'f', offset: '8' })),
      'onnxFiles.beyondFile',
    ],
    ['a negative offset', tensor([1], 1, external({ location: 'f', offset: '-4' })), 'onnxFiles.beyondFile'],
    ['a huge offset', tensor([1], 1, external({ location: 'f', offset: '1e300' })), 'onnxFiles.beyondFile'],
    ['another length', tensor([1], 1, external({ location: 'f', length: '8' })), 'onnxFiles.beyondFile'],
  ])('refuses %s', (_name, bytes, key) => {
    const beside: ReadBeside = (name) => (name === 'f' ? new Uint8Array(8) : null);
    const error = faultOf(() => decodeTensor(bytes, beside).read());
    expect(error.code).toBe('model-invalid');
    expect(error.said.values).toMatchObject({ what: { key } });
  });

  it('refuses texts as unsupported, and only where they are read', () => {
    const bytes = tensor([1], 8, () => {});
    expect(decodeTensor(bytes, nothingBeside).dims).toEqual([1]);
    expect(faultOf(() => decodeTensor(bytes, nothingBeside).read()).code).toBe('model-unsupported');
  });
});

describe('models', () => {
  it.each([
    ['no bytes', new Uint8Array(0), 'onnxFiles.noGraph'],
    ['a text', new Uint8Array(Buffer.from('<html><body>Not found</body></html>')), 'onnxFiles.notProtobuf'],
    [
      'a length beyond the end',
      Uint8Array.of((7 << 3) | BYTES, 0xff, 0xff, 0xff, 0x7f),
      'onnxFiles.notProtobuf',
    ],
    ['a group', Uint8Array.of((7 << 3) | 3, (7 << 3) | 4), 'onnxFiles.notProtobuf'],
    ['an endless varint', new Uint8Array(64).fill(0xff), 'onnxFiles.notProtobuf'],
  ])('refuses %s', (_name, bytes, key) => {
    const error = faultOf(() => decodeModel(bytes, nothingBeside));
    expect([error.code, error.where]).toEqual(['model-invalid', 'm.onnx']);
    expect(error.said.values).toMatchObject({ file: 'm.onnx', what: { key } });
  });

  it('refuses a cycle and a value with two sources', () => {
    const looped = encodeImageModel(3, (b, x) => {
      b.node('one', 'Add', [x, 'two.out'], 'one.out');
      return b.node('two', 'Relu', ['one.out'], 'two.out');
    });
    expect(() => readOnnxFile(fileOf(looped))).toThrow(/node one depends on its own output/);
    const text = Buffer.from(
      encodeImageModel(3, (b, x) => b.node('a', 'Relu', [b.node('b', 'Tanh', [x], 'aa')], 'bb')),
    );
    const twice = new Uint8Array(Buffer.from(text.toString('latin1').replaceAll('bb', 'aa'), 'latin1'));
    expect(() => readOnnxFile(fileOf(twice))).toThrow(/two nodes output the value aa/);
  });
});

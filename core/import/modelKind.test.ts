import { describe, expect, it } from 'vitest';
import { modelKind, type ModelKind } from './modelKind.ts';
import { ascii, concat, modelFile } from './testing/bytes.ts';
import { npy, npyHeader } from './testing/npyWriter.ts';
import { realFile } from './testing/realFiles.ts';
import { torchTar } from './testing/torchWriter.ts';
import { writeZip } from './testing/zipWriter.ts';

const named = (...names: readonly string[]): Uint8Array<ArrayBuffer> =>
  writeZip(names.map((name) => ({ name, bytes: ascii('x') })));

describe('modelKind', () => {
  it('goes by the content, whatever the name', () => {
    const cases: readonly (readonly [ModelKind, Uint8Array<ArrayBuffer>])[] = [
      ['pytorch', realFile('stateDict')],
      ['pytorch', realFile('legacyStateDict')],
      ['pytorch', torchTar(null, [], [])],
      ['safetensors', realFile('safetensors')],
      ['npz', realFile('npz')],
      ['npz', npy(npyHeader('<f4', [1]), Float32Array.of(1))],
      ['keras', named('metadata.json', 'config.json', 'model.weights.h5')],
      ['hdf5', ascii('\x89HDF\r\n\x1a\n and more')],
      ['onnx', ascii('\x08\x09\x12\x07pytorch')],
    ];
    for (const [kind, bytes] of cases) expect(modelKind(modelFile('file.dat', bytes)), kind).toBe(kind);
  });

  it('goes by the ending where the content does not tell', () => {
    const cases: readonly (readonly [string, ModelKind])[] = [
      ['net.pth', 'pytorch'],
      ['net.PT', 'pytorch'],
      ['model.safetensors.index.json', 'safetensors'],
      ['net.npz', 'npz'],
      ['net.keras', 'keras'],
      ['net.weights.h5', 'hdf5'],
      ['net.onnx', 'onnx'],
      ['net.caffemodel', 'caffe'],
      ['deploy.prototxt', 'caffe'],
    ];
    for (const [name, kind] of cases) expect(modelKind(modelFile(name, ascii(''))), name).toBe(kind);
    expect(modelKind(modelFile('notes.txt', ascii('text')))).toBeNull();
    expect(modelKind(modelFile('some.zip', named('a', 'b')))).toBeNull();
  });

  it('knows the kind of a truncated archive by its first entry', () => {
    expect(modelKind(modelFile('file', realFile('stateDict').subarray(0, 500)))).toBe('pytorch');
    expect(modelKind(modelFile('file', concat([ascii('PK\x03\x04')])))).toBeNull();
  });
});

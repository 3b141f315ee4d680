import { describe, expect, it } from 'vitest';
import { readNpzFile } from '../../import/npz/readNpzFile.ts';
import { instantiateTemplate } from '../../templates/templates.ts';
import { exportSafetensors } from '../exportSafetensors.ts';
import { decodeSafetensors } from '../safetensors.ts';
import { randomModel } from '../testing/randomModel.ts';
import { exportNpz } from './exportNpz.ts';
import { encodeNpy } from './npyWriter.ts';

const model = randomModel(instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 8, 8], classes: 4 }));

function fileOf(name: string, foldBatchNorm = false): Uint8Array<ArrayBuffer> {
  return exportNpz(model, { foldBatchNorm }).files.get(name) ?? new Uint8Array();
}

function readWeights(foldBatchNorm = false) {
  const bytes = fileOf('weights.npz', foldBatchNorm);
  return readNpzFile({ name: 'weights.npz', bytes, beside: () => null, names: () => [] });
}

describe('a folder for NumPy', () => {
  it.each([false, true])('holds the tensors of a safetensors file, folded: %s', (foldBatchNorm) => {
    const { tensors } = decodeSafetensors(exportSafetensors(model, { foldBatchNorm }));
    const found = readWeights(foldBatchNorm).tensors;
    expect(found.map(({ name }) => name).sort()).toEqual([...tensors.keys()].sort());
    for (const { name, dims, dtype, read } of found) {
      const wanted = tensors.get(name);
      expect([dtype, dims], name).toEqual([wanted?.dtype.toLowerCase(), wanted?.shape]);
      expect(Array.from(read()), name).toEqual(Array.from(wanted?.data ?? [], Number));
    }
  });

  it('holds the names of the classes, also of characters beyond 16 bits', () => {
    expect(readWeights().classNames).toEqual(model.classNames);
    const classNames = ['', '🐈 cat', 'c', 'd'];
    const bytes = exportNpz({ ...model, classNames }, { foldBatchNorm: false }).files.get('weights.npz');
    const file = { name: 'a.npz', bytes: bytes ?? new Uint8Array(), beside: () => null, names: () => [] };
    expect(readNpzFile(file).classNames).toEqual(classNames);
  });

  it('holds the metadata as JSON', () => {
    const metadata: unknown = JSON.parse(new TextDecoder().decode(fileOf('metadata.json', true)));
    expect(metadata).toMatchObject({
      'normlab.format': '1',
      'normlab.class_names': model.classNames,
      'normlab.batch_norm': { bn1: { epsilon: 1e-5, variance_estimator: 'unbiased' } },
      'normlab.folding': { bn1: { into: 'conv1' } },
      'normlab.project': { format: 'normlab-project' },
    });
  });

  it('refuses values that are not finite', () => {
    const broken = randomModel(model.document);
    broken.state[3] = NaN;
    expect(() => exportNpz(broken, { foldBatchNorm: false })).toThrow(/not numbers/);
  });
});

it('places the data of an array at a multiple of 64 bytes', () => {
  for (const shape of [[], [1], [3, 4, 5], Array.from({ length: 40 }, () => 1)]) {
    const data = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
    const bytes = encodeNpy({ shape, data });
    expect((bytes.length - data.byteLength) % 64).toBe(0);
    expect(bytes[bytes.length - data.byteLength - 1]).toBe(0x0a);
  }
});

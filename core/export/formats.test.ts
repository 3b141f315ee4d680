import { describe, expect, it } from 'vitest';
import { instantiateTemplate } from '../templates/templates.ts';
import { exportOnnx } from './exportOnnx.ts';
import { exportSafetensors } from './exportSafetensors.ts';
import { EXPORT_FORMATS, fileFormatOf, formatOf, isFolderFormat, type FileFormatName } from './formats.ts';
import { randomModel } from './testing/randomModel.ts';

const model = randomModel(instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 8, 8], classes: 4 }));
const FILES: Readonly<Record<FileFormatName, Uint8Array>> = {
  onnx: exportOnnx(model, { foldBatchNorm: false }),
  safetensors: exportSafetensors(model, { foldBatchNorm: false }),
};

it('offers the formats in this order', () => {
  expect(EXPORT_FORMATS).toEqual(['onnx', 'safetensors', 'pytorch', 'keras', 'caffe', 'npz']);
});

const FILE_FORMATS = EXPORT_FORMATS.filter((format) => !isFolderFormat(format));

describe.each(FILE_FORMATS)('%s', (format) => {
  const { ending, headBytes, recognizes } = fileFormatOf(format);
  const seen = (file: Uint8Array): boolean => recognizes(file.subarray(0, headBytes), file.length);

  it('has an ending of its own', () => {
    expect(ending).toMatch(/^\.[a-z]+$/);
    expect(EXPORT_FORMATS.filter((other) => formatOf(other).ending === ending)).toEqual([format]);
  });

  it('knows its own files by their beginning, and no others', () => {
    expect(FILE_FORMATS.filter((other) => seen(FILES[other]))).toEqual([format]);
    for (const text of ['', '{', 'a text that is no model', '\u0089PNG\r\n\u001a\n'])
      expect(seen(new TextEncoder().encode(text)), text).toBe(false);
  });
});

it('does not take a file for safetensors whose header is longer than the file', () => {
  const file = FILES.safetensors.slice(0, 9);
  expect(fileFormatOf('safetensors').recognizes(file, file.length)).toBe(false);
});

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backend } from '#core/backend/backend.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { exportOnnx } from '#core/export/exportOnnx.ts';
import { exportSafetensors } from '#core/export/exportSafetensors.ts';
import { everyFoldCase, everyPictureBlock, everyResizingBlock } from '#core/export/testing/networks.ts';
import { randomModel, randomPictures } from '#core/export/testing/randomModel.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { instantiateTemplate } from '#core/graph/templates.ts';
import { samplesFor } from './exportCheck/samples.ts';
import { exportRun, verifyExport, type ExportFormat } from './exportRun.ts';

const small = randomModel(instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 8, 8], classes: 4 }));
const pictures = randomPictures(small, 20);
const FORMATS: readonly ExportFormat[] = ['onnx', 'safetensors'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-export-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function request(
  format: ExportFormat,
  more: Partial<Parameters<typeof exportRun>[0]> = {},
): Parameters<typeof exportRun>[0] {
  const file = path.join(folder, `model.${format}`);
  const rest = { model: small, samples: pictures, backend: referenceBackend, foldBatchNorm: false };
  return { ...rest, format, path: file, ...more };
}

/** The reference backend, but every logit is off by 0.01: a stand-in for a file that says something else. */
const shiftedBackend: Backend = {
  ...referenceBackend,
  open(layout, options) {
    const session = referenceBackend.open(layout, options);
    return {
      ...{ state: session.state, layout: session.layout, options: session.options },
      close: () => session.close(),
      prepare(program, batch) {
        const prepared = session.prepare(program, batch);
        return new Proxy(prepared, {
          get(target, key) {
            if (key === 'logits') return target.logits.map((value) => value + 0.01);
            const value: unknown = Reflect.get(target, key);
            return typeof value === 'function' ? (value.bind(target) as unknown) : value;
          },
        });
      },
    };
  },
};

describe('exportRun', () => {
  it.each(FORMATS.flatMap((format) => [false, true].map((foldBatchNorm) => ({ format, foldBatchNorm }))))(
    'writes $format, folded: $foldBatchNorm, and reads the same logits back',
    async ({ format, foldBatchNorm }) => {
      for (const document of [everyPictureBlock(), everyResizingBlock(), everyFoldCase()]) {
        const model = randomModel(document);
        const asked = request(format, { model, samples: randomPictures(model, 5), foldBatchNorm });
        const report = await exportRun(asked);
        expect(report.maxAbsDiff).toBeLessThan(1e-5);
        expect(report.top1Agreement).toBe(1);
        expect((await readFile(asked.path)).length).toBe(report.sizeBytes);
      }
      expect(await readdir(folder)).toEqual([`model.${format}`]);
    },
  );

  it('tells what was frozen, what was folded and what was compared', async () => {
    const { notes } = await exportRun(request('onnx', { foldBatchNorm: true }));
    expect(notes.slice(0, 3)).toEqual([
      'Statistics of 1 BatchNorm block frozen: moving averages of 1234 batches.',
      'bn1: 32 channels, epsilon 0.00001, decay 0.9, unbiased variance',
      'bn1 is folded into conv1.',
    ]);
    expect(notes[3]).toMatch(/compared on 20 images: logits differ by .* at most, .* allowed/);
  });

  it('compares on noise when there are no images, and says so', async () => {
    const report = await exportRun(request('safetensors', { samples: new Uint8Array(0) }));
    expect(report.notes.at(-1)).toMatch(/8 pictures of generated noise/);
  });

  it('leaves nothing behind, and an old file as it was, when the logits differ', async () => {
    const asked = request('onnx', { backend: shiftedBackend });
    await writeFile(asked.path, 'the old file');
    await expect(exportRun(asked)).rejects.toMatchObject({ code: 'export-differs', where: asked.path });
    expect(await readFile(asked.path, 'utf8')).toBe('the old file');
    expect(await readdir(folder)).toEqual(['model.onnx']);
  });

  it('names the file asked for when it cannot be written', async () => {
    const file = path.join(folder, 'no', 'such', 'model.onnx');
    await expect(exportRun(request('onnx', { path: file }))).rejects.toMatchObject({
      code: 'output-not-writable',
      where: file,
      message: `Cannot write ${file}: its folder does not exist; choose another folder or change its permissions.`,
    });
  });
});

describe('verifyExport', () => {
  const samples = samplesFor(small, pictures);
  const write = (model: TrainedModel, format: ExportFormat): Uint8Array =>
    format === 'onnx'
      ? exportOnnx(model, { foldBatchNorm: false })
      : exportSafetensors(model, { foldBatchNorm: false });
  const verify = (file: Uint8Array, format: ExportFormat): Promise<unknown> =>
    verifyExport(file, { model: small, format, backend: referenceBackend, path: 'model' }, samples);

  /** `small` with the values of two equally large fields of bn1 changed for each other. */
  function swapped(a: string, b: string): TrainedModel {
    const slots = [...small.layout.parameters, ...small.layout.statistics];
    const [first, second] = [a, b].map((field) => slots.find(({ name }) => name === `bn1.${field}`));
    if (!first || !second) throw new Error('no such field');
    const state = small.state.slice();
    state.set(small.state.subarray(second.offset, second.offset + second.size), first.offset);
    state.set(small.state.subarray(first.offset, first.offset + first.size), second.offset);
    return { ...small, state };
  }

  it.each(FORMATS)('accepts the file as it was written: %s', async (format) => {
    await expect(verify(write(small, format), format)).resolves.toMatchObject({ top1Agreement: 1 });
  });

  it.each(
    FORMATS.flatMap((format) => [[format, 'gamma', 'beta'] as const, [format, 'mean', 'variance'] as const]),
  )('finds out when %s has %s and %s the wrong way round', async (format, a, b) => {
    await expect(verify(write(swapped(a, b), format), format)).rejects.toMatchObject({
      code: 'export-differs',
    });
  });

  it.each(FORMATS)('finds one changed byte of a weight: %s', async (format) => {
    const file = write(small, format);
    const weight = Float32Array.of(small.state[small.layout.parameters[0]?.offset ?? 0] ?? 0);
    const at = Buffer.from(file).indexOf(Buffer.from(weight.buffer));
    expect(at).toBeGreaterThan(0);
    // The sign and most of the exponent.
    file[at + 3] = (file[at + 3] ?? 0) ^ 0x81;
    await expect(verify(file, format)).rejects.toMatchObject({ code: 'export-differs' });
  });

  it.each(FORMATS)('finds a file cut short: %s', async (format) => {
    const file = write(small, format);
    await expect(verify(file.subarray(0, file.length - 40), format)).rejects.toThrow(
      /could not read it back/,
    );
  });

  it('finds a tensor that belongs to no block', async () => {
    const other = randomModel(instantiateTemplate('bn-mlp', { inputShape: [1, 8, 8], classes: 4 }));
    const file = write({ ...other, document: small.document, graph: other.graph }, 'safetensors');
    await expect(verify(file, 'safetensors')).rejects.toMatchObject({ code: 'export-differs' });
  });
});

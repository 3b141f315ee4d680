import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backend } from '#core/backend/backend.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { createDocument } from '#core/document/create.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import {
  EXPORT_FORMATS,
  formatOf,
  isFolderFormat,
  type ExportFormat,
  type FileFormatName,
} from '#core/export/formats.ts';
import {
  everyCaffeBlock,
  everyFoldCase,
  everyForwardFold,
  everyImageBlock,
  everyPhotoBlock,
  everyResizingBlock,
} from '#core/export/testing/networks.ts';
import { randomModel, randomImages } from '#core/export/testing/randomModel.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { GraphBuilder } from '#core/templates/graphBuilder.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import type { Message } from '#core/words/message.ts';
import { told } from '#core/words/testing.ts';
import { chooseBackend } from '../native/chooseBackend.ts';
import { FILE_CODECS } from './check/codecs.ts';
import { samplesFor } from './check/samples.ts';
import type { ExportReport, ExportRequest } from './exportRequest.ts';
import { placeExport } from './placeExport.ts';
import { verifyExport, writeVerified } from './writeVerified.ts';

const FILE_FORMATS = EXPORT_FORMATS.filter((format) => !isFolderFormat(format));

/** An export as its thread and client run it, in this thread. */
function exportRun(request: ExportRequest, overwrite: boolean): Promise<ExportReport> {
  return placeExport({ ...request, overwrite }, (temporary) => writeVerified(request, temporary));
}

const small = randomModel(instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 8, 8], classes: 4 }));
const images = randomImages(small, 20);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-export-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function request(
  format: ExportFormat,
  more: Partial<Parameters<typeof exportRun>[0]> = {},
): Parameters<typeof exportRun>[0] {
  const file = path.join(folder, `model${formatOf(format).ending}`);
  const rest = { model: small, samples: images, backend: referenceBackend, foldBatchNorm: false };
  return { ...rest, format, path: file, ...more };
}

/** The reference backend with 0.01 added to every logit: it simulates a file with other contents. */
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

/** Networks of every block that a format can express. */
function networksFor(format: ExportFormat): GraphDocument[] {
  if (format === 'caffe') return [everyCaffeBlock(), everyFoldCase(), everyForwardFold()];
  const photo = everyPhotoBlock({ roundsUp: format !== 'keras' });
  return [everyImageBlock(), everyResizingBlock(), photo, everyFoldCase(), everyForwardFold()];
}

describe('writeVerified', () => {
  it.each(
    EXPORT_FORMATS.flatMap((format) => [false, true].map((foldBatchNorm) => ({ format, foldBatchNorm }))),
  )(
    'writes $format, folded: $foldBatchNorm, and reads the same logits back',
    async ({ format, foldBatchNorm }) => {
      for (const document of networksFor(format)) {
        const model = randomModel(document);
        const asked = request(format, { model, samples: randomImages(model, 5), foldBatchNorm });
        const report = await exportRun(asked, false);
        expect(report.maxAbsDiff).toBeLessThan(1e-5);
        expect(report.top1Agreement).toBe(1);
        expect(await bytesAt(asked.path)).toBe(report.sizeBytes);
        await rm(asked.path, { recursive: true });
      }
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('tells what was frozen, what was folded and what was compared', async () => {
    const { notes } = await exportRun(request('onnx', { foldBatchNorm: true }), false);
    expect(told(notes).slice(0, 4)).toEqual([
      'Statistics of 1 BatchNorm block frozen: moving averages of 1234 batches.',
      'bn1: 32 channels, epsilon 0.00001, decay 0.9, unbiased variance',
      'bn1 is folded into conv1.',
      'Weights of the last checkpoint: step 1234, after 3 whole epochs.',
    ]);
    expect(told(notes)[4]).toMatch(/compared on 20 images: logits differ by .* at most, .* allowed/);
  });

  it('compares on noise when there are no images, and says so', async () => {
    const report = await exportRun(request('safetensors', { samples: new Uint8Array(0) }), false);
    expect(told(report.notes).at(-1)).toMatch(/8 images of generated noise/);
  });

  it('leaves nothing behind, and an old file as it was, when the logits differ', async () => {
    const asked = request('onnx', { backend: shiftedBackend });
    await writeFile(asked.path, 'the old file');
    await expect(exportRun(asked, true)).rejects.toMatchObject({ code: 'export-differs', where: asked.path });
    expect(await readFile(asked.path, 'utf8')).toBe('the old file');
    expect(await readdir(folder)).toEqual(['model.onnx']);
  });

  it('names the file asked for when it cannot be written', async () => {
    const file = path.join(folder, 'no', 'such', 'model.onnx');
    await expect(exportRun(request('onnx', { path: file }), false)).rejects.toMatchObject({
      code: 'output-not-writable',
      where: file,
      message: `Cannot write ${file}: its folder does not exist; choose another folder or change its permissions.`,
    });
  });
});

describe('the name of an exported file', () => {
  it('that is taken is left as it is, whatever stands there, unless overwriting was agreed to', async () => {
    const asked = request('onnx');
    await writeFile(asked.path, 'somebody else');
    const refused = { code: 'output-exists', where: asked.path };
    await expect(exportRun(asked, false)).rejects.toMatchObject(refused);
    await symlink('nowhere', path.join(folder, 'link.onnx'));
    const linked = request('onnx', { path: path.join(folder, 'link.onnx') });
    await expect(exportRun(linked, false)).rejects.toMatchObject({ code: 'output-exists' });
    expect(await readFile(asked.path, 'utf8')).toBe('somebody else');
    const report = await exportRun(asked, true);
    expect((await readFile(asked.path)).length).toBe(report.sizeBytes);
    await mkdir(path.join(folder, 'a.onnx'));
    const onFolder = request('onnx', { path: path.join(folder, 'a.onnx') });
    await expect(exportRun(onFolder, true)).rejects.toMatchObject({ code: 'output-not-writable' });
  });

  it('that is taken while the export goes on is left as it is too', async () => {
    const asked = request('onnx');
    const onProgress = ({ key }: Message): void => {
      if (key === 'work.comparing') writeFileSync(asked.path, 'faster');
    };
    await expect(exportRun({ ...asked, onProgress }, false)).rejects.toMatchObject({
      code: 'output-exists',
    });
    expect(await readFile(asked.path, 'utf8')).toBe('faster');
    expect(await readdir(folder)).toEqual(['model.onnx']);
  });
});

describe('verifyExport', () => {
  const samples = samplesFor(small, images);
  const write = (model: TrainedModel, format: FileFormatName): Uint8Array =>
    FILE_CODECS[format].write(model, { foldBatchNorm: false });
  const verify = (file: Uint8Array, format: FileFormatName): Promise<unknown> =>
    verifyExport(file, { model: small, format, backend: referenceBackend, path: 'model' }, samples);

  it.each(FILE_FORMATS)('accepts the file as it was written: %s', async (format) => {
    await expect(verify(write(small, format), format)).resolves.toMatchObject({ top1Agreement: 1 });
  });

  it.each(
    FILE_FORMATS.flatMap((format) => [
      [format, 'gamma', 'beta'] as const,
      [format, 'mean', 'variance'] as const,
    ]),
  )('finds out when %s has %s and %s the wrong way round', async (format, a, b) => {
    await expect(verify(write(swapFields(small, a, b), format), format)).rejects.toMatchObject({
      code: 'export-differs',
    });
  });

  // A format that does not hold float32 bytes has a test of its own here.
  it.each(['onnx', 'safetensors'] as const)('finds one changed byte of a weight: %s', async (format) => {
    const file = write(small, format);
    const weight = Float32Array.of(small.state[small.layout.parameters[0]?.offset ?? 0] ?? 0);
    const at = Buffer.from(file).indexOf(Buffer.from(weight.buffer));
    expect(at).toBeGreaterThan(0);
    // The sign and most of the exponent.
    file[at + 3] = (file[at + 3] ?? 0) ^ 0x81;
    await expect(verify(file, format)).rejects.toMatchObject({ code: 'export-differs' });
  });

  it.each(FILE_FORMATS)('finds a file cut short: %s', async (format) => {
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

describe('a network that amplifies rounding', () => {
  /**
   * The input of bn1 has a mean of 13,000 deviations, and its statistics say so: the network is correct, but float32
   * computes it inaccurately.
   */
  const ill = illConditioned(1.3e4);
  const samples = samplesFor(ill, images);
  const write = (model: TrainedModel, format: FileFormatName): Uint8Array =>
    FILE_CODECS[format].write(model, { foldBatchNorm: false });

  it.each([
    ['plain', referenceBackend],
    ['folded', referenceBackend],
    ['plain, by the backend of this machine', chooseBackend().backend],
  ])('is exported, and what rounding does is told: %s', async (how, backend) => {
    const asked = request('onnx', { model: ill, foldBatchNorm: how === 'folded', backend });
    const { notes, maxAbsDiff } = await exportRun(asked, false);
    expect(maxAbsDiff).toBeGreaterThan(5e-4);
    expect(told(notes).at(-1)).toMatch(/amplifies float32 rounding: against float64, rounding alone moves/);
  });

  it.each(
    FILE_FORMATS.flatMap((format) => ['weight', 'gamma and beta'].map((what) => [format, what] as const)),
  )('is still refused when the file holds another: %s, %s', async (format, what) => {
    const wrong = what === 'weight' ? withFlippedWeight(ill) : swapFields(ill, 'gamma', 'beta');
    const file = write(wrong, format);
    const asked = { model: ill, format, backend: referenceBackend, path: 'model' };
    await expect(verifyExport(file, asked, samples)).rejects.toMatchObject({ code: 'export-differs' });
  });

  it('that no float32 can compute is refused for that reason', async () => {
    const asked = request('onnx', { model: illConditioned(1e7) });
    await expect(exportRun(asked, false)).rejects.toThrow(/no float32 file of this network can be checked/);
  });
});

/** Size of a file, or of all files of a folder. */
async function bytesAt(where: string): Promise<number> {
  const stats = await stat(where);
  if (stats.isFile()) return stats.size;
  const names = await readdir(where);
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(where, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function slotOf({ layout }: TrainedModel, name: string) {
  const slot = [...layout.parameters, ...layout.statistics].find((each) => each.name === name);
  if (!slot) throw new Error(`no ${name}`);
  return slot;
}

/** A layer adds so many deviations to its output before a ReLU; the mean of the following BatchNorm includes them. */
function illConditioned(deviations: number): TrainedModel {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], [], { height: 8, width: 8, channels: 1 });
  const conv = builder.add('conv1', 'conv2d', [0, 1], [input], { filters: 8, kernelY: 3, kernelX: 3 });
  const relu = builder.add('relu1', 'relu', [0, 2], [conv]);
  const norm = builder.add('bn1', 'batchNorm', [0, 3], [relu]);
  const flat = builder.add('flatten', 'flatten', [0, 4], [norm]);
  const dense = builder.add('dense1', 'dense', [0, 5], [flat], { units: 4 });
  builder.add('output', 'output', [0, 6], [dense]);
  const { graph, positions } = builder.build();
  const model = randomModel({ ...createDocument('Ill', 'ill'), graph, layout: { positions } });
  const [bias, mean] = [slotOf(model, 'conv1.bias'), slotOf(model, 'bn1.mean')];
  const state = model.state.slice();
  for (const { offset, size } of [bias, mean]) state.fill(deviations, offset, offset + size);
  return { ...model, state };
}

function swapFields(model: TrainedModel, a: string, b: string): TrainedModel {
  const [first, second] = [slotOf(model, `bn1.${a}`), slotOf(model, `bn1.${b}`)];
  const state = model.state.slice();
  state.set(model.state.subarray(second.offset, second.offset + second.size), first.offset);
  const moved = model.state.subarray(first.offset, first.offset + first.size);
  // A negative variance is refused by the writer already.
  state.set(b === 'variance' ? moved.map((value) => Math.abs(value)) : moved, second.offset);
  return { ...model, state };
}

function withFlippedWeight(model: TrainedModel): TrainedModel {
  const { offset } = slotOf(model, 'conv1.weights');
  const state = model.state.slice();
  state[offset] = -4 * (state[offset] ?? 0);
  return { ...model, state };
}

import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toNodeId } from '#core/diagnostics/ids.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { bundleManifestSchema } from '#core/export/bundle/bundleManifest.ts';
import { EXPORT_FORMATS, isFolderFormat, type FolderFormatName } from '#core/export/formats.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { everyImageBlock, oneDense } from '#core/export/testing/networks.ts';
import { randomImages, randomModel } from '#core/export/testing/randomModel.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { temporaryName } from '../files/temporaryFiles.ts';
import { samplesFor } from './check/samples.ts';
import type { ExportReport, ExportRequest } from './exportRequest.ts';
import { placeExport } from './placeExport.ts';
import { verifyBundle, writeBundle } from './writeBundle.ts';
import { writeVerified } from './writeVerified.ts';

const FOLDER_FORMATS = EXPORT_FORMATS.filter((format) => isFolderFormat(format));
const small = randomModel(instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 8, 8], classes: 4 }));
const images = randomImages(small, 6);
const samples = samplesFor(small, images);

let folder: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-bundle-'));
  target = path.join(folder, 'model');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function request(format: FolderFormatName, model = small): ExportRequest<FolderFormatName> {
  const rest = { samples: images, backend: referenceBackend, foldBatchNorm: false, dataSha256: 'ab' };
  return { ...rest, model, format, path: target };
}

function exportRun(asked: ExportRequest<FolderFormatName>, overwrite: boolean): Promise<ExportReport> {
  return placeExport({ ...asked, overwrite }, (temporary) => writeVerified(asked, temporary));
}

/** The manifest of the bundle on the disk. */
async function manifest() {
  return bundleManifestSchema.parse(JSON.parse(await readFile(path.join(target, 'normlab.json'), 'utf8')));
}

describe.each(FOLDER_FORMATS)('a bundle for %s', (format) => {
  const verify = (model = small): Promise<unknown> => verifyBundle(target, request(format, model), samples);
  const differs = { code: 'export-differs', where: '' };

  it('holds what its manifest says, and nothing else is left', async () => {
    await exportRun(request(format), false);
    const { files, golden, class_names, data, batch_norm, statistics, version } = await manifest();
    expect((await readdir(target)).sort()).toEqual([...Object.keys(files), 'normlab.json'].sort());
    expect(await readdir(folder)).toEqual(['model']);
    expect({ version, class_names, data }).toEqual({
      ...{ version: 1, class_names: small.classNames, data: { sha256: 'ab' } },
    });
    expect(golden).toMatchObject({ file: 'golden.safetensors', count: 6, noise: false });
    expect(batch_norm).toMatchObject({ bn1: { epsilon: 1e-5, decay: 0.9, variance_estimator: 'unbiased' } });
    expect(statistics).toMatchObject({ source: 'moving-average', batches_seen: 1234 });
    await expect(verify()).resolves.toMatchObject({ top1Agreement: 1 });
  });

  it('is refused with one flipped byte, in whichever file', async () => {
    await exportRun(request(format), false);
    for (const name of await readdir(target)) {
      const whole = await readFile(path.join(target, name));
      const at = Math.floor(whole.length / 2);
      await flip(path.join(target, name), at);
      await expect(verify(), name).rejects.toMatchObject({ ...differs, where: target });
      await writeFile(path.join(target, name), whole);
    }
    await expect(verify()).resolves.toBeDefined();
  });

  it.each([
    ['gamma', 'beta'],
    ['mean', 'variance'],
  ])('is refused with %s and %s swapped', async (a, b) => {
    await mkdir(target);
    const wrong = swapFields(small, a, b);
    await expect(writeBundle({ ...request(format), model: wrong }, target, samples)).resolves.toBeDefined();
    await expect(verify()).rejects.toMatchObject({ ...differs, where: target });
  });

  it('is refused with a file too many, and with one too few', async () => {
    await exportRun(request(format), false);
    await writeFile(path.join(target, 'notes.txt'), 'mine');
    await expect(verify()).rejects.toMatchObject({ code: 'export-differs' });
    await rm(path.join(target, 'notes.txt'));
    await rm(path.join(target, 'golden.safetensors'));
    await expect(verify()).rejects.toMatchObject({ code: 'export-differs' });
  });
});

it.each([
  ['pytorch', /stem.* differs from side to side/],
  ['keras', /avgPadded: .* a layer that pads stands before it/],
] as const)('lists in the manifest what %s expresses in another way', async (format, padding) => {
  const model = randomModel(everyImageBlock());
  await exportRun({ ...request(format, model), samples: randomImages(model, 2) }, false);
  const { differences, modules } = await manifest();
  expect(differences.join('\n')).toMatch(padding);
  expect(differences.join('\n')).toMatch(/stemBn.*ghost groups of 2 samples/);
  expect(modules).toMatchObject({ stem: 'stem', groupedBn: 'groupedBn' });
});

describe('the readers of a bundle for Caffe', () => {
  it.each([
    ['deploy.prototxt', 'eps: 0.00001', 'eps: 0.001'],
    ['train_val.prototxt', 'eps: 0.00001', 'eps: 0.001'],
    ['deploy.prototxt', 'pool: MAX', 'pool: AVE'],
    ['train_val.prototxt', 'num_output: 32', 'num_output: 31'],
  ])('find a change of %s without the help of the manifest: %s', async (name, old, next) => {
    await mkdir(target);
    await writeBundle(request('caffe'), target, samples);
    const file = path.join(target, name);
    const text = await readFile(file, 'utf8');
    expect(text).toContain(old);
    await writeFile(file, text.replace(old, next));
    await expect(verifyBundle(target, request('caffe'), samples)).rejects.toMatchObject({
      code: 'export-differs',
    });
  });

  it('refuse a truncated file of weights', async () => {
    await mkdir(target);
    await writeBundle(request('caffe'), target, samples);
    const file = path.join(target, 'weights.caffemodel');
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, Math.floor(bytes.length * 0.9)));
    await expect(verifyBundle(target, request('caffe'), samples)).rejects.toThrow(/could not read it back/);
  });

  it.each(['focal', 'mse', 'binaryCrossEntropy'] as const)(
    'read a network with the loss %s',
    async (kind) => {
      const loss = kind === 'focal' ? { kind, gamma: 2, alpha: 0.5 } : { kind };
      const training = { ...small.document.training, loss } as GraphDocument['training'];
      const model = randomModel({ ...small.document, training });
      await expect(exportRun(request('caffe', model), false)).resolves.toMatchObject({ top1Agreement: 1 });
      expect((await manifest()).differences.join()).toMatch(/The loss .* is not part of Caffe/);
    },
  );
});

describe('the readers of a bundle for NumPy', () => {
  it.each([
    ['weights.npz', 0.6],
    ['metadata.json', null],
  ] as const)('find a change of %s without the help of the manifest', async (name, share) => {
    await mkdir(target);
    await writeBundle(request('npz'), target, samples);
    const file = path.join(target, name);
    if (share === null) {
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace('class 1', 'class 9'));
    } else await flip(file, Math.floor((await stat(file)).size * share));
    await expect(verifyBundle(target, request('npz'), samples)).rejects.toThrow(/could not read it back/);
  });

  it('read a network whose only tensors have a name that wrappers have', async () => {
    const model = randomModel(oneDense('model'));
    const asked = { ...request('npz', model), samples: randomImages(model, 2) };
    await expect(exportRun(asked, false)).resolves.toMatchObject({ top1Agreement: 1 });
  });
});

describe('the readers of a PyTorch bundle', () => {
  it.each([
    ['state_dict.pt', 0.6, /could not read it back/],
    ['model.safetensors', 0.9, /could not read it back/],
    ['model.py', null, /could not read it back/],
  ] as const)('find a change of %s without the help of the manifest', async (name, share, words) => {
    await mkdir(target);
    await writeBundle(request('pytorch'), target, samples);
    const file = path.join(target, name);
    if (share === null) {
      const source = await readFile(file, 'utf8');
      await writeFile(file, source.replace('nn.BatchNorm2d(32)', 'nn.BatchNorm2d(31)'));
    } else await flip(file, Math.floor((await stat(file)).size * share));
    await expect(verifyBundle(target, request('pytorch'), samples)).rejects.toThrow(words);
  });
});

describe('the readers of a Keras bundle', () => {
  it.each([
    ['model.weights.h5', 'a byte'],
    ['model.keras', 'a byte'],
    ['model.py', 'filters=32'],
    ['model.py', '"bn1"'],
  ] as const)('find a change of %s without the help of the manifest: %s', async (name, what) => {
    await mkdir(target);
    await writeBundle(request('keras'), target, samples);
    const file = path.join(target, name);
    if (what === 'a byte') await flip(file, Math.floor((await stat(file)).size * 0.6));
    else {
      const source = await readFile(file, 'utf8');
      expect(source).toContain(what);
      await writeFile(file, source.replace(what, what === '"bn1"' ? '"bn2", scale=False' : 'filters=31'));
    }
    await expect(verifyBundle(target, request('keras'), samples)).rejects.toThrow(/could not read it back/);
  });

  it('accept the three more variables of renormalization', async () => {
    const document = instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 8, 8], classes: 4 });
    const nodes = { ...document.graph.nodes };
    const norm = nodes[toNodeId('bn1')];
    if (norm === undefined) throw new Error('no bn1');
    nodes[toNodeId('bn1')] = { ...norm, params: { ...norm.params, renorm: true } };
    const model = randomModel({ ...document, graph: { ...document.graph, nodes } });
    await mkdir(target);
    await writeBundle(request('keras', model), target, samples);
    await expect(verifyBundle(target, request('keras', model), samples)).resolves.toBeDefined();
  });
});

describe('the folder of a bundle', () => {
  const asked = (): ExportRequest<FolderFormatName> => request('pytorch');

  it('is replaced with consent only', async () => {
    await exportRun(asked(), false);
    const before = await readFile(path.join(target, 'normlab.json'), 'utf8');
    await expect(exportRun(asked(), false)).rejects.toMatchObject({ code: 'output-exists', where: target });
    await exportRun({ ...asked(), model: randomModel(small.document, 5) }, true);
    expect(await readFile(path.join(target, 'normlab.json'), 'utf8')).not.toBe(before);
    expect(await readdir(folder)).toEqual(['model']);
  });

  it('is not replaced where it holds a file of others, which is named', async () => {
    await exportRun(asked(), false);
    await writeFile(path.join(target, 'results.csv'), 'mine');
    await expect(exportRun(asked(), true)).rejects.toThrow(/results\.csv/);
    await expect(exportRun(asked(), true)).rejects.toMatchObject({ code: 'output-foreign' });
    expect(await readFile(path.join(target, 'results.csv'), 'utf8')).toBe('mine');
  });

  it('is replaced together with the modules that Python compiled from it', async () => {
    await exportRun(asked(), false);
    await mkdir(path.join(target, '__pycache__'));
    await writeFile(path.join(target, '__pycache__', 'model.cpython-311.pyc'), 'compiled');
    await exportRun(asked(), true);
    await mkdir(path.join(target, '__pycache__'));
    await writeFile(path.join(target, '__pycache__', 'other.cpython-311.pyc'), 'compiled');
    await expect(exportRun(asked(), true)).rejects.toThrow(/__pycache__/);
  });

  it('may be empty; a folder of others and a file are refused even with consent', async () => {
    await mkdir(target);
    await exportRun(asked(), false);
    await mkdir(path.join(folder, 'photos'));
    await writeFile(path.join(folder, 'photos', 'cat.jpg'), 'cat');
    const onto = (name: string) => exportRun({ ...asked(), path: path.join(folder, name) }, true);
    await expect(onto('photos')).rejects.toMatchObject({ code: 'output-foreign' });
    await writeFile(path.join(folder, 'file'), 'file');
    await expect(onto('file')).rejects.toMatchObject({ code: 'output-not-writable' });
    await expect(onto(path.join('no', 'such'))).rejects.toMatchObject({ code: 'output-not-writable' });
    expect((await readdir(folder)).sort()).toEqual(['file', 'model', 'photos']);
  });

  it('stays as it was when the new one fails', async () => {
    await exportRun(asked(), false);
    const before = await readFile(path.join(target, 'normlab.json'), 'utf8');
    const broken = randomModel(small.document);
    broken.state[0] = NaN;
    await expect(exportRun({ ...asked(), model: broken }, true)).rejects.toMatchObject({ code: 'diverged' });
    expect(await readFile(path.join(target, 'normlab.json'), 'utf8')).toBe(before);
    expect(await readdir(folder)).toEqual(['model']);
  });

  it('is written where a link leads', async () => {
    await mkdir(path.join(folder, 'real'));
    await symlink('real', target);
    await exportRun(asked(), false);
    expect(await readdir(path.join(folder, 'real'))).toContain('normlab.json');
  });

  it('gets its name back after a process died while it replaced it', async () => {
    // Elsewhere, since a folder is swept once a minute only.
    const made = path.join(folder, 'elsewhere', 'model');
    await mkdir(path.dirname(made));
    await exportRun({ ...asked(), path: made }, false);
    // The number of a process that cannot be alive.
    const dead = temporaryName(target).replace(`-${String(process.pid)}-`, '-2147483646-');
    await cp(made, dead, { recursive: true });
    await cp(made, dead.replace(/\.tmp$/, '.old'), { recursive: true });
    await rm(path.dirname(made), { recursive: true });
    const other = { ...asked(), path: path.join(folder, 'other') };
    await expect(exportRun(other, false)).resolves.toBeDefined();
    expect((await readdir(folder)).sort()).toEqual(['model', 'other']);
  });
});

async function flip(file: string, at: number): Promise<void> {
  const handle = await open(file, 'r+');
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, at);
  await handle.write(Buffer.of((buffer[0] ?? 0) ^ 0x10), 0, 1, at);
  await handle.close();
}

function swapFields(model: TrainedModel, a: string, b: string): TrainedModel {
  const slots = [...model.layout.parameters, ...model.layout.statistics];
  const [first, second] = [a, b].map((field) => slots.find(({ name }) => name === `bn1.${field}`));
  if (first === undefined || second === undefined) throw new Error('no such field');
  const state = model.state.slice();
  state.set(model.state.subarray(second.offset, second.offset + second.size), first.offset);
  const moved = model.state.subarray(first.offset, first.offset + first.size);
  // A negative variance is refused by the writer already.
  state.set(b === 'variance' ? moved.map((value) => Math.abs(value)) : moved, second.offset);
  return { ...model, state };
}

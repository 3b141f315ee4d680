import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { compile } from '#core/compile/compile.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { randomModel } from '#core/export/testing/randomModel.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import type { ForeignNetwork, ModelFile } from '#core/import/foreignModel.ts';
import { matchKerasWeights } from '#core/import/keras/match/matchKerasWeights.ts';
import { documentSchema } from '#core/document/schema.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { told } from '#core/words/testing.ts';
import { writeKeras } from '../export/keras/writeKeras.ts';
import { readKerasFile } from './keras.ts';
import { readForeign } from './readers.ts';
import { REAL_LOGITS, realFiles } from './testing/realFiles.ts';
import { writeHdf5 } from './testing/writeHdf5.ts';

function file(name: string, bytes: Uint8Array<ArrayBuffer>): ModelFile {
  return { name, bytes, names: () => [name], beside: () => null };
}

async function network(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<ForeignNetwork> {
  const model = await readKerasFile(file(name, bytes));
  if (model.kind !== 'network') throw new Error('no network');
  return model;
}

/** Logits of our float64 backend for the image of `REAL_LOGITS`. */
function logits({ document, values }: Pick<ForeignNetwork, 'document' | 'values'>): readonly number[] {
  const graph = must(checkGraph(document.graph).graph, 'a network without errors');
  const optimizer = optimizerPlanOf(document.training);
  const program = compile(graph, { mode: 'evaluate', input: { type: 'f32' }, optimizer, labelSmoothing: 0 });
  const session = referenceBackend.open(program.state, { threads: 1, precision: 'f64' });
  for (const { name, offset } of [...program.state.parameters, ...program.state.statistics])
    session.state.set(must(values.get(name), name).read(), offset);
  const prepared = session.prepare(program, 1);
  const images = Float32Array.from({ length: 16 }, (_, index) => index / 8);
  prepared.run({ images }, { learningRate: 0, step: 1, randomKey: 0 });
  return [...prepared.logits];
}

async function refusal(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    await readKerasFile(file(name, bytes));
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('files that Keras wrote', () => {
  it.each([
    ['m.keras', realFiles.archive],
    ['m.h5', realFiles.old],
  ])('%s has the logits of Keras', async (name, bytes) => {
    const model = await network(name, bytes());
    expect(model.unexpected).toEqual([]);
    expect(documentSchema.safeParse(model.document).success).toBe(true);
    logits(model).forEach((value, index) => expect(value).toBeCloseTo(REAL_LOGITS[index] ?? NaN, 6));
  });

  it('m.weights.h5 fits the network of the others', async () => {
    const { document } = await network('m.keras', realFiles.archive());
    const weights = await readKerasFile(file('m.weights.h5', realFiles.weights()));
    if (weights.kind !== 'weights') throw new Error('no weights');
    expect(weights.metadata['layers/conv2d/vars']).toBe('conv2d');
    const { values, missing } = matchKerasWeights(weights, document);
    expect(missing).toEqual([]);
    logits({ document, values }).forEach((value, index) =>
      expect(value).toBeCloseTo(REAL_LOGITS[index] ?? NaN, 6),
    );
  });
});

describe('a file that NormLab wrote', () => {
  const model = randomModel(
    instantiateTemplate('vgg-bn', { inputShape: [3, 16, 12], classes: 3, id: 'own' }),
    4,
  );
  const prepared = { resize: 'crop', cropFraction: 0.8, channelOrder: 'bgr' } as const;
  const [mean, deviation] = [
    [104, 117.5, 123],
    [50, 60.25, 70],
  ];
  const own: TrainedModel = {
    ...model,
    document: { ...model.document, data: { ...model.document.data, ...prepared } },
    preprocessing: { ...model.preprocessing, ...prepared, mean, deviation },
    classNames: ['a cat', 'a “dog”', 'an owl'],
  };

  it('brings the preparation of its images and its class names along', async () => {
    const { files } = await writeKeras(own, { foldBatchNorm: false });
    const archive = must(files.get('model.keras'), 'model.keras');
    const read = await readForeign(file('model.keras', archive));
    if (read?.kind !== 'network') throw new Error('no network');
    expect(read.document.data).toMatchObject({
      ...prepared,
      normalization: { kind: 'fixed', mean, deviation },
    });
    expect(read.classNames).toEqual(own.classNames);
    expect(told(read.notes).join()).not.toContain('does not say how images');
  });

  it('is read by its layers alone where its metadata is not ours', async () => {
    const { files } = await writeKeras(own, { foldBatchNorm: false });
    const entries = unzipSync(must(files.get('model.keras'), 'model.keras'));
    const strange = { 'normlab.format': '1', 'normlab.project': '{', keras_version: '3.15.1' };
    entries['metadata.json'] = new TextEncoder().encode(JSON.stringify(strange));
    const read = await network('model.keras', new Uint8Array(zipSync(entries)));
    expect(read.document.data.resize).toBe('stretch');
    expect(read.classNames).toBeNull();
  });
});

describe('archives that are refused', () => {
  const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  it.each<readonly [string, Record<string, Uint8Array>, string]>([
    ['without a description', { 'model.weights.h5': new Uint8Array(9) }, 'it has no description'],
    ['without weights', { 'config.json': encode({}) }, 'it has no weights'],
    [
      'with text that is no JSON',
      { 'config.json': new TextEncoder().encode('{'), 'model.weights.h5': new Uint8Array(9) },
      'is not JSON',
    ],
    [
      'with weights that are no HDF5',
      { 'config.json': encode({}), 'model.weights.h5': new Uint8Array(9) },
      'HDF5',
    ],
  ])('%s', async (_, entries, expected) => {
    expect(await refusal('m.keras', new Uint8Array(zipSync(entries)))).toContain(expected);
  });

  it('cut off', async () => {
    expect(await refusal('m.keras', realFiles.archive().slice(0, 9000))).toMatch(/^model-invalid/);
  });
});

describe('HDF5 files that are refused', () => {
  it('without tensors', async () => {
    const bytes = await writeHdf5((root) => root.create_group('layers'));
    expect(await refusal('m.h5', bytes)).toContain('it has no weights');
  });

  it('with a Lambda', async () => {
    const layers = [
      { class_name: 'InputLayer', config: { batch_shape: [null, 4, 4, 3] } },
      { class_name: 'Lambda', config: { name: 'code', function: 'gASVAAAA' } },
    ];
    const config = { class_name: 'Sequential', config: { name: 'm', layers } };
    const bytes = await writeHdf5((root) => root.create_attribute('model_config', JSON.stringify(config)));
    expect(await refusal('m.h5', bytes)).toBe(
      'model-unsupported: m.h5 cannot be brought in: the layer code is a Lambda: its code is not part of the network, and code of a file is never run.',
    );
  });
});

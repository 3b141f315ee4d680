import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { storedVariance } from '#core/batchnorm/statistics.ts';
import { batchStatistic } from '#core/batchnorm/testing/batchStatistic.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { decodeImage } from '../data/decode/decodeImage.ts';
import { evaluateRun } from './evaluateRun.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';
import { loadMeasuredModel } from './measuredModel.ts';
import { predictRun, type Prediction, type Unpredicted } from './predictRun.ts';
import type { Params } from '#core/document/schema.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { readNormStatistics } from '../runs/checkpoint/normStatistics.ts';
import { recalibrateRun } from './recalibrateRun.ts';
import {
  checkpointTensors,
  drawImages,
  openPlayground,
  type Playground,
} from '../runs/testing/imageFolder.ts';
import { trainRun } from '../training/trainRun.ts';
import type { TrainRunOptions } from '../training/trainRunOptions.ts';
import { createTrainControl } from '../training/trainControl.ts';

const backend = referenceBackend;
let playground: Playground;
let run = '';
let trained: Awaited<ReturnType<typeof trainRun>>;
beforeAll(async () => {
  playground = await openPlayground();
  run = playground.at('run');
  trained = await trainRun(options('run'));
});
afterAll(() => playground.remove());

function options(name: string, extra: Partial<TrainRunOptions> = {}): TrainRunOptions {
  return {
    document: tinyDocument({ epochs: 8, learningRate: 0.05 }),
    train: playground.train,
    validation: playground.validation,
    out: playground.at(name),
    cacheFolder: playground.cache,
    backend,
    ...extra,
  };
}
const shared = () => ({ run, backend, cacheFolder: playground.cache });

async function all(paths: string[], batch = 4): Promise<(Prediction | Unpredicted)[]> {
  const predictions: (Prediction | Unpredicted)[] = [];
  for await (const each of predictRun({ ...shared(), paths, batch })) predictions.push(each);
  return predictions;
}

describe('loadRun', () => {
  it('gives weights and provenance of a run', async () => {
    const { model } = await loadRun(run);
    expect(model.classNames).toEqual(['a', 'b', 'c']);
    expect(model.provenance).toMatchObject({ statistics: 'moving-average', batchesSeen: 40, epochs: 8 });
    expect(model.state.some((value) => value !== 0)).toBe(true);
  });

  it('says where there is no run, and where one has no weights', async () => {
    await expect(loadRun(playground.at('none'))).rejects.toMatchObject({ code: 'run-not-found' });
    await mkdir(playground.at('bare'));
    await copyFile(path.join(run, 'run.json'), path.join(playground.at('bare'), 'run.json'));
    await expect(loadRun(playground.at('bare'))).rejects.toMatchObject({
      code: 'run-has-no-weights',
    });
  });
});

describe('evaluateRun', () => {
  it('agrees with the validation of the training, in any batch size', async () => {
    for (const batch of [1, 4, 64]) {
      const result = await evaluateRun({ ...shared(), data: playground.validation, batch });
      expect(result.loss).toBeCloseTo(trained.val?.loss ?? NaN, 10);
      expect(result.accuracy).toBe(trained.val?.accuracy);
      expect(result.images).toBe(9);
    }
  });

  it('counts by class, also where the folder lacks one', async () => {
    await drawImages(playground.at('some'), 4, 3, ['a', 'b']);
    const { accuracy, perClass, confusion } = await evaluateRun({ ...shared(), data: playground.at('some') });
    expect(perClass.map(({ class: name, count }) => [name, count])).toEqual([
      ['a', 4],
      ['b', 4],
      ['c', 0],
    ]);
    expect(perClass[2]?.accuracy).toBeNull();
    expect(confusion.map((row) => row.reduce((sum, cell) => sum + cell, 0))).toEqual([4, 4, 0]);
    expect(confusion.reduce((sum, row, index) => sum + (row[index] ?? 0), 0) / 8).toBe(accuracy);
  });

  it('changes no byte of the run', async () => {
    const before = await readFile(path.join(run, 'checkpoint.safetensors'));
    await evaluateRun({ ...shared(), data: playground.validation });
    await all([playground.validation]);
    expect(await readFile(path.join(run, 'checkpoint.safetensors'))).toEqual(before);
  });
});

describe('predictRun', () => {
  it('gives each image in order, the same in any batch, and the classes that evaluation counts', async () => {
    const predictions = await all([playground.validation]);
    expect(predictions.map(({ file }) => path.relative(playground.validation, file))).toEqual(
      ['a', 'b', 'c'].flatMap((name) => [0, 1, 2].map((index) => path.join(name, `${index}.png`))),
    );
    const alone = await all([path.join(playground.validation, 'b/1.png')], 1);
    const together = predictions[4];
    if (together === undefined || 'error' in together) throw new Error('no prediction');
    expect(alone).toEqual([together]);
    expect(together.top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
    expect(together.top[0]).toEqual({ class: together.class, probability: together.probability });
    const right = predictions.filter(
      (each) => 'class' in each && each.file.includes(`/${each.class}/`),
    ).length;
    expect(right / 9).toBe(trained.val?.accuracy);
  });

  it('reports what it cannot read among the rest', async () => {
    const broken = playground.at('mixed/broken.png');
    await mkdir(path.dirname(broken));
    await writeFile(broken, 'no picture');
    await copyFile(path.join(playground.validation, 'a/0.png'), playground.at('mixed/fine.png'));
    const [first, second] = await all([playground.at('mixed')]);
    expect(first).toMatchObject({ file: broken });
    expect(first).toHaveProperty('error');
    expect(second).toHaveProperty('class');
  });

  it('refuses paths without pictures', async () => {
    await expect(all([playground.at('nowhere')])).rejects.toMatchObject({ code: 'folder-not-found' });
    await mkdir(playground.at('empty'));
    await expect(all([playground.at('empty')])).rejects.toMatchObject({ code: 'folder-no-images' });
  });
});

describe('recalibrateRun', () => {
  it('stores the statistics of the whole training set, computed here by hand for the first layer', async () => {
    await trainRun(options('exact'));
    const exact = playground.at('exact');
    const { model: before } = await loadRun(exact);
    const result = await recalibrateRun({ ...shared(), run: exact, data: playground.train });
    expect(result).toMatchObject({ images: 24, batches: 4, layers: 1 });
    const { model: after } = await loadRun(exact);
    expect(after.provenance.statistics).toBe('exact');
    const { pass } = await readNormStatistics(exact);
    expect(pass).toMatchObject({
      ...{ images: 24, batches: 4, ofBatches: 4, over: 'training', passes: 1 },
      judged: { on: 'train', before: result.before, after: result.after },
    });
    expect(pass?.errors).toEqual(result.blockErrors);
    expect((await evaluateRun({ ...shared(), run: exact, data: playground.train })).loss).toBe(
      result.after.loss,
    );

    const mean = before.layout.statistics.find(({ name }) => name === 'bn1.mean');
    const variance = before.layout.statistics.find(({ name }) => name === 'bn1.variance');
    if (!mean || !variance) throw new Error('slots are missing');
    const whole = batchStatistic(await outputsOfFirst(before));
    expect(after.state[mean.offset]).toBeCloseTo(whole.mean, 10);
    expect(after.state[variance.offset]).toBeCloseTo(
      storedVariance(whole.variance, whole.count, 'unbiased'),
      10,
    );
    const parameters = (model: typeof before) => model.state.slice(0, model.layout.parameterSize);
    expect(parameters(after)).toEqual(parameters(before));
  });

  it('leaves the training untouched: a recalibrated run resumes with the same bits', async () => {
    await trainRun(options('plain'));
    const control = createTrainControl();
    const onEvent: TrainRunOptions['onEvent'] = (event) => {
      if (event.type === 'checkpoint' && event.step === 7) control.stop();
    };
    const stopped = trainRun(options('between', { control, onEvent, checkpointEveryMs: 0 }));
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
    const between = playground.at('between');
    await recalibrateRun({ ...shared(), run: between, data: playground.train });
    await recalibrateRun({ ...shared(), run: between, data: playground.train, batches: 1 });
    expect((await loadRun(between)).checkpoint.statistics).toBe('exact');
    await trainRun(options('between', { resume: true }));
    const tensors = await checkpointTensors(between);
    expect(tensors.equals(await checkpointTensors(playground.at('plain')))).toBe(true);
  });

  it('measures the averaged weights of a stopped run where they are used, or says why it cannot', async () => {
    const averaging = { kind: 'ema', decay: 0.9, validate: 'average' } as const;
    const document = tinyDocument({ epochs: 8, learningRate: 0.05, averaging });
    const control = createTrainControl();
    const onEvent: TrainRunOptions['onEvent'] = (event) => {
      if (event.type === 'checkpoint' && event.step === 7) control.stop();
    };
    const train = playground.at('own');
    await cp(playground.train, train, { recursive: true });
    const settings = { document, train, control, onEvent, checkpointEveryMs: 0 };
    await expect(trainRun(options('averaged', settings))).rejects.toMatchObject({ code: 'interrupted' });
    const averaged = playground.at('averaged');
    const load = (weights?: 'raw') =>
      loadMeasuredModel(averaged, weights, { backend, cacheFolder: playground.cache });
    const { model: stale } = await loadRun(averaged);
    const file = await checkpointTensors(averaged);
    const model = await load();
    expect(model.provenance).toMatchObject({ statistics: 'exact', weights: 'ema' });
    expect((await checkpointTensors(averaged)).equals(file)).toBe(true);

    const mean = must(
      model.layout.statistics.find(({ name }) => name === 'bn1.mean'),
      'mean',
    );
    const whole = batchStatistic(await outputsOfFirst(model));
    expect(model.state[mean.offset]).toBeCloseTo(whole.mean, 10);
    expect(Math.abs(must(stale.state[mean.offset], 'mean') - whole.mean)).toBeGreaterThan(1e-6);
    const asked = { ...shared(), run: averaged, data: playground.validation };
    const copy = playground.at('averaged-copy');
    await cp(averaged, copy, { recursive: true });
    await recalibrateRun({ ...shared(), run: copy, data: train });
    const stored = await evaluateRun({ ...asked, run: copy });
    expect((await evaluateRun(asked)).loss).toBe(stored.loss);

    await rm(path.join(train, 'a/0.png'));
    await expect(load()).rejects.toMatchObject({
      code: 'run-has-no-weights',
      message: expect.stringMatching(/stopped before its end.*are not those.*--weights raw/) as string,
    });
    await expect(evaluateRun(asked)).rejects.toMatchObject({ code: 'run-has-no-weights' });
    expect((await load('raw')).provenance.statistics).toBe('moving-average');
  });

  it.each([
    ['normalizes by stored statistics and updates them', { normalizeBy: 'stored' }],
    ['renormalizes', { renorm: true, renormStart: 2, renormEndR: 9, renormEndD: 9 }],
    ['normalizes in groups', { ghostSize: 2 }],
    ['averages cumulatively', { averaging: 'cumulative' }],
  ] as const)('measures a block that %s', async (name, params) => {
    const out = playground.at(name.replaceAll(' ', '-'));
    await trainRun(options('', { document: normDocument(params), out }));
    const { model: before } = await loadRun(out);
    const result = await recalibrateRun({ ...shared(), run: out, data: playground.train });
    expect(result).toMatchObject({ images: 24, batches: 4, layers: 1, frozen: 0, passes: 1 });
    expect(result.errors.map(({ batches, images }) => [batches, images])).toEqual([
      [2, 10],
      [4, 24],
    ]);
    for (const { typical, worst } of result.errors) {
      expect(typical.mean).toBeGreaterThan(0);
      expect(typical.mean).toBeLessThanOrEqual(worst.mean);
      expect(worst.variance).toBeLessThan(1);
    }
    // The first block's input does not depend on how it normalizes: the statistics are those of any other such network.
    const { model: after } = await loadRun(out);
    const mean = must(
      after.layout.statistics.find(({ field }) => field === 'mean'),
      'mean',
    );
    const whole = await outputsOfFirst(before);
    expect(after.state[mean.offset]).toBeCloseTo(batchStatistic(whole).mean, 10);
  });

  it('refuses a network whose blocks are all frozen', async () => {
    const document = normDocument({ normalizeBy: 'stored', updateStatistics: false });
    await trainRun(options('frozen', { document }));
    const attempt = recalibrateRun({ ...shared(), run: playground.at('frozen'), data: playground.train });
    await expect(attempt).rejects.toThrow(/The only BatchNorm block is frozen .*bn1/);
  });
});

/** The tiny network with other settings of its BatchNorm. */
function normDocument(params: Params) {
  const document = tinyDocument({ epochs: 1 });
  const nodes = Object.fromEntries(
    Object.entries(document.graph.nodes).map(([id, node]) =>
      node.kind === 'batchNorm' ? [id, { ...node, params: { ...node.params, ...params } }] : [id, node],
    ),
  );
  return { ...document, graph: { ...document.graph, nodes } };
}

/** What the first channel of the convolution gives over the whole training folder, computed by hand. */
async function outputsOfFirst(model: TrainedModel): Promise<number[]> {
  const { offset } = must(
    model.layout.parameters.find(({ name }) => name === 'conv1.weights'),
    'weights',
  );
  const files = filesOf(playground.train);
  const pictures = await Promise.all(files.map((file) => decodeImage(file, model.preprocessing)));
  return pictures.flatMap((pixels) =>
    convolve(pixels, model.preprocessing, model.state.slice(offset, offset + 9)),
  );
}

function filesOf(folder: string): string[] {
  return ['a', 'b', 'c'].flatMap((name) =>
    Array.from({ length: 8 }, (_, index) => path.join(folder, name, `${index}.png`)),
  );
}

/** First output channel of a 3 × 3 convolution with zero padding over a normalized 6 × 6 image, written out plainly. */
function convolve(
  pixels: Uint8Array,
  { mean, deviation }: { mean: number[]; deviation: number[] },
  kernel: ArrayLike<number>,
): number[] {
  const value = (y: number, x: number): number =>
    y < 0 || x < 0 || y > 5 || x > 5
      ? 0
      : ((pixels[y * 6 + x] ?? NaN) - (mean[0] ?? NaN)) / (deviation[0] ?? NaN);
  return Array.from({ length: 36 }, (_, at) => {
    let sum = 0;
    for (let tap = 0; tap < 9; tap += 1) {
      sum +=
        (kernel[tap] ?? NaN) * value(Math.floor(at / 6) + Math.floor(tap / 3) - 1, (at % 6) + (tap % 3) - 1);
    }
    return sum;
  });
}

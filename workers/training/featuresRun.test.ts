import { readdir, rm, truncate } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Augmentation } from '#core/augment/augmentation.ts';
import type { Backend } from '#core/backend/backend.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import type { RunResult } from '#core/contract/runResult.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import { GraphBuilder } from '#core/templates/graphBuilder.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { message } from '#core/words/message.ts';
import { createNativeBackend } from '../native/nativeBackend.ts';
import { requireAddon } from '../native/testing/programs.ts';
import { readMetrics } from '../runs/metrics/metricsWriter.ts';
import { checkpointTensors, openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { planRun } from './planRun.ts';
import { createTrainControl } from './trainControl.ts';
import type { TrainEvent } from './trainEvents.ts';
import { trainRun } from './trainRun.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

const FROZEN_NORM = { normalizeBy: 'stored', updateStatistics: false, trainGamma: false, trainBeta: false };
const FLIPS: Augmentation = { border: 'black', horizontalFlip: { probability: 0.5 } };
const NATIVE = createNativeBackend(requireAddon());

/** A frozen trunk of two convolutions under a head with a BatchNorm and dropout, for 6 × 6 gray images. */
function frozenDocument(
  settings: Partial<TrainingSettings> = {},
  augmentation?: Augmentation,
  trainsTrunk = false,
): GraphDocument {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], [], { height: 6, width: 6, channels: 1 });
  const trunk = { filters: 8, trainWeights: trainsTrunk };
  const conv = builder.add('conv1', 'conv2d', [0, 1], [input], { ...trunk, kernelY: 5, kernelX: 5 });
  const norm = builder.add('bn1', 'batchNorm', [0, 2], [conv], FROZEN_NORM);
  const relu = builder.add('relu1', 'relu', [0, 3], [norm]);
  const second = builder.add('conv2', 'conv2d', [0, 4], [relu], trunk);
  const pool = builder.add('pool1', 'maxPool', [0, 5], [second]);
  const head = builder.add('conv3', 'conv2d', [0, 5], [pool], { filters: 4 });
  const headNorm = builder.add('bn2', 'batchNorm', [0, 6], [head], { decay: 0.8 });
  const drop = builder.add('drop1', 'dropout', [0, 7], [headNorm], { rate: 0.3 });
  const flat = builder.add('flatten', 'flatten', [0, 8], [drop]);
  const dense = builder.add('dense1', 'dense', [0, 9], [flat], { units: 3 });
  builder.add('output', 'output', [0, 10], [dense]);
  const { graph, positions } = builder.build();
  const tiny = tinyDocument({ epochs: 3, ...settings });
  const data = augmentation === undefined ? tiny.data : { ...tiny.data, augmentation };
  return { ...tiny, graph, layout: { positions }, data };
}

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground();
});
afterAll(() => playground.remove());

function train(name: string, document: GraphDocument | null, extra: Partial<TrainRunOptions> = {}) {
  return trainRun({
    document,
    train: playground.train,
    validation: playground.validation,
    out: playground.at(name),
    cacheFolder: playground.cache,
    backend: referenceBackend,
    ...extra,
  });
}

/** What a run leaves behind, apart from times. */
async function outcomeOf(name: string, { train: trained, val, best }: RunResult) {
  // Statistics are written by the clock.
  const losses = (await readMetrics(playground.at(name))).flatMap((event) =>
    'loss' in event ? [[event.kind, event.step, event.loss]] : [],
  );
  const tensors = await checkpointTensors(playground.at(name));
  return { trained, val, best, losses, tensors: tensors.toString('base64') };
}

async function both(
  name: string,
  make: (settings: Partial<TrainingSettings>) => GraphDocument,
  backend: Backend,
) {
  const kept = await train(`${name}-kept`, make({}), { backend });
  const plain = await train(`${name}-plain`, make({ features: 'off' }), { backend });
  expect(plain.features).toBeUndefined();
  return { kept, outcomes: [await outcomeOf(`${name}-kept`, kept), await outcomeOf(`${name}-plain`, plain)] };
}

describe.each([
  ['the native backend in f32', NATIVE, 'f32'],
  ['the reference backend', referenceBackend, 'auto'],
] as const)('features on %s', (title, backend, precision) => {
  const name = title.replaceAll(' ', '-');
  it('give the run without them, to the bit', async () => {
    const { kept, outcomes } = await both(
      name,
      (settings) => frozenDocument({ precision, ...settings }),
      backend,
    );
    expect(kept.features).toMatchObject([
      {
        ...{ blocks: 5, after: 'pool1', shape: [8, 3, 3], versions: 1 },
        difference: { largest: 0, relative: 0, images: 3 },
      },
    ]);
    expect(outcomes[0]).toEqual(outcomes[1]);
  });
  it('give it with averaged weights, gradient accumulation and no validation of its own', async () => {
    const { outcomes } = await both(
      `${name}-more`,
      (settings) =>
        frozenDocument({
          ...{ precision, accumulate: 2, ...settings },
          averaging: { kind: 'ema', decay: 0.9, validate: 'both' },
          clipping: { kind: 'norm', limit: 1 },
        }),
      backend,
    );
    expect(outcomes[0]).toEqual(outcomes[1]);
  });
});

it('keep versions of augmented images: the epochs of the first round are those without', async () => {
  const { kept, outcomes } = await both(
    'augmented',
    (settings) => frozenDocument({ precision: 'f32', epochs: 3, featureVersions: 2, ...settings }, FLIPS),
    NATIVE,
  );
  expect(kept.features).toMatchObject([{ versions: 2, difference: { largest: 0 } }]);
  const [one, other] = outcomes.map(({ losses }) => losses.filter(([kind]) => kind === 'epoch'));
  expect(one?.slice(0, 2)).toEqual(other?.slice(0, 2));
  expect(one?.[2]).not.toEqual(other?.[2]);
});

describe('a run whose head trains first', () => {
  const headFirst = (settings: Partial<TrainingSettings> = {}): GraphDocument =>
    frozenDocument({ precision: 'f32', epochs: 4, headEpochs: 2, ...settings }, undefined, true);

  it('computes the trunk once for these epochs, and gives the run without features, to the bit', async () => {
    const { kept, outcomes } = await both('head-first', headFirst, NATIVE);
    expect(kept.features).toMatchObject([{ phase: 'head', after: 'bn2', difference: { largest: 0 } }]);
    expect(outcomes[0]).toEqual(outcomes[1]);
  });
  it.each([3, 11])('resumes after %i steps with the same bits', async (steps) => {
    const control = createTrainControl();
    const onEvent = (event: TrainEvent): void => {
      if (event.type === 'checkpoint' && event.step >= steps) control.stop();
    };
    const name = `head-stopped-${steps}`;
    const extra = { backend: NATIVE, control, onEvent, checkpointEveryMs: 0 };
    await expect(train(name, headFirst(), extra)).rejects.toMatchObject({ code: 'interrupted' });
    const resumed = await train(name, null, { resume: true, backend: NATIVE });
    const whole = await train('head-first-kept', null, { resume: true, backend: NATIVE });
    expect(await outcomeOf(name, resumed)).toEqual(await outcomeOf('head-first-kept', whole));
    expect(resumed.features?.length ?? 0).toBe(steps === 3 ? 1 : 0);
  });
});

describe('the cache of features', () => {
  const files = async (): Promise<string[]> =>
    (await readdir(playground.cache)).filter((each) => each.endsWith('.features'));
  const document = frozenDocument({ seed: 11 });

  it('serves a second run and a resumed one; other weights have features of their own', async () => {
    const first = await train('first', document);
    expect(first.features?.[0]?.reused).toBe(false);
    const before = (await files()).length;
    expect((await train('second', document)).features?.[0]?.reused).toBe(true);
    expect(await files()).toHaveLength(before);
    expect((await train('third', frozenDocument({ seed: 12 }))).features?.[0]?.reused).toBe(false);
    expect(await files()).toHaveLength(before + 2);
  });

  it.each([0, 2 ** 30])(
    'resumes in the middle with the same bits, with %i bytes of memory',
    async (bytes) => {
      const name = `middle-${bytes}`;
      const control = createTrainControl();
      const onEvent = (event: TrainEvent): void => {
        if (event.type === 'checkpoint' && event.step >= 7) control.stop();
      };
      const extra = { memoryBudgetBytes: bytes, backend: NATIVE };
      const stopped = train(name, document, { ...extra, control, onEvent, checkpointEveryMs: 0 });
      await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
      const resumed = await train(name, null, { ...extra, resume: true });
      const { features, ...whole } = await train(`${name}-whole`, document, extra);
      expect(resumed.features?.[0]?.reused).toBe(true);
      expect(features?.[0]?.after).toBe('pool1');
      expect(await outcomeOf(name, resumed)).toEqual(await outcomeOf(`${name}-whole`, whole));
    },
  );

  it('computes again what was damaged', async () => {
    for (const file of await files()) await truncate(path.join(playground.cache, file), 100);
    const again = await train('again', document);
    expect(again.features?.[0]?.reused).toBe(false);
    const first = await outcomeOf('first', await train('first', null, { resume: true }));
    expect(await outcomeOf('again', again)).toEqual(first);
  });

  it('stops while it computes, and leaves nothing incomplete', async () => {
    await rm(playground.cache, { recursive: true });
    const control = createTrainControl();
    const labels: string[] = [];
    const onEvent = (event: TrainEvent): void => {
      if (event.type === 'progress') labels.push(event.label.key);
      if (labels.at(-1) === 'features.computing') control.stop();
    };
    const run = train('stopped', document, { control, onEvent });
    await expect(run).rejects.toMatchObject({ code: 'interrupted', said: { key: 'runs.stoppedBefore' } });
    expect(labels).not.toContain('features.computingValidation');
    expect((await readdir(playground.cache)).every((each) => each.endsWith('.pixels'))).toBe(true);
    const result = await train('stopped', null, { resume: true });
    expect(await outcomeOf('stopped', result)).toEqual(
      await outcomeOf('first', await train('first', null, { resume: true })),
    );
  });
});

it('says before the start, and in its plan, what is computed once', async () => {
  const events: TrainEvent[] = [];
  const document = frozenDocument();
  const { train: folder, validation, cache } = playground;
  await train('said', document, { onEvent: (event) => events.push(event) });
  const planned = await planRun({
    document,
    train: folder,
    validation,
    cacheFolder: cache,
    weightsFolder: cache,
  });
  const said = message('features.once', { blocks: 5, shape: '8 × 3 × 3' });
  expect(planned.facts).toContainEqual(said);
  expect(events.find((event) => event.type === 'plan')?.notes).toContainEqual(said);
});

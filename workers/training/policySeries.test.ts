import { readFile, writeFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import type { Comparison } from '#core/contract/policyComparison.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { parseDocument } from '#core/document/parse.ts';
import { RUN_POLICIES, type RunPolicy } from '#core/nodes/batchNormPolicies.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';
import { readMetrics } from '../runs/metrics/metricsWriter.ts';
import { readRunStatus } from '../runs/folder/runFolder.ts';
import { drawImages, openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { createTrainControl, type TrainControl } from './trainControl.ts';
import { runPolicySeries, type PolicySeriesOptions } from './policySeries.ts';
import type { TrainerHandle, TrainerRequest } from './trainerClient.ts';
import { trainRun } from './trainRun.ts';

let playground: Playground;
const home = process.env.NORMLAB_HOME;
beforeAll(async () => {
  playground = await openPlayground();
  process.env.NORMLAB_HOME = playground.at('home');
  await drawImages(playground.at('test'), 4, 3);
  await drawImages(playground.at('two'), 8, 4, ['a', 'b']);
  await trainRun({
    ...{ document: tinyDocument(), train: playground.train, validation: playground.validation },
    ...{ out: playground.at('trained'), cacheFolder: playground.cache, backend: referenceBackend },
  });
});
afterAll(async () => {
  if (home === undefined) delete process.env.NORMLAB_HOME;
  else process.env.NORMLAB_HOME = home;
  await playground.remove();
});

/** Trains in the calling thread, on the reference backend. */
function here(request: TrainerRequest, control: TrainControl = createTrainControl()): TrainerHandle {
  const { project, ...rest } = request;
  const parsed = parseDocument(project ?? '');
  if (!parsed.ok) throw new Error('project');
  const done = trainRun({ ...rest, document: parsed.document, backend: referenceBackend, control });
  return {
    ...{ pause: control.pause, resume: control.resume, stop: control.stop, done },
    ...{ onEvent: () => () => undefined, kill: () => Promise.resolve() },
  };
}

function options(out: string, change: Partial<PolicySeriesOptions> = {}): PolicySeriesOptions {
  return {
    document: tinyDocument({ epochs: 2 }),
    ...{
      train: playground.train,
      validation: playground.validation,
      labels: null,
      splitFrom: null,
      test: null,
    },
    ...{ from: playground.at('trained'), policies: RUN_POLICIES, out: playground.at(out) },
    ...{ cacheFolder: playground.cache, start: (request: TrainerRequest) => here(request) },
    ...change,
  };
}

function row(comparison: Comparison, policy: Comparison['rows'][number]['policy']) {
  return must(
    comparison.rows.find((each) => each.policy === policy),
    policy,
  );
}

/** In float32, the precision of weights files. */
async function valuesOf(run: string, prefix: string): Promise<number[]> {
  const { model } = await loadRun(run);
  return [...model.layout.parameters, ...model.layout.statistics]
    .filter(({ name }) => name.startsWith(prefix))
    .flatMap(({ offset, size }) => [...Float32Array.from(model.state.subarray(offset, offset + size))]);
}

describe('a comparison whose head is kept', () => {
  let comparison: Comparison;
  beforeAll(async () => {
    comparison = await runPolicySeries(options('kept', { test: playground.at('test') }));
  });

  it('has the weights as they came, and a row for each policy', () => {
    expect(comparison.rows.map(({ policy }) => policy)).toEqual(['start', ...RUN_POLICIES]);
    for (const { validation } of comparison.rows) expect(validation).toMatchObject({ images: 9 });
    expect(comparison.failures).toEqual([]);
  });

  it('splits alike, and tests each run with a test part', async () => {
    const splits = await Promise.all(
      RUN_POLICIES.map((policy) => readFile(playground.at(`kept/${policy}/split.json`), 'utf8')),
    );
    expect(new Set(splits).size).toBe(1);
    for (const policy of RUN_POLICIES) expect(row(comparison, policy).test).toMatchObject({ images: 12 });
  });

  it('moves the statistics only where the policy lets them move', () => {
    expect(row(comparison, 'frozen').moved).toMatchObject({ node: 'bn1', deviations: 0 });
    expect(row(comparison, 'affine').moved?.deviations).toBe(0);
    expect(row(comparison, 'adapt').moved?.deviations).toBeGreaterThan(0.001);
    expect(row(comparison, 'recalibrated').moved?.deviations).toBeGreaterThan(0.001);
  });

  it('trains nothing after recalibrating, and the run is an ordinary one', async () => {
    const recalibrated = playground.at('kept/recalibrated');
    const [was, is] = [playground.at('trained'), recalibrated];
    expect(await valuesOf(is, 'conv1')).toEqual(await valuesOf(was, 'conv1'));
    expect(await valuesOf(is, 'dense1')).toEqual(await valuesOf(was, 'dense1'));
    expect(await valuesOf(is, 'bn1.mean')).not.toEqual(await valuesOf(was, 'bn1.mean'));
    expect(row(comparison, 'recalibrated')).toMatchObject({ loss: null, validation: { epoch: 0 } });
    expect(await readRunStatus(recalibrated)).toMatchObject({
      kind: 'finished',
      result: { epochs: 0, steps: 0 },
    });
    expect(await readMetrics(recalibrated)).toMatchObject([{ kind: 'epoch', epoch: 0, step: 0 }]);
  });

  it('reads the evaluation of the start from the weights as they came', async () => {
    const trained = await readRunStatus(playground.at('trained'));
    if (trained.kind !== 'finished') throw new Error('not finished');
    expect(row(comparison, 'start').validation?.accuracy).toBe(trained.result.val?.accuracy);
  });

  it('goes on for more epochs after a run without training', async () => {
    const copy = options('longer', { policies: ['recalibrated'] });
    await runPolicySeries(copy);
    const result = await trainRun({
      ...{ document: null, train: null, validation: null, out: playground.at('longer/recalibrated') },
      ...{ resume: true, wish: { epochs: 3 }, backend: referenceBackend, cacheFolder: playground.cache },
    });
    expect(result.epochs).toBe(3);
  });
});

describe('a comparison whose head is replaced', () => {
  it('trains under all five with the same initial head, and has no row of the start', async () => {
    const tiny = tinyDocument({ epochs: 1 }, 2);
    const document = { ...tiny, data: { ...tiny.data, validationFraction: 0.25 } };
    const given = { train: playground.at('two'), validation: null, document };
    const comparison = await runPolicySeries(options('replaced', given));
    expect(comparison.rows.map(({ policy }) => policy)).toEqual([...RUN_POLICIES]);
    expect(row(comparison, 'recalibrated').validation?.epoch).toBe(1);
    expect(row(comparison, 'recalibrated').loss).not.toBeNull();
    const splits = await Promise.all(
      RUN_POLICIES.map((policy) => readFile(playground.at(`replaced/${policy}/split.json`), 'utf8')),
    );
    expect(new Set(splits).size).toBe(1);
  });
});

describe('a comparison that was stopped', () => {
  /** Stops the run of `policy` once it begins. */
  function stopping(policy: RunPolicy): PolicySeriesOptions {
    return options('stopped', {
      start: (request) => {
        const control = createTrainControl();
        if (request.series?.policy === policy) control.stop();
        return here(request, control);
      },
    });
  }

  it('keeps what is done, and goes on with what is missing to the same table', async () => {
    await expect(runPolicySeries(stopping('affine'))).rejects.toMatchObject({ code: 'interrupted' });
    const file = playground.at('stopped/comparison.json');
    const half = JSON.parse(await readFile(file, 'utf8')) as Comparison;
    expect(half.rows.map(({ policy }) => policy)).toEqual(['start', 'frozen', 'adapt']);
    const begun: string[] = [];
    const whole = await runPolicySeries(options('stopped', { onRun: ({ policy }) => begun.push(policy) }));
    expect(begun).toEqual(['affine', 'all', 'recalibrated']);
    const direct = await runPolicySeries(options('direct'));
    const figures = ({ rows }: Comparison) => rows.map(({ seconds: _seconds, ...rest }) => rest);
    expect(figures(whole)).toEqual(figures(direct));
    expect(whole.verdict).toEqual(direct.verdict);
  });

  it('refuses other settings, images and weights, and names the first difference', async () => {
    await expect(
      runPolicySeries(options('stopped', { document: tinyDocument({ epochs: 3 }) })),
    ).rejects.toMatchObject({ code: 'arguments', said: { key: 'runs.otherSettings' } });
    await expect(runPolicySeries(options('stopped', { train: playground.at('two') }))).rejects.toMatchObject({
      said: { key: 'policies.otherFolder' },
    });
    await expect(
      runPolicySeries(options('stopped', { from: playground.at('kept/frozen') })),
    ).rejects.toMatchObject({ said: { key: 'policies.otherStart' } });
  });

  it('refuses new images in the folder', async () => {
    await drawImages(playground.at('changing'), 4, 5);
    const changing = { train: playground.at('changing'), validation: null };
    await runPolicySeries(options('changed', { ...changing, policies: ['frozen'] }));
    await drawImages(playground.at('changing'), 5, 6);
    await expect(
      runPolicySeries(options('changed', { ...changing, policies: ['frozen', 'all'] })),
    ).rejects.toMatchObject({ said: { key: 'policies.imagesChanged' } });
  });

  it('refuses a damaged file, a folder with other files, and a network without weights or norms', async () => {
    await writeFile(playground.at('stopped/comparison.json'), '{');
    await expect(runPolicySeries(options('stopped'))).rejects.toMatchObject({ code: 'run-invalid' });
    await expect(runPolicySeries(options('train'))).rejects.toMatchObject({ code: 'output-exists' });
    await expect(runPolicySeries(options('none', { from: null }))).rejects.toMatchObject({
      said: { key: 'policies.needsStart' },
    });
    await rm(path.join(playground.root, 'none'), { recursive: true, force: true });
  });
});

import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { decodeSafetensors } from '#core/export/safetensors.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { openLabHome } from '../files/labHome.ts';
import { importProject } from '../import/importProject.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';
import {
  checkpointTensors,
  drawImages,
  openPlayground,
  type Playground,
} from '../runs/testing/imageFolder.ts';
import { createTrainControl } from './trainControl.ts';
import type { TrainPlan } from './trainEvents.ts';
import { trainRun } from './trainRun.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

let playground: Playground;
let trained: string;
const home = process.env.NORMLAB_HOME;
beforeAll(async () => {
  playground = await openPlayground();
  process.env.NORMLAB_HOME = playground.at('home');
  trained = playground.at('trained');
  await trainRun(options('trained'));
});
afterAll(async () => {
  if (home === undefined) delete process.env.NORMLAB_HOME;
  else process.env.NORMLAB_HOME = home;
  await playground.remove();
});

function options(name: string, extra: Partial<TrainRunOptions> = {}): TrainRunOptions {
  return {
    document: tinyDocument(),
    train: playground.train,
    validation: playground.validation,
    out: playground.at(name),
    cacheFolder: playground.cache,
    backend: referenceBackend,
    ...extra,
  };
}

/** Stops a run before its first step, and returns its plan. */
async function begin(name: string, extra: Partial<TrainRunOptions> = {}): Promise<TrainPlan> {
  const control = createTrainControl();
  let plan: TrainPlan | null = null;
  const onEvent: TrainRunOptions['onEvent'] = (event) => {
    if (event.type !== 'plan') return;
    plan = event;
    control.stop();
  };
  await expect(trainRun(options(name, { ...extra, control, onEvent }))).rejects.toMatchObject({
    code: 'interrupted',
  });
  if (plan === null) throw new Error('no plan');
  return plan;
}

async function stateOf(run: string): Promise<Map<string, number[]>> {
  const { model } = await loadRun(run);
  return new Map(
    [...model.layout.parameters, ...model.layout.statistics].map(({ name, offset, size }) => [
      name,
      [...model.state.subarray(offset, offset + size)],
    ]),
  );
}

/** A state in float32, the precision of weights files. */
function inFloat32(state: Map<string, number[]>): Map<string, number[]> {
  return new Map([...state].map(([name, values]) => [name, [...Float32Array.from(values)]]));
}

describe('a run that starts from another run', () => {
  it('has its weights and statistics before the first step, and keeps the head of the same classes', async () => {
    const plan = await begin('again', { from: trained });
    expect(await stateOf(playground.at('again'))).toEqual(inFloat32(await stateOf(trained)));
    expect(plan.notes.map(inEnglish)).toEqual(
      expect.arrayContaining([
        'Starts from trained: 7 of 7 tensors.',
        'The head is kept: the classes are the same.',
      ]),
    );
  });

  it('initializes the head for other classes, as a run from the beginning does', async () => {
    const other = playground.at('other-classes');
    await drawImages(other, 8, 3, ['x', 'y', 'z']);
    await begin('replaced', { from: trained, train: other, validation: null });
    await begin('scratch', { train: other, validation: null });
    const [replaced, scratch] = [await stateOf(playground.at('replaced')), inFloat32(await stateOf(trained))];
    expect(replaced.get('conv1.weights')).toEqual(scratch.get('conv1.weights'));
    expect(replaced.get('bn1.variance')).toEqual(scratch.get('bn1.variance'));
    expect(replaced.get('dense1.weights')).not.toEqual(scratch.get('dense1.weights'));
    expect(replaced.get('dense1.bias')).toEqual((await stateOf(playground.at('scratch'))).get('dense1.bias'));
  });

  it('is recorded in the manifest, and resumes when the other run is gone', async () => {
    const moved = playground.at('source');
    await trainRun(options('source'));
    await begin('resumed', { from: moved });
    const manifest = JSON.parse(await readFile(playground.at('resumed/run.json'), 'utf8')) as {
      start: unknown;
    };
    expect(manifest.start).toEqual({
      source: 'source',
      path: moved,
      matched: 7,
      initialized: [],
      partial: false,
    });
    await rm(moved, { recursive: true });
    await trainRun(options('resumed', { resume: true, document: null, train: null }));
    await trainRun(options('straight', { from: trained }));
    expect(await checkpointTensors(playground.at('resumed'))).toEqual(
      await checkpointTensors(playground.at('straight')),
    );
  });

  it('refuses a network that the weights do not fit before any image is decoded', async () => {
    const bigger = tinyDocument();
    const conv = bigger.graph.nodes as Record<string, { params: Record<string, unknown> }>;
    if (conv['conv1']) conv['conv1'].params['filters'] = 5;
    const failing = trainRun(options('unfit', { from: trained, document: bigger }));
    await expect(failing).rejects.toMatchObject({ code: 'weights-mismatch' });
    await expect(failing).rejects.toThrow('conv1.weights, bn1.gamma, bn1.beta, bn1.mean, bn1.variance');
  });
});

describe('a project with starting weights', () => {
  /** Imports the trained run as `project` with its weights beside it. */
  async function imported(name: string): Promise<{ document: GraphDocument; folder: string }> {
    const folder = playground.at(name);
    await mkdir(folder, { recursive: true });
    const { document } = await importProject(
      { from: trained, architecture: null, partial: false, weightsFolder: openLabHome().weights },
      { kind: 'file', file: path.join(folder, 'net.weights.safetensors'), overwrite: false },
    );
    await writeFile(path.join(folder, 'net.normlab.json'), serializeDocument(document));
    return { document, folder };
  }

  it('starts from them, keeps the head for the same classes, and takes an id of its own', async () => {
    const { document, folder } = await imported('project');
    expect(document.start).toMatchObject({ source: 'trained', classNames: ['a', 'b', 'c'] });
    expect(document.id).not.toBe('tiny');
    await begin('from-project', { document, weightsFolders: [folder] });
    expect(await stateOf(playground.at('from-project'))).toEqual(inFloat32(await stateOf(trained)));
  });

  it('can be read as a model itself', async () => {
    const { folder } = await imported('as-model');
    await begin('from-file', { from: path.join(folder, 'net.normlab.json') });
    expect(await stateOf(playground.at('from-file'))).toEqual(inFloat32(await stateOf(trained)));
  });

  it('says when the weights are gone or changed, and finds them in the folder of the lab', async () => {
    const { document, folder } = await imported('lost');
    const weights = path.join(folder, 'net.weights.safetensors');
    const stored = path.join(openLabHome().weights, `${document.start?.sha256 ?? ''}.safetensors`);
    await copyFile(weights, stored);
    await rename(weights, `${weights}.old`);
    await begin('from-store', { document, weightsFolders: [folder] });
    await rm(stored);
    await expect(trainRun(options('gone', { document, weightsFolders: [folder] }))).rejects.toThrow(
      'net.weights.safetensors are neither beside the project nor in the lab',
    );
    const bytes = await readFile(`${weights}.old`);
    bytes[bytes.length - 1] = 1 ^ (bytes.at(-1) ?? 0);
    await writeFile(weights, bytes);
    await expect(trainRun(options('changed', { document, weightsFolders: [folder] }))).rejects.toThrow(
      'the content has changed',
    );
  });

  it('has a weights file with the names of the state layout', async () => {
    const { folder } = await imported('names');
    const { tensors, metadata } = decodeSafetensors(
      await readFile(path.join(folder, 'net.weights.safetensors')),
    );
    expect([...tensors.keys()].sort()).toEqual([...(await stateOf(trained)).keys()].sort());
    expect(metadata).toMatchObject({ 'normlab.weights': '1' });
  });
});

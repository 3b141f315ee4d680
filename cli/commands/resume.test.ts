import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { exitCodeFor } from '#core/diagnostics/codes.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { checkpointTensors, drawImages } from '#workers/runs/testing/imageFolder.ts';
import { planResume, type ResumePlan } from '#workers/training/resumePlan.ts';
import { documentOf } from '#workers/runs/folder/runDocument.ts';
import { readRunStatus } from '#workers/runs/folder/runFolder.ts';
import { withNetworkOptions } from '../networks/network.ts';
import { resumedNetwork, resumeWish } from '../networks/resumeNetwork.ts';
import { withTrainOptions, type TrainOptions } from '../options/trainOptions.ts';
import { lastJson, openTerminal, refusalOf, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('train'), 8, 1);
  await drawImages(terminal.at('other'), 8, 5);
  await terminal.project('tiny', tinyDocument({ schedule: { kind: 'constant' } }));
  await terminal.project('cosine', tinyDocument());
  for (const [project, out, epochs] of [
    ['tiny', 'run', '2'],
    ['tiny', 'longer', '4'],
    ['cosine', 'cosine', '2'],
  ] as const) {
    const ended = await terminal.run(
      'train',
      `${project}.normlab.json`,
      ...DATA,
      '--epochs',
      epochs,
      '--out',
      out,
    );
    expect(ended.status, ended.stderr).toBe(0);
  }
}, 60_000);
afterAll(() => terminal.remove());

const DATA = ['--data', 'train', '--threads', '1', '--precision', 'f32'];

function resume(out: string, ...more: string[]) {
  return terminal.run('train', '--resume', '--out', out, '--json', ...more);
}

describe('train --resume of a finished run, without naming network or images', () => {
  it.each<[string[], RegExp]>([
    [['--lr', '0.5'], /training\.learningRate: .*, now 0\.5/],
    [['--batch', '4'], /training\.batchSize: 5, now 4/],
    [['--optimizer', 'adam'], /training\.optimizer/],
    [['--lr', '0.5', '--batch', '4', '--optimizer', 'adam'], /begun with other settings/],
    [['--no-shuffle'], /training\.shuffle: true, now false/],
    [['--seed', '8'], /training\.seed: 7, now 8/],
    [['--threads', '2'], /begun with 1 threads, now 2/],
    [['--precision', 'bf16'], /bf16/],
    [['--size', '8x8'], /graph\.nodes\.input\.params\.height: 6, now 8/],
    [['--norm', 'layer'], /begun with batchNorm, now --norm layer/],
    [['--strip-bn'], /begun with batchNorm, now --norm none/],
    [['--template', 'bn-mlp'], /graph\./],
    [['--val-split', '0.5'], /data\.validationFraction/],
    [['--folds', '3', '--fold', '1'], /data\.crossValidation/],
    [['--fold', '1'], /--folds K/],
    [['--augment', 'flip'], /data\.augmentation/],
    [['--data', 'other'], /are not those that the run in .*run was begun with/],
    [['--data', 'train', '--val', 'other'], /are not those that the run in .*run was begun with/],
    [['--split-from', 'longer'], /begun with another split/],
    [['--labels', 'labels.csv'], /begun with another table of labels/],
    [['--epochs', '1'], /has trained 2 epochs, and 1 are fewer/],
  ])('refuses %j', async (options, sentence) => {
    const refused = planned(options);
    await expect(refused).rejects.toThrow(AppError);
    await expect(refused).rejects.toThrow(sentence);
    await refused.catch((error: AppError) => expect(exitCodeFor(error.code)).toBe(2));
  });

  it('ends with 2 and one sentence, and leaves the run as it is', async () => {
    const before = await readFile(terminal.at('run', 'run.json'));
    const ended = await resume('run', '--lr', '0.5', '--batch', '4', '--optimizer', 'adam');
    expect(ended.status, ended.stderr).toBe(2);
    expect(refusalOf(ended)).toMatch(/begun with other settings/);
    expect(await readFile(terminal.at('run', 'run.json'))).toEqual(before);
  });

  it.each<string[][]>([
    [['--epochs', '2', '--batch', '5', '--threads', '1', '--precision', 'f32', '--norm', 'batch']],
    [['--data', 'train', '--seed', '7', '--size', '6x6']],
    [['tiny.normlab.json', '--epochs', '2']],
  ])('gives its result where %j are what it was begun with', async (options) => {
    expect((await planned(options))?.result).toMatchObject({ epochs: 2, steps: 10 });
  });
});

describe('train --resume --epochs, more than before', () => {
  it('goes on; with a constant rate to the bits of a run that was begun with so many', async () => {
    const ended = await resume('run', '--epochs', '4');
    expect(ended.status, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(
      /continues from 2 to 4 epochs, from step 10 of 20\. Its constant schedule .* stays/,
    );
    expect(lastJson(ended)).toMatchObject({
      epochs: 4,
      steps: 20,
      extensions: [{ fromEpochs: 2, toEpochs: 4, atStep: 10, toSteps: 20, isStretched: false }],
    });
    const tensors = (run: string) => checkpointTensors(terminal.at(run));
    expect((await tensors('run')).equals(await tensors('longer'))).toBe(true);
    const again = await resume('run', '--epochs', '4');
    expect(lastJson(again)).toMatchObject({ epochs: 4, steps: 20 });
    expect((await resume('run', '--epochs', '3')).status).toBe(2);
  });

  it('says how a cosine schedule is stretched, in words and in the result', async () => {
    const ended = await resume('cosine', '--epochs', '5');
    expect(ended.status, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(
      /cosine schedule is stretched over all 25 steps: the learning rate was [\d.]+ at the last step and is [\d.]+ at the next/,
    );
    const { extensions } = lastJson(ended) as {
      extensions: { isStretched: boolean; lastRate: number; nextRate: number }[];
    };
    expect(extensions).toHaveLength(1);
    const rates = await ratesOf('cosine');
    expect(rates.get(10)).toBe(extensions[0]?.lastRate);
    expect(rates.get(11)).toBe(extensions[0]?.nextRate);
    expect(extensions[0]?.nextRate).toBeGreaterThan(extensions[0]?.lastRate ?? Infinity);
  });
});

/** What `train --resume` with these options would do with `run`, in this process. */
async function planned(given: string[]): Promise<ResumePlan | null> {
  const command = withTrainOptions(withNetworkOptions(new Command('train'))).exitOverride();
  command.parse(['--resume', '--out', 'run', ...given], { from: 'user' });
  const options = command.opts<TrainOptions>();
  const inside = (name: string | undefined): string | null => (name === undefined ? null : terminal.at(name));
  const [name] = command.args;
  const project = name === undefined ? undefined : terminal.at(name);
  const out = terminal.at('run');
  const status = await readRunStatus(out);
  if (status.kind === 'none') throw new Error('there is no run');
  const { manifest } = status;
  const begun = documentOf(out, manifest);
  const document = await resumedNetwork({ project, template: options.template }, options, {
    manifest,
    begun,
  });
  const places = { train: inside(options.data), validation: inside(options.val) };
  const tables = { labels: inside(options.labels), splitFrom: inside(options.splitFrom) };
  const request = { out, resume: true, wish: resumeWish(options), cacheFolder: terminal.at('cache') };
  return planResume({ document, ...places, ...tables, ...request }, status);
}

/** Learning rate by step. */
async function ratesOf(run: string): Promise<Map<number, number>> {
  const text = await readFile(path.join(terminal.at(run), 'metrics.jsonl'), 'utf8');
  const rows = text.trimEnd().split('\n');
  const steps = rows.map((row) => JSON.parse(row) as { kind: string; step: number; lr: number });
  return new Map(steps.filter(({ kind }) => kind === 'step').map(({ step, lr }) => [step, lr]));
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { checkpointTensors, drawImages } from '#workers/runs/testing/imageFolder.ts';
import { lastJson, openTerminal, refusalOf, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
let data: string[];
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('train'), 8, 1);
  await drawImages(terminal.at('val'), 3, 2);
  await terminal.project('tiny', tinyDocument());
  data = ['--data', 'train', '--val', 'val', '--threads', '1', '--precision', 'f32'];
});
afterAll(() => terminal.remove());

function train(out: string, ...more: string[]) {
  return terminal.run('train', 'tiny.normlab.json', ...data, '--out', out, ...more);
}

describe('normlab train', () => {
  it('prints one JSON object as the last line of stdout, and its progress on stderr alone', async () => {
    const ended = await train('a', '--epochs', '2', '--json');
    expect(ended.status, ended.stderr).toBe(0);
    expect(ended.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(lastJson(ended)).toEqual({
      run: terminal.at('a'),
      epochs: 2,
      steps: 10,
      train: { loss: expect.any(Number), accuracy: expect.any(Number) },
      val: { loss: expect.any(Number), accuracy: expect.any(Number) },
      seconds: expect.any(Number),
      imagesPerSecond: expect.any(Number),
      dataWaitShare: expect.any(Number),
      precision: expect.stringMatching(/^f(32|64)$/),
      backend: 'native',
      data: expect.objectContaining({ groups: null, table: null }),
      skipped: { count: 0, files: [] },
      changedMeanwhile: { count: 0, files: [] },
      best: {
        ...{ epoch: expect.any(Number), step: expect.any(Number) },
        ...{ valAccuracy: expect.any(Number), valLoss: expect.any(Number) },
      },
    });
    expect(ended.stderr).toContain('24 images in 3 classes, 9 for validation');
    expect(ended.stderr).toContain('epoch 2 of 2');
    // No line that rewrites itself where stderr is no terminal.
    expect(ended.stderr).not.toContain('\r');
  });

  it('writes a metrics line for each step and epoch', async () => {
    const lines = (await readFile(terminal.at('a', 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
    const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const steps = rows.filter((row) => typeof row.step === 'number' && typeof row.lr === 'number');
    for (const row of steps)
      for (const name of ['step', 'epoch', 'loss', 'accuracy', 'lr']) expect(row, name).toHaveProperty(name);
    expect(new Set(steps.map((row) => row.step))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
  });

  it('run again with the same seed ends with the same bits, with another seed with others', async () => {
    const [same, other] = [
      await train('same', '--epochs', '2'),
      await train('other', '--epochs', '2', '--seed', '9'),
    ];
    expect([same.status, other.status]).toEqual([0, 0]);
    const first = await checkpointTensors(terminal.at('a'));
    expect((await checkpointTensors(terminal.at('same'))).equals(first)).toBe(true);
    expect((await checkpointTensors(terminal.at('other'))).equals(first)).toBe(false);
    // Without --json, plain words for people.
    expect(same.stdout).toContain('10 steps');
    expect(same.stdout).toMatch(/validation loss [\d.]+, accuracy [\d.]+/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stopped by %s ends with 130 and its state saved; --resume gives the bits of an undisturbed run',
    async (signal) => {
      const settings = ['--epochs', '800', '--json'];
      const run = `stopped-${signal}`;
      const started = terminal.start('train', 'tiny.normlab.json', ...data, '--out', run, ...settings);
      await started.says('epoch 2 of');
      started.child.kill(signal);
      const stopped = await started.ended;
      expect(stopped.status, stopped.stderr).toBe(130);
      expect(stopped.stdout).toBe('');
      expect(stopped.stderr).toMatch(/state is saved in .*stopped.*; resume/);
      const resumed = await terminal.run('train', '--out', run, '--resume', '--json');
      expect(resumed.status, resumed.stderr).toBe(0);
      expect(resumed.stderr).toMatch(/resumed at step \d+/);
      expect(lastJson(resumed)).toMatchObject({ epochs: 800, steps: 4000 });
      const whole = await train(`whole-${signal}`, ...settings);
      expect(whole.status).toBe(0);
      const [a, b] = await Promise.all(
        [run, `whole-${signal}`].map((name) => checkpointTensors(terminal.at(name))),
      );
      expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
    },
  );

  it('resumed when it is finished only says its result again', async () => {
    const again = await terminal.run('train', '--out', 'a', '--resume', '--json');
    expect(again.status).toBe(0);
    expect(lastJson(again)).toMatchObject({ epochs: 2, steps: 10 });
  });

  it('resumed with the whole command line goes on; with other settings it is refused', async () => {
    const same = await train('a', '--epochs', '2', '--resume', '--json');
    expect(same.status, same.stderr).toBe(0);
    const other = await train('a', '--epochs', '2', '--lr', '0.3', '--resume');
    expect(other.status).toBe(2);
    expect(refusalOf(other)).toContain('training.learningRate');
  });

  it('with --strip-bn trains the network without its BatchNorm blocks', async () => {
    const stripped = await train('stripped', '--epochs', '1', '--strip-bn', '--json');
    expect(stripped.status, stripped.stderr).toBe(0);
    const manifest = JSON.parse(await readFile(terminal.at('stripped', 'run.json'), 'utf8')) as {
      project: string;
    };
    expect(manifest.project).not.toContain('batchNorm');
  });

  it('with --norm trains the network with another norm in the place of BatchNorm', async () => {
    const grouped = await train('grouped', '--epochs', '1', '--norm', 'group', '--json');
    expect(grouped.status, grouped.stderr).toBe(0);
    const manifest = await readFile(terminal.at('grouped', 'run.json'), 'utf8');
    expect(manifest).toContain('groupNorm');
    expect(manifest).not.toContain('batchNorm');
    const both = await train('neither', '--norm', 'none', '--strip-bn');
    expect(both.status).toBe(2);
    expect((await train('neither', '--norm', 'power')).status).toBe(2);
  });

  it('fits a built-in network to the images: their classes, channels, and the size asked for', async () => {
    const args = ['train', '--template', 'bn-mlp', '--data', 'train', '--val-split', '0.25', '--size', '6x6'];
    const ended = await terminal.run(...args, '--epochs', '1', '--batch', '9', '--out', 'mlp', '--json');
    expect(ended.status, ended.stderr).toBe(0);
    const manifest = JSON.parse(await readFile(terminal.at('mlp', 'run.json'), 'utf8')) as {
      preprocessing: unknown;
      classNames: string[];
      data: { trainImages: number; validationImages: number };
    };
    expect(manifest.preprocessing).toMatchObject({ height: 6, width: 6, channels: 3 });
    expect(manifest.classNames).toEqual(['a', 'b', 'c']);
    expect(manifest.data).toMatchObject({ trainImages: 18, validationImages: 6 });
  });

  it('takes the preprocessing of pretrained networks, and a resumed run keeps it', async () => {
    const options = ['--resize', 'crop', '--normalize', 'caffe', '--epochs', '1'];
    const args = ['train', '--template', 'bn-mlp', '--data', 'train', '--size', '6x6', '--out', 'caffe'];
    const ended = await terminal.run(...args, ...options, '--json');
    expect(ended.status, ended.stderr).toBe(0);
    expect(ended.stderr).toContain('cropped to the centre (0.875 of the side)');
    expect(ended.stderr).toContain('(caffe), in the order B, G, R');
    const { preprocessing } = JSON.parse(await readFile(terminal.at('caffe', 'run.json'), 'utf8')) as {
      preprocessing: unknown;
    };
    expect(preprocessing).toMatchObject({
      ...{ resize: 'crop', cropFraction: 0.875, channelOrder: 'bgr' },
      ...{ mean: [104, 117, 123], deviation: [1, 1, 1] },
    });
    const again = await terminal.run(...args, ...options, '--resume', '--json');
    expect(again.status, again.stderr).toBe(0);
    const other = await terminal.run(...args, '--normalize', 'unit', '--resume');
    expect(refusalOf(other)).toContain('normalization');
  });

  it.each<[string[], RegExp]>([
    [['train', 'tiny.normlab.json', '--out', 'x'], /--data/],
    [['train', '--data', 'train', '--out', 'x'], /--template/],
    [['train', 'tiny.normlab.json', '--template', 'bn-mlp', '--data', 'train', '--out', 'x'], /one network/],
    [['train', 'none.normlab.json', '--data', 'train', '--out', 'x'], /none\.normlab\.json is not there/],
    [['train', 'tiny.normlab.json', '--data', 'nowhere', '--out', 'x'], /nowhere/],
    [['train', 'tiny.normlab.json', '--data', 'train', '--out', 'a'], /already holds a run.*--resume/],
    [['train', 'tiny.normlab.json', '--data', 'train', '--out', 'train'], /already holds other files/],
    [['train', 'tiny.normlab.json', '--data', 'train', '--out', 'tiny.normlab.json'], /is a file/],
    [['eval', 'nowhere', '--data', 'train'], /no run in nowhere/],
    [['export', 'a', '--format', 'coreml', '--out', 'x.mlmodel'], /There is no format "coreml"/],
    [['export', 'a', '--format', 'gif', '--out', 'x.gif'], /no format "gif"/],
    [['predict', 'a', 'nowhere.png'], /nowhere\.png/],
  ])('refuses with 2 and one sentence: %j', async (args, sentence) => {
    const ended = await terminal.run(...args);
    expect(ended.status).toBe(2);
    expect(refusalOf(ended)).toMatch(sentence);
  });

  it.each<[string[], RegExp]>([
    [['train', '--out'], /argument missing/],
    [['train', 'tiny.normlab.json', '--data', 'train'], /--out/],
    [['train', '--epochs', '0', '--out', 'x'], /whole number from 1/],
    [['train', '--epochs', '1e3', '--out', 'x'], /whole number/],
    [['train', '--lr', '0', '--out', 'x'], /above 0/],
    [['train', '--lr', 'NaN', '--out', 'x'], /above 0/],
    [['train', '--size', '0x5', '--out', 'x'], /HEIGHTxWIDTH/],
    [['train', '--precision', 'f16', '--out', 'x'], /auto, f32, bf16/],
    [['train', 'p.json', '--data', 'd', '--folds', '3', '--fold', '4', '--out', 'x'], /no fold 4 of 3/],
    [['train', 'p.json', '--data', 'd', '--fold', '2', '--out', 'x'], /add --folds K/],
    [['train', '--val', 'a', '--val-split', '0.1', '--out', 'x'], /cannot be used with/],
    [['train', '--no-such', '--out', 'x'], /unknown option/],
    [['check', '--template', 'none'], /Allowed choices/],
    [['nonsense'], /unknown command/],
  ])('refuses arguments with 2: %j', async (args, sentence) => {
    const ended = await terminal.run(...args);
    expect(ended.status, ended.stderr).toBe(2);
    expect(ended.stderr).toMatch(sentence);
    expect(ended.stdout).toBe('');
  });

  it('helps with 0', async () => {
    const ended = await terminal.run('--help');
    expect(ended.status).toBe(0);
    for (const name of [
      'templates',
      'check',
      'inspect',
      'train',
      'eval',
      'predict',
      'recalibrate',
      'export',
      'bench',
      'serve',
    ])
      expect(ended.stdout).toContain(name);
  });
});

describe('several at once', () => {
  it('of four that begin one new run, one trains and the others are refused with 2 and one sentence', async () => {
    for (const round of ['race1', 'race2', 'race3']) {
      const four = await Promise.all([1, 2, 3, 4].map(() => train(round, '--epochs', '40')));
      expect(four.filter(({ status }) => status === 0)).toHaveLength(1);
      for (const ended of four.filter(({ status }) => status !== 0)) {
        expect(ended.status, ended.stderr).toBe(2);
        expect(refusalOf(ended)).toMatch(/is writing the run in|already holds a run/);
      }
      const steps = (await readFile(terminal.at(round, 'metrics.jsonl'), 'utf8')).match(/"kind":"epoch"/g);
      expect(steps).toHaveLength(40);
    }
  }, 240_000);
});

describe('an older Node', () => {
  /** Makes the launcher believe that it runs on Node 20: it then starts the Node of the packages. */
  const PRETEND = `data:text/javascript,${encodeURIComponent(
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } })",
  )}`;

  it('hands over, with the same output and exit status', async () => {
    const old = await openTerminal(['--import', PRETEND]);
    try {
      const templates = await old.run('templates', '--json');
      expect(templates.status, templates.stderr).toBe(0);
      expect(lastJson(templates)).toHaveProperty('templates');
      expect((await old.run('inspect', 'nowhere')).status).toBe(2);
    } finally {
      await old.remove();
    }
  });

  it('passes a signal on, and does not leave a trainer behind when it is killed', async () => {
    const old = await openTerminal(['--import', PRETEND]);
    try {
      await old.project('tiny', tinyDocument());
      const args = ['train', 'tiny.normlab.json', '--data', terminal.at('train'), '--threads', '1'];
      const stopped = old.start(...args, '--epochs', '20000', '--out', 'stopped');
      await stopped.says('epoch 2 of');
      stopped.child.kill('SIGINT');
      expect((await stopped.ended).status).toBe(130);
      const killed = old.start(...args, '--epochs', '20000', '--out', 'killed');
      await killed.says('epoch 2 of');
      killed.child.kill('SIGKILL');
      // `close` fires when every process that holds its stdout and stderr has ended, the trainer among them.
      expect((await killed.ended).signal).toBe('SIGKILL');
      const metrics = path.join(old.root, 'killed', 'metrics.jsonl');
      const size = (await readFile(metrics)).length;
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect((await readFile(metrics)).length).toBe(size);
    } finally {
      await old.remove();
    }
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from '#core/document/parse.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages } from '#workers/runs/testing/imageFolder.ts';
import { openTerminal, type Ended, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('images'), 6, 1);
  const project = await terminal.project('tiny', tinyDocument({ epochs: 1 }));
  expect((await terminal.run('train', project, '--data', 'images', '--out', 'run')).status).toBe(0);
  const exported = await terminal.run('export', 'run', '--format', 'safetensors', '--out', 'net.safetensors');
  expect(exported.status).toBe(0);
}, 60_000);
afterAll(() => terminal.remove());

function answer({ stdout }: Ended): Record<string, unknown> {
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('normlab import', () => {
  it('writes a project with its weights beside it, and says how every tensor was used', async () => {
    const ended = await terminal.run('import', 'net.safetensors', '--out', 'imported', '--json');
    expect(answer(ended)).toMatchObject({
      ...{
        project: 'imported.normlab.json',
        weights: 'imported.weights.safetensors',
        source: 'net.safetensors',
      },
      ...{ format: 'normlab', architecture: null, matched: 7, slots: 7 },
      ...{ missing: [], unexpected: [], wrongShape: [], transposed: [], classNames: ['a', 'b', 'c'] },
    });
    const parsed = parseDocument(await readFile(terminal.at('imported.normlab.json'), 'utf8'));
    expect(parsed.ok && parsed.document.start).toMatchObject({
      ...{ file: 'imported.weights.safetensors', source: 'net.safetensors', classNames: ['a', 'b', 'c'] },
    });
    const trained = await terminal.run(
      ...['train', 'imported.normlab.json', '--data', 'images', '--out', 'run2', '--epochs', '1'],
    );
    expect(trained.status).toBe(0);
    expect(trained.stderr).toContain('note: Starts from net.safetensors: 7 of 7 tensors.');
  });

  it('does not replace a project without --force', async () => {
    await writeFile(terminal.at('mine.normlab.json'), 'mine');
    const ended = await terminal.run('import', 'net.safetensors', '--out', 'mine');
    expect([ended.status, ended.stderr]).toEqual([2, expect.stringContaining('mine.normlab.json')]);
    expect(await readFile(terminal.at('mine.normlab.json'), 'utf8')).toBe('mine');
    expect((await terminal.run('import', 'net.safetensors', '--out', 'mine', '--force')).status).toBe(0);
  });

  it('refuses what is no model, and a file that is not there, in one sentence', async () => {
    await writeFile(terminal.at('notes.bin'), 'dear diary');
    const notes = await terminal.run('import', 'notes.bin', '--out', 'x');
    expect([notes.status, notes.stderr.trim().split('\n').length]).toEqual([2, 1]);
    const gone = await terminal.run('import', 'gone.pth', '--out', 'x');
    expect(gone.status).toBe(2);
    expect(gone.stderr).toContain(
      'gone.pth is neither a file nor a run nor a model of the models folder, which has none',
    );
  });
});

describe('normlab models', () => {
  it('adds a file under a name that --from takes, lists it, and removes it', async () => {
    const added = await terminal.run(
      ...[
        'models',
        'add',
        'net.safetensors',
        '--name',
        'Rows',
        '--licence',
        'MIT',
        '--source',
        'home',
        '--json',
      ],
    );
    const record = { name: 'Rows', modelFormat: 'normlab', licence: 'MIT', source: 'home', outputs: 3 };
    expect(answer(added)).toMatchObject(record);
    const again = await terminal.run('models', 'add', 'net.safetensors', '--name', 'rows');
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('rows')]);
    const listed = answer(await terminal.run('models', 'list', '--json'));
    expect(listed['models']).toMatchObject([record]);
    const trained = await terminal.run(
      ...['train', '--from', 'rows', '--data', 'images', '--out', 'run3', '--epochs', '1'],
    );
    expect(trained.status).toBe(0);
    expect(trained.stderr).toContain('Starts from net.safetensors: 7 of 7 tensors.');
    expect((await terminal.run('models', 'remove', 'ROWS')).status).toBe(0);
    expect(answer(await terminal.run('models', 'list', '--json'))['models']).toEqual([]);
  });

  it('says how to bring one where there is none', async () => {
    const { stdout } = await terminal.run('models', 'list');
    expect(stdout).toContain('`normlab models add FILE` adds a file of trained weights that you have');
    expect(stdout).toContain('npm run models:fetch');
  });

  it('shows the record of a model and the text of its licence', async () => {
    await writeFile(terminal.at('LICENSE'), 'Do as you like.\n');
    await terminal.run(
      ...['models', 'add', 'net.safetensors', '--name', 'free', '--licence-file', 'LICENSE'],
    );
    const { stdout } = await terminal.run('models', 'show', 'FREE');
    expect(stdout).toMatch(/^name: +free\n[^]*SHA-256: +[0-9a-f]{64}\n[^]*\nDo as you like.\n$/);
    const shown = answer(await terminal.run('models', 'show', 'free', '--json'));
    expect(shown).toMatchObject({ name: 'free', isShipped: false, licenceText: 'Do as you like.\n' });
    expect((await terminal.run('models', 'remove', 'free')).status).toBe(0);
    const gone = await terminal.run('models', 'show', 'free');
    expect([gone.status, gone.stderr]).toEqual([2, expect.stringContaining('has no model free')]);
  });

  it('does not add what is no model', async () => {
    await writeFile(terminal.at('empty.pth'), '');
    const ended = await terminal.run('models', 'add', 'empty.pth');
    expect(ended.status).toBe(2);
    expect(answer(await terminal.run('models', 'list', '--json'))['models']).toEqual([]);
  });
});

describe('normlab train --from', () => {
  it('starts from the best epoch of a run', async () => {
    const start = (run: string, out: string): Promise<Ended> =>
      terminal.run(
        ...[
          'train',
          '--from',
          run,
          '--checkpoint',
          'best',
          '--data',
          'images',
          '--out',
          out,
          '--epochs',
          '1',
        ],
      );
    const ended = await start('run', 'run5');
    expect(ended.stderr).toContain('Starts from run/best.safetensors: 7 of 7 tensors.');
    const imported = await terminal.run(
      ...['import', 'run', '--checkpoint', 'best', '--out', 'from-best', '--json'],
    );
    expect(answer(imported)).toMatchObject({ source: 'run/best.safetensors', matched: 7 });
    // Without validation images there is no best epoch.
    const project = terminal.at('tiny.normlab.json');
    const blind = await terminal.run(
      'train',
      project,
      '--data',
      'images',
      '--val-split',
      '0',
      '--out',
      'run6',
    );
    expect(blind.status).toBe(0);
    const refused = await start('run6', 'run7');
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringContaining('keeps no weights of a best epoch'),
    ]);
  });

  it('refuses a checkpoint of what is no run', async () => {
    for (const [args, said] of [
      [['--from', 'net.safetensors'], 'is not the folder of a run'],
      [['--template', 'bn-mlp'], 'name the run with --from RUN'],
    ] as const) {
      const ended = await terminal.run(
        ...['train', ...args, '--checkpoint', 'last', '--data', 'images', '--out', 'run8'],
      );
      expect([ended.status, ended.stderr]).toEqual([2, expect.stringContaining(said)]);
    }
  });

  it('starts from a run, with other classes and a new head', async () => {
    await drawImages(terminal.at('others'), 6, 2, ['x', 'y']);
    const ended = await terminal.run(
      ...['train', '--from', 'run', '--data', 'others', '--out', 'run4', '--epochs', '1', '--json'],
    );
    expect(ended.status).toBe(0);
    expect(ended.stderr).toContain('The head dense1 is initialized');
    const manifest = JSON.parse(await readFile(terminal.at('run4/run.json'), 'utf8')) as { start: unknown };
    expect(manifest.start).toMatchObject({ source: 'run', matched: 5 });
  });
});

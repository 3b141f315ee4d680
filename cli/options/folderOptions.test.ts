import { readFile } from 'node:fs/promises';
import { mkdirSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastJson, openTerminal, refusalOf, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await draw(
    'flat',
    Array.from({ length: 24 }, (_, at) => `p${at % 6}_${at}.png`),
  );
  const rows = Array.from(
    { length: 24 },
    (_, at) => `p${at % 6}_${at}.png,640,${(at / 6) % 2 < 1 ? 'cat' : 'dog'}`,
  );
  writeFileSync(terminal.at('flat', 'labels.csv'), `photo,width,species\n${rows.join('\n')}\n`);
  for (const part of ['fold1', 'fold2'])
    for (const name of ['cats', 'dogs'])
      await draw(`folds/${part}/${name}`, ['1.png', '2.png', '3.png', '4.png']);
});
afterAll(() => terminal.remove());

let drawn = 0;
async function draw(folder: string, names: readonly string[]): Promise<void> {
  mkdirSync(terminal.at(folder), { recursive: true });
  for (const name of names) {
    drawn += 1;
    const background = { r: (drawn * 37) % 256, g: (drawn * 11) % 256, b: drawn % 256 };
    await sharp({ create: { width: 8, height: 8, channels: 3, background } }).toFile(
      terminal.at(folder, name),
    );
  }
}

const SMALL = ['--template', 'bn-mlp', '--size', '8x8', '--epochs', '1', '--batch', '6', '--threads', '1'];

describe('options that say how a folder is understood', () => {
  it('hold for the images that an exported file is compared on', async () => {
    for (const [run, data] of [
      ['by-table', ['flat', '--label-column', 'species', '--file-column', '1']],
      ['by-folder', ['folds', '--no-parts']],
    ] as const) {
      const trained = await terminal.run('train', ...SMALL, '--data', ...data, '--out', run);
      expect(trained.status, trained.stderr).toBe(0);
      const out = ['--format', 'safetensors', '--out', `${run}.safetensors`, '--json'];
      const exported = await terminal.run('export', run, ...out);
      expect(exported.status, exported.stderr).toBe(0);
      expect(exported.stdout).toMatch(/compared on \d+ images/);
      expect(exported.stdout).not.toContain('noise');
    }
  });

  it('name the columns of a table, and the images that stay together', async () => {
    const refused = await terminal.run('inspect', 'flat');
    expect(refused.status).toBe(2);
    expect(refusalOf(refused)).toMatch(/its header is “photo, width, species”.*--label-column NAME/);
    const columns = ['--label-column', 'species', '--file-column', '1'];
    const inspected = await terminal.run('inspect', 'flat', ...columns, '--json');
    expect(lastJson(inspected)).toMatchObject({
      classes: [
        { name: 'cat', count: 12 },
        { name: 'dog', count: 12 },
      ],
      table: { fileColumn: 'photo', labelColumns: ['species'] },
      input: { images: 24, colourImages: 24 },
    });
    const groups = ['--val-split', '0.2', '--group-pattern', '(p\\d)_'];
    const run = ['--data', 'flat', '--out', 'run', ...columns, ...groups];
    const trained = await terminal.run('train', ...SMALL, ...run, '--json');
    expect(trained.status, trained.stderr).toBe(0);
    expect(trained.stderr).toContain('input 8 x 8, 3 channels: all 24 images are in colour');
    expect(trained.stderr).toMatch(
      /groups by the pattern .*: 1 of 6 validate, with 16.7 % of the images \(20.0 % requested\)/,
    );
    expect(lastJson(trained)).toMatchObject({
      data: { input: { channels: 3, vote: { images: 24 } }, groups: { groups: 6, validationGroups: 1 } },
    });
    const manifest = await readFile(terminal.at('run', 'run.json'), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ classNames: ['cat', 'dog'] });
    // A run keeps its columns.
    const evaluated = await terminal.run('eval', 'run', '--data', 'flat', '--json');
    expect(evaluated.status, evaluated.stderr).toBe(0);
    expect(lastJson(evaluated)).toMatchObject({ images: 24 });
  });

  it('refuse parts of a set with the folder to choose, and take them as classes when asked', async () => {
    const refused = await terminal.run('train', ...SMALL, '--data', 'folds', '--out', 'parts');
    expect(refused.status).toBe(2);
    expect(refusalOf(refused)).toMatch(/choose the one to train on, such as “.*fold1”.*--no-parts/);
    const asked = await terminal.run('inspect', 'folds', '--no-parts', '--json');
    expect(lastJson(asked)).toMatchObject({ classes: [{ name: 'fold1' }, { name: 'fold2' }] });
  });

  it.each(['(', '(a)\\1', ''])('refuse the group pattern %j', async (pattern) => {
    const ended = await terminal.run(
      'train',
      ...SMALL,
      '--data',
      'flat',
      '--out',
      'x',
      '--group-pattern',
      pattern,
    );
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(/pattern (cannot be used|is empty)/);
  });
});

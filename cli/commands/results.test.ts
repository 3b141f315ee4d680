import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSummary } from '#core/contract/dataSummary.ts';
import { decodeSafetensors } from '#core/export/safetensors.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import type { Prediction } from '#workers/inference/predictRun.ts';
import { drawImages } from '#workers/runs/testing/imageFolder.ts';
import { lastJson, openTerminal, type Ended, type Terminal } from '../testing/runNormlab.ts';

/** Names that break careless CSV writers and terminals; all are valid file names on Linux and macOS. */
const ODD_NAMES = [
  '=HYPERLINK("x").png',
  '+1.png',
  '-rf --help.png',
  '@sum.png',
  'comma, "quote".png',
  'new\nline.png',
  'tab\there.png',
  'ünï 中文 🐱.png',
];

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('train'), 8, 1);
  await drawImages(terminal.at('val'), 3, 2);
  await mkdir(terminal.at('odd'));
  for (const name of ODD_NAMES)
    await sharp({ create: { width: 6, height: 6, channels: 3, background: '#888' } })
      .png()
      .toFile(terminal.at('odd', 'x.png'))
      .then(() => rename(terminal.at('odd', 'x.png'), terminal.at('odd', name)));
  await writeFile(terminal.at('odd', 'broken.png'), 'no picture');
  await terminal.project('tiny', tinyDocument({ epochs: 6 }));
  const args = ['--data', 'train', '--val', 'val', '--threads', '1', '--precision', 'f32', '--out', 'run'];
  const ended = await terminal.run('train', 'tiny.normlab.json', ...args);
  expect(ended.status, ended.stderr).toBe(0);
});
afterAll(() => terminal.remove());

function expectDone(ended: Ended): void {
  expect(ended.status, ended.stderr).toBe(0);
}

describe('normlab predict', () => {
  it('--json gives an element for each image, and tells of broken ones on stderr', async () => {
    const ended = await terminal.run('predict', 'run', 'odd', 'val/a/0.png', '--json', '--top', '2');
    expectDone(ended);
    const rows = lastJson(ended) as Prediction[];
    expect(rows.map((row) => row.file).sort()).toEqual(
      [...ODD_NAMES.map((name) => path.join('odd', name)), 'val/a/0.png'].sort(),
    );
    for (const row of rows) {
      expect(['a', 'b', 'c']).toContain(row.class);
      expect(row.top).toHaveLength(2);
      expect(row.top[0]).toEqual({ class: row.class, probability: row.probability });
      expect(row.probability).toBeGreaterThan(1 / 3 - 1e-6);
      expect(row.logits).toHaveLength(3);
    }
    expect(ended.stderr).toMatch(/skipped "odd\/broken\.png": .+/);
  });

  it('--csv is RFC 4180, and no field is a formula to a spreadsheet', async () => {
    const ended = await terminal.run('predict', 'run', 'odd', 'odd/=HYPERLINK("x").png', '--csv');
    expectDone(ended);
    const [header, ...rows] = parseCsv(ended.stdout);
    expect(header).toEqual(['file', 'class', 'probability']);
    expect(rows).toHaveLength(ODD_NAMES.length + 1);
    for (const row of rows) {
      expect(row).toHaveLength(3);
      expect(row[0]).not.toMatch(/^[=+\-@\t\r]/);
      expect(row[2]).toMatch(/^[01]\.\d{6}$/);
    }
    const files = rows.map(([file]) => file);
    for (const name of ODD_NAMES) expect(files).toContain(path.join('odd', name));
  });

  it('--csv quotes a leading sign away', async () => {
    const own = await openTerminal();
    try {
      for (const name of ['=1+1.png', '-x.png', '@x.png', '+x.png'])
        await writeFile(own.at(name), await readFile(terminal.at('val', 'a', '0.png')));
      const ended = await own.run(
        ...['predict', terminal.at('run'), '--csv', '--', '=1+1.png', '-x.png', '@x.png', '+x.png'],
      );
      expectDone(ended);
      expect(parseCsv(ended.stdout).map(([file]) => file)).toEqual([
        'file',
        "'=1+1.png",
        "'-x.png",
        "'@x.png",
        "'+x.png",
      ]);
    } finally {
      await own.remove();
    }
  });

  it('--folder-csv writes a row for each image, with its first classes or its error', async () => {
    const ended = await terminal.run('predict', 'run', 'odd', '--folder-csv', 'odd.csv', '--top-k', '2');
    expectDone(ended);
    expect(ended.stdout).toBe('');
    const [header, ...rows] = parseCsv(
      (await readFile(terminal.at('odd.csv'), 'utf8')).replaceAll('\r\n', '\n'),
    );
    expect(header).toEqual(['file', 'class', 'probability', 'class_2', 'probability_2', 'error']);
    expect(rows).toHaveLength(ODD_NAMES.length + 1);
    const broken = rows.find(([file]) => file === 'odd/broken.png');
    expect(broken?.slice(1, 5)).toEqual(['', '', '', '']);
    expect(broken?.[5]).not.toBe('');
    for (const row of rows.filter((each) => each !== broken)) {
      expect(Number(row[2])).toBeGreaterThanOrEqual(Number(row[4]));
      expect(row[5]).toBe('');
    }
    const again = await terminal.run('predict', 'run', 'odd', '--folder-csv', 'odd.csv');
    expect(again.status).toBe(2);
    expectDone(await terminal.run('predict', 'run', 'odd', '--folder-csv', 'odd.csv', '--force'));
    // No more columns than there are classes.
    expect((await readFile(terminal.at('odd.csv'), 'utf8')).split('\r\n')[0]?.split(',')).toHaveLength(8);
  });

  it('streams: the first rows are there before the last images are read', async () => {
    await drawImages(terminal.at('many'), 400, 3, ['a']);
    const started = terminal.start('predict', 'run', 'many', '--csv');
    const firstChunk = await new Promise<string>((resolve) =>
      started.child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    expect(firstChunk.split('\n').length).toBeLessThan(402);
    const ended = await started.ended;
    expectDone(ended);
    expect(parseCsv(ended.stdout)).toHaveLength(401);
  });

  it('ends quietly when its reader has enough', async () => {
    const started = terminal.start('predict', 'run', 'many', '--csv');
    started.child.stdout?.once('data', () => started.child.stdout?.destroy());
    const ended = await started.ended;
    expect([ended.status, ended.stderr]).toEqual([0, '']);
  });

  it.runIf(existsSync('/dev/full'))('onto a full disk says so', async () => {
    const full = openSync('/dev/full', 'w');
    const { child, ended } = terminal.startInto(full, 'predict', 'run', 'val', '--csv');
    const { stderr } = await ended;
    closeSync(full);
    expect(child.exitCode).toBe(1);
    expect(stderr).toMatch(/^normlab: The disk is full: standard output could not be written; .+\n$/);
  });

  it('of a folder takes exactly what inspect takes, and tells what inspect tells', async () => {
    const one = await readFile(terminal.at('val', 'a', '0.png'));
    const put = async (name: string, bytes: Buffer | string = one): Promise<void> => {
      await mkdir(path.dirname(terminal.at('left', name)), { recursive: true });
      await writeFile(terminal.at('left', name), bytes);
    };
    for (const name of ['a/1.png', 'a/63f3a9', 'b/2.png', 'b/deep/3.png']) await put(name);
    await put('a/.ipynb_checkpoints/1-checkpoint.png');
    await put('a/@eaDir/1.png/SYNOPHOTO_THUMB_M.jpg');
    await put('__MACOSX/a/1.png');
    await put('b/.thumbnails/2.png');
    await put('b/notes.txt', 'no picture');
    await put('b/DSC_1.nef', Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), one]));
    await put('b/2.png~');
    await put('b/series-001', Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]));
    await symlink(terminal.at('val', 'c', '0.png'), terminal.at('left', 'b', 'linked.png'));
    await symlink('2.png', terminal.at('left', 'b', 'again.png'));

    const inspected = await terminal.run('inspect', 'left', '--json');
    expectDone(inspected);
    const { images, skipped } = lastJson(inspected) as DataSummary;
    const predicted = await terminal.run('predict', 'run', 'left', '--json');
    expectDone(predicted);
    const rows = lastJson(predicted) as Prediction[];
    expect(rows.map(({ file }) => file)).toEqual(
      ['a/1.png', 'a/63f3a9', 'b/2.png', 'b/deep/3.png', 'b/linked.png'].map((name) =>
        path.join('left', name),
      ),
    );
    expect(images).toBe(rows.length);
    expect(skipped.map(({ file }) => file).sort()).toEqual([
      'b/2.png~',
      'b/DSC_1.nef',
      'b/again.png',
      'b/series-001',
    ]);
    for (const { file, reason } of skipped) {
      expect(predicted.stderr).toContain(`skipped ${JSON.stringify(path.join('left', file))}`);
      expect(predicted.stderr).toContain(reason);
    }
  });

  it.each([
    ['links', 'lie directly in the folder, and lead out of it'],
    ['bare', 'have no extension'],
  ])('of a folder of images that %s: %s', async (folder) => {
    await mkdir(terminal.at(folder), { recursive: true });
    for (const number of [0, 1, 2]) {
      const image = terminal.at('val', 'b', `${number}.png`);
      if (folder === 'links') await symlink(image, terminal.at(folder, `${number}.png`));
      else await writeFile(terminal.at(folder, `6${number}f3a9`), await readFile(image));
    }
    const ended = await terminal.run('predict', 'run', folder, '--json');
    expectDone(ended);
    expect(lastJson(ended)).toHaveLength(3);
  });

  it('of a camera raw file that is named says what it is', async () => {
    await writeFile(terminal.at('DSC_1.nef'), Buffer.from('II*\0\x08\0\0\0', 'latin1'));
    const ended = await terminal.run('predict', 'run', 'DSC_1.nef');
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain('camera raw files are not supported; convert it to JPEG or PNG.');
  });

  it('of nothing but broken files is refused', async () => {
    const ended = await terminal.run('predict', 'run', 'odd/broken.png', '--json');
    expect(ended.status).toBe(2);
    expect(lastJson(ended)).toEqual([]);
    expect(ended.stderr).toMatch(
      /^normlab: The image “odd\/broken\.png” cannot be used: it holds text[^\n]*\n$/,
    );
  });
});

describe('normlab export', () => {
  it('writes a folder for PyTorch, and replaces only its own', async () => {
    const asked = ['export', 'run', '--format', 'pytorch', '--out', 'bundle', '--json'];
    const ended = await terminal.run(...asked);
    expectDone(ended);
    const report = lastJson(ended);
    expect(report).toMatchObject({ top1Agreement: 1, differences: [], checkpoint: 'last', isNoise: false });
    const manifest = await readFile(terminal.at('bundle/normlab.json'));
    expect(report).toMatchObject({ sha256: createHash('sha256').update(manifest).digest('hex') });
    expect(report).toMatchObject({ step: expect.any(Number), maxRelDiff: expect.any(Number) });
    const files = ['golden.safetensors', 'model.py', 'model.safetensors', 'normlab.json', 'predict.py'];
    expect((await readdir(terminal.at('bundle'))).sort()).toEqual([
      ...files,
      ...['requirements.txt', 'state_dict.pt'],
    ]);
    const again = await terminal.run(...asked);
    expect(again.status).toBe(2);
    expect(again.stderr).toMatch(/bundle is already there/);
    expectDone(await terminal.run(...asked, '--force'));
    await writeFile(terminal.at('bundle/mine.txt'), 'mine');
    const foreign = await terminal.run(...asked, '--force');
    expect(foreign.status).toBe(2);
    expect(foreign.stderr).toMatch(/also contains files that NormLab did not write: mine\.txt/);
  });

  it.each([
    ['onnx', []],
    ['onnx', ['--fold-bn', '--with-preprocessing']],
    ['safetensors', []],
  ] as const)(
    'writes %s %j, and says how close the file comes when it is read back',
    async (format, more) => {
      const file = `model${more.length}.${format}`;
      const ended = await terminal.run('export', 'run', '--format', format, '--out', file, '--json', ...more);
      expectDone(ended);
      const report = lastJson(ended) as {
        path: string;
        maxAbsDiff: number;
        top1Agreement: number;
        sizeBytes: number;
      };
      expect(path.resolve(terminal.root, report.path)).toBe(terminal.at(file));
      expect(report.maxAbsDiff).toBeLessThan(1e-3);
      expect(report.top1Agreement).toBe(1);
      expect(report.sizeBytes).toBe((await stat(terminal.at(file))).size);
      if (format !== 'safetensors') return;
      const { tensors, metadata } = decodeSafetensors(await readFile(terminal.at(file)));
      expect([...tensors.keys()].join()).toMatch(/bn1/);
      expect(JSON.stringify(metadata)).toContain('mean');
    },
  );
});

describe('normlab export of the figures', () => {
  it('writes a table and a folder for TensorBoard', async () => {
    const ended = await terminal.run('export', 'run', '--format', 'csv', '--out', 'run.csv', '--json');
    expectDone(ended);
    const [header = [], ...rows] = parseCsv(await readFile(terminal.at('run.csv'), 'utf8'));
    expect(header.join()).toMatch(/^run,kind,step.*drift\.bn1/);
    expect(rows.some(([, kind]) => kind === 'epoch')).toBe(true);
    expect(rows.every(({ length }) => length === header.length)).toBe(true);
    expectDone(await terminal.run('export', 'run', '--format', 'tensorboard', '--out', 'board'));
    expect((await readdir(terminal.at('board')))[0]).toMatch(/^events\.out\.tfevents\.\d+\.normlab$/);
    const unfit = await terminal.run(
      ...['export', 'run', '--format', 'csv', '--out', 'other.csv', '--fold-bn'],
    );
    expect(unfit.status).toBe(2);
    expect(unfit.stderr).toMatch(/--fold-bn is for model files; leave it out for csv/);
  });
});

describe('normlab export onto a file', () => {
  it('that is there is refused without --force, and what was there stays', async () => {
    await writeFile(terminal.at('taken.onnx'), 'of another run');
    const asked = ['export', 'run', '--format', 'onnx', '--out', 'taken.onnx'];
    const refused = await terminal.run(...asked);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(
      /^normlab: taken\.onnx is already there .*\(--force in the terminal\)\.\n$/,
    );
    expect(await readFile(terminal.at('taken.onnx'), 'utf8')).toBe('of another run');
    expectDone(await terminal.run(...asked, '--force'));
    expect((await stat(terminal.at('taken.onnx'))).size).toBeGreaterThan(1000);
  });

  it('of the run itself is refused even with --force', async () => {
    const file = terminal.at('run', 'checkpoint.safetensors');
    const before = await readFile(file);
    const ended = await terminal.run('export', 'run', '--format', 'safetensors', '--out', file, '--force');
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(/is a file of the run in/);
    expect(await readFile(file)).toEqual(before);
  });
});

describe('normlab recalibrate', () => {
  it('reads the run’s own training part by default, another one when asked, and says which', async () => {
    const args = ['--data', 'train', '--val-split', '0.25', '--threads', '1', '--out', 'split-run'];
    expectDone(await terminal.run('train', 'tiny.normlab.json', ...args, '--epochs', '1'));
    const measured = async (...more: string[]): Promise<Record<string, unknown>> => {
      const ended = await terminal.run('recalibrate', 'split-run', '--data', 'train', '--json', ...more);
      expectDone(ended);
      return lastJson(ended) as Record<string, unknown>;
    };
    expect(await measured()).toMatchObject({ part: 'training', images: 18, folderImages: 24 });
    expect(await measured('--part', 'validation')).toMatchObject({ part: 'validation', images: 6 });
    expect(await measured('--part', 'all')).toMatchObject({ part: 'all', images: 24 });

    const some = ['recalibrate', 'split-run', '--data', 'train', '--batches', '2'];
    const ended = await terminal.run(...some);
    expect(ended.stdout).toContain('1 BatchNorm blocks estimated from 2 of 3 batches, 10 images');
    expect(ended.stdout).toContain('measured on the run’s training part of the 24 images in "train"');
    const exported = await terminal.run('export', 'split-run', '--format', 'onnx', '--out', 'estimated.onnx');
    expect(exported.stdout).toContain('estimated from 2 of 3 batches of the training images');
    const metadata = (await readFile(terminal.at('estimated.onnx'))).toString('latin1');
    expect(metadata).toContain('"source":"estimated","batches_read":2,"batches_in_set":3');
  });

  it('gives the accuracy before and after, and changes the stored statistics alone', async () => {
    const checkpoint = terminal.at('run', 'checkpoint.safetensors');
    const before = decodeSafetensors(await readFile(checkpoint));
    const ended = await terminal.run('recalibrate', 'run', '--data', 'train', '--json');
    expectDone(ended);
    const share = { loss: expect.any(Number), accuracy: expect.any(Number) };
    expect(lastJson(ended)).toMatchObject({
      before: share,
      after: share,
      batches: 4,
      images: 24,
      layers: 1,
      part: 'training',
      folderImages: 24,
    });
    const after = decodeSafetensors(await readFile(checkpoint));
    expect(after.metadata.statistics).toBe('exact');
    const changed = [...before.tensors].filter(
      ([name, tensor]) => Buffer.compare(bytesOf(tensor.data), bytesOf(after.tensors.get(name)?.data)) !== 0,
    );
    expect(changed.map(([name]) => name).sort()).toEqual(
      [...before.tensors.keys()].filter((name) => /mean|var/i.test(name)).sort(),
    );
  });
});

function bytesOf(data: ArrayBufferView | undefined): Buffer {
  return data === undefined ? Buffer.alloc(0) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** A simple reader of RFC 4180, independent of the writer under test. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const row: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (isQuoted && char === '"' && text[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === ',' || char === '\n')) {
      row.push(field);
      field = '';
      if (char === '\n') rows.push(row.splice(0));
    } else field += char;
  }
  return rows;
}

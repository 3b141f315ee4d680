import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EvaluationKey } from '#core/contract/evaluationCalls.ts';
import type { LabParams, LabResult } from '#core/contract/labApi.ts';
import { drawImages } from '../../runs/testing/imageFolder.ts';
import { ALL, openEvaluationLab, RUN, type EvaluationLab } from '../testing/evaluationLab.ts';

// Each evaluation starts a thread, which takes long on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let lab: EvaluationLab;
beforeAll(async () => {
  lab = await openEvaluationLab();
});
afterAll(() => lab.close());

let lastTask = 0;
function start(asked: Partial<LabParams<'evaluation.start'>> = {}): Promise<LabResult<'evaluation.start'>> {
  lastTask += 1;
  return lab.call('evaluation.start', {
    ...{ taskId: `task ${lastTask}`, runId: RUN, statistics: 'stored' },
    images: { kind: 'own', part: 'validation' },
    ...asked,
  });
}

const runFolder = (): string => join(lab.folder.home.runs, RUN);
const evaluations = (): string => join(runFolder(), 'evaluations');
const kept = (): Promise<string[]> => readdir(evaluations()).catch(() => []);

describe('an evaluation on the screen', () => {
  it('is kept with the run, listed and opened, and tells its progress', async () => {
    const { key, skipped, notKept } = await start();
    expect({ skipped, notKept }).toEqual({ skipped: [], notKept: null });
    expect(await kept()).toEqual([key.id]);
    const told = lab.events.flatMap((event) =>
      event.event === 'evaluationProgress' && event.taskId === `task ${lastTask}` ? [event.progress] : [],
    );
    expect(told.at(-1)?.label).toMatchObject({ key: 'work.figures' });
    const record = await lab.call('evaluation.open', key);
    const [summary] = await lab.call('evaluation.list', { runId: RUN });
    const { id, createdAt, model, images, loss, figures } = record;
    const { value: accuracy } = figures.accuracy ?? {};
    expect(summary).toEqual({ id, createdAt, model, images, loss, count: 9, accuracy });
    const again = await start();
    expect(again.key).toEqual(key);
  });

  it('of a folder matches its classes by name, and lists files that cannot be read', async () => {
    await drawImages(lab.folder.at('site'), 2, 5, ['a', 'b', 'z']);
    await writeFile(lab.folder.at('site', 'a', 'broken.png'), 'no image');
    const { key, skipped } = await start({
      images: { kind: 'folder', folder: await lab.grant('site'), part: null },
    });
    expect(skipped.map(({ file }) => file)).toEqual(['a/broken.png']);
    const { images } = await lab.call('evaluation.open', key);
    expect(images).toMatchObject({ source: 'folder', missing: ['c'], extra: [{ name: 'z', images: 2 }] });
    await lab.call('evaluation.remove', key);
  });

  it('refuses a task that is under way, and leaves nothing where it is cancelled', async () => {
    const before = await kept();
    const asked = { taskId: 'twice', runId: RUN, statistics: 'exact' } as const;
    const images = { kind: 'own', part: 'train' } as const;
    const first = lab.refusal('evaluation.start', { ...asked, images });
    expect(await lab.refusal('evaluation.start', { ...asked, images })).toMatch(/^arguments: .*underWay/);
    expect(await lab.refusal('run.delete', { runId: RUN, isFinal: true })).toMatch(/^run-busy: /);
    const from = performance.now();
    await lab.call('evaluation.cancel', { taskId: 'twice' });
    expect(await first).toMatch(/^interrupted: /);
    expect(performance.now() - from).toBeLessThan(process.env['CI'] === undefined ? 150 : 1_000);
    // What the thread wrote is removed when it has ended; until then the task is under way.
    await expect.poll(kept, { timeout: 10_000 }).toEqual(before);
  });

  it('of a run whose folder cannot be written is kept by the lab, until the run is deleted', async () => {
    const other = join(lab.folder.home.runs, 'full');
    await cp(runFolder(), other, { recursive: true });
    await rm(join(other, 'evaluations'), { recursive: true, force: true });
    await writeFile(join(other, 'evaluations'), 'in the way');
    const { key, notKept } = await start({ runId: 'full' });
    expect(notKept).toMatchObject({ key: 'evaluating.notKept' });
    const cached = join(lab.folder.home.cache, 'evaluations', 'full');
    expect(await readdir(cached)).toEqual([key.id]);
    expect((await lab.call('evaluation.open', key)).id).toBe(key.id);
    await rm(join(other, 'evaluations'));
    expect((await lab.call('evaluation.list', { runId: 'full' })).map(({ id }) => id)).toEqual([key.id]);
    await lab.call('run.delete', { runId: 'full', isFinal: true });
    expect(existsSync(cached)).toBe(false);
  });

  it('of a run whose images are elsewhere says so, and evaluates a folder', async () => {
    const imported = join(lab.folder.home.runs, 'imported');
    await cp(runFolder(), imported, { recursive: true });
    const manifest = JSON.parse(await readFile(join(imported, 'run.json'), 'utf8')) as { data: object };
    const elsewhere = { ...manifest, data: { ...manifest.data, trainFolder: null, validationFolder: null } };
    await writeFile(join(imported, 'run.json'), JSON.stringify(elsewhere));
    const asked = { taskId: 'far', runId: 'imported', statistics: 'stored' } as const;
    const own = { kind: 'own', part: 'validation' } as const;
    expect(await lab.refusal('evaluation.start', { ...asked, images: own })).toMatch(
      /^folder-not-found: .*imagesElsewhere/,
    );
    const val = await lab.grant('val');
    const { key } = await start({ runId: 'imported', images: { kind: 'folder', folder: val, part: null } });
    expect((await lab.call('evaluation.open', key)).figures.images).toBe(9);
  });
});

describe('the images of an evaluation', () => {
  let key: EvaluationKey;
  beforeAll(async () => {
    ({ key } = await start());
  });
  const page = (
    query: Partial<LabParams<'evaluation.images'>['query']>,
    from = 0,
    count = 500,
  ): Promise<LabResult<'evaluation.images'>> =>
    lab.call('evaluation.images', { ...key, query: { order: 'unsure', ...ALL, ...query }, from, count });

  it('come page by page, and only those that the query matches', async () => {
    const all = await page({});
    expect(all.total).toBe(9);
    const parts = [await page({}, 0, 4), await page({}, 4, 4), await page({}, 8, 4), await page({}, 12, 4)];
    expect(parts.map(({ images }) => images.length)).toEqual([4, 4, 1, 0]);
    expect(parts.flatMap(({ images }) => images)).toEqual(all.images);
    const ofB = await page({ truth: 1 });
    expect(ofB.total).toBe(3);
    expect(ofB.images.every(({ file, truth }) => truth === 1 && file.startsWith('b/'))).toBe(true);
    const named = await page({ text: 'C/' });
    expect(named.images.map(({ file }) => file).sort()).toEqual(['c/0.png', 'c/1.png', 'c/2.png']);
    const cell = await page({ truth: 0, decided: 0, text: 'a/' });
    const { confusion } = await lab.call('evaluation.open', key);
    expect(cell.total).toBe(confusion.find(([truth, decided]) => truth === 0 && decided === 0)?.[2] ?? 0);
  });

  it('are drawn, unless their files are gone or have other contents', async () => {
    await drawImages(lab.folder.at('drawn'), 1, 9);
    const folder = await lab.grant('drawn');
    const { key: drawn } = await start({ images: { kind: 'folder', folder, part: null } });
    const asked = { ...drawn, images: [2, 0, 1, 7], sizePx: 32 };
    const whole = await lab.call('evaluation.pictures', asked);
    expect(whole.map(({ image }) => image)).toEqual([2, 0, 1]);
    expect(whole[0]?.dataUrl).toMatch(/^data:image\/png;base64,/);
    await rm(lab.folder.at('drawn', 'a', '0.png'));
    await cp(lab.folder.at('train', 'b', '0.png'), lab.folder.at('drawn', 'b', '0.png'));
    const left = await lab.call('evaluation.pictures', asked);
    expect(left.map(({ image }) => image)).toEqual([2]);
    await lab.call('evaluation.remove', drawn);
  });

  it('are those of the evaluation that replaced a former one', async () => {
    const before = await page({ order: 'sure' });
    const stored = join(evaluations(), key.id);
    const aside = lab.folder.at('aside');
    await cp(stored, aside, { recursive: true });
    await start();
    expect(await page({ order: 'sure' })).toEqual(before);
    await rm(aside, { recursive: true });
  });
});

describe('what is written of an evaluation', () => {
  let asked: LabParams<'evaluation.write'>;
  const at = (...names: string[]): string => lab.folder.at('out', ...names);
  beforeAll(async () => {
    const { key } = await start();
    const options = { language: 'en', name: 'report', overwrite: false } as const;
    asked = { taskId: 'write', ...key, ...options, what: 'report', folder: await lab.grant('out') };
  });

  it('is a report with images, which replaces only reports, and only when asked', async () => {
    const { file } = await lab.call('evaluation.write', asked);
    expect(file.path).toBe(at('report.html'));
    const html = await readFile(file.path, 'utf8');
    expect(html.match(/<img src="data:image\/jpeg;base64,/g)?.length).toBeGreaterThanOrEqual(9);
    expect(await lab.refusal('evaluation.write', asked)).toMatch(/^output-exists: /);
    await lab.call('evaluation.write', { ...asked, overwrite: true, language: 'zh-CN' });
    expect(await readFile(file.path, 'utf8')).toContain('<html lang="zh-CN">');
    await writeFile(at('letter.html'), '<!doctype html><p>Dear</p>');
    const letter = { ...asked, name: 'letter', overwrite: true };
    expect(await lab.refusal('evaluation.write', letter)).toMatch(/^output-foreign: .*aReport/);
    expect(await readFile(at('letter.html'), 'utf8')).toContain('Dear');
    for (const name of ['../x', '.x', 'a/b'])
      expect(await lab.refusal('evaluation.write', { ...asked, name })).toMatch(
        /^(arguments|output-foreign): /,
      );
  });

  it('is a folder of tables with all figures as JSON, which replaces only such folders', async () => {
    const tables = { ...asked, what: 'tables', name: 'tables' } as const;
    await lab.call('evaluation.write', tables);
    const names = (await readdir(at('tables'))).sort();
    expect(names).toEqual(
      ['calibration', 'classes', 'confused', 'confusion', 'figures', 'images']
        .map((name) => `${name}.csv`)
        .concat('evaluation.json')
        .sort(),
    );
    const record = await lab.call('evaluation.open', { runId: asked.runId, id: asked.id });
    expect(JSON.parse(await readFile(at('tables', 'evaluation.json'), 'utf8'))).toEqual(record);
    expect(await lab.refusal('evaluation.write', tables)).toMatch(/^output-exists: /);
    await lab.call('evaluation.write', { ...tables, overwrite: true });
    await writeFile(at('tables', 'mine.txt'), 'mine');
    expect(await lab.refusal('evaluation.write', { ...tables, overwrite: true })).toMatch(
      /^output-foreign: /,
    );
    expect(await readFile(at('tables', 'mine.txt'), 'utf8')).toBe('mine');
  });
});

describe('a cancel', () => {
  it('ends an evaluation that has not begun', async () => {
    const begun = lab.refusal('evaluation.start', {
      ...{ taskId: 'early', runId: RUN, statistics: 'stored', images: { kind: 'own', part: 'train' } },
    });
    // At once: the host still looks whether the run trains elsewhere.
    await lab.call('evaluation.cancel', { taskId: 'early' });
    expect(await begun).toMatch(/^interrupted: /);
  });

  it.each(['report', 'tables'] as const)('leaves nothing of %s that are written', async (what) => {
    const { key } = await start();
    const folder = await lab.grant(`cancelled ${what}`);
    const asked = { ...key, what, language: 'en', folder, name: 'n', overwrite: false } as const;
    const at = lab.folder.at(`cancelled ${what}`);
    // A cancel at every moment: before the thread hears of it, while it writes, and too late.
    for (const [turn, afterMs] of [0, 1, 3, 10, 30].entries()) {
      const taskId = `${what} ${turn}`;
      const written = lab.refusal('evaluation.write', { ...asked, taskId });
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await lab.call('evaluation.cancel', { taskId });
      const outcome = await written;
      const isWhole = outcome === 'was not refused';
      expect(isWhole || /^interrupted: /.test(outcome)).toBe(true);
      if (turn === 0) expect(isWhole).toBe(false);
      const name = what === 'report' ? 'n.html' : 'n';
      await expect.poll(() => readdir(at), { timeout: 10_000 }).toEqual(isWhole ? [name] : []);
      if (isWhole) await rm(join(at, name), { recursive: true });
    }
    await lab.call('evaluation.write', { ...asked, taskId: 'whole' });
    const told = lab.events.flatMap((event) =>
      event.event === 'evaluationProgress' && event.taskId === 'whole' ? [event.progress] : [],
    );
    expect(told[0]?.label).toMatchObject({ key: 'work.writing' });
  });
});

describe('removing an evaluation', () => {
  it('removes its files only, and nothing where others are among them', async () => {
    const { key } = await start({ images: { kind: 'own', part: 'train' } });
    const folder = join(evaluations(), key.id);
    await writeFile(join(folder, 'notes.txt'), 'mine');
    expect(await lab.refusal('evaluation.remove', key)).toMatch(/^output-foreign: /);
    expect((await readdir(folder)).length).toBe(3);
    await rm(join(folder, 'notes.txt'));
    const others = (await readdir(runFolder())).sort();
    await lab.call('evaluation.remove', key);
    expect((await readdir(runFolder())).sort()).toEqual(others);
    expect(await kept()).not.toContain(key.id);
    for (const method of ['evaluation.remove', 'evaluation.open'] as const)
      expect(await lab.refusal(method, key)).toMatch(/^run-not-found: .*evaluating.none/);
  });

  it('reads a damaged one as damaged, and removes it', async () => {
    const id = 'fedcba9876543210';
    await mkdir(join(evaluations(), id), { recursive: true });
    await writeFile(join(evaluations(), id, 'evaluation.json'), '{}');
    expect(await lab.refusal('evaluation.open', { runId: RUN, id })).toMatch(/^run-invalid: /);
    expect((await lab.call('evaluation.list', { runId: RUN })).map((each) => each.id)).not.toContain(id);
    await lab.call('evaluation.remove', { runId: RUN, id });
    expect(await kept()).not.toContain(id);
  });
});

import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LabParams, LabResult } from '#core/contract/labApi.ts';
import type { PairKey } from '#core/contract/pairCalls.ts';
import { openEvaluationLab, RUN, type EvaluationLab } from '../testing/evaluationLab.ts';
import { plainImages, storedOutputs, type PlainImage } from '../testing/plainFigures.ts';

// Each comparison starts a thread, which takes long on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let lab: EvaluationLab;
beforeAll(async () => {
  lab = await openEvaluationLab();
});
afterAll(() => lab.close());

const VALIDATION = { kind: 'own', part: 'validation' } as const;
const TRAIN = { kind: 'own', part: 'train' } as const;
const compare = (asked: Partial<LabParams<'pair.compare'>> = {}): Promise<LabResult<'pair.compare'>> =>
  lab.call('pair.compare', {
    ...{ taskId: 'pair', first: { runId: RUN }, second: { runId: RUN, statistics: 'exact' } },
    ...{ images: TRAIN, ...asked },
  });
const kept = (): Promise<string[]> => readdir(join(lab.folder.home.runs, RUN, 'evaluations')).catch(() => []);
const outputsOf = ({ id }: PairKey['first']): PlainImage[] =>
  plainImages(storedOutputs(join(lab.folder.home.runs, RUN, 'evaluations', id)));

describe('a comparison on the screen', () => {
  let key: PairKey;
  beforeAll(async () => {
    key = await compare();
  });

  it('keeps both evaluations, tells its progress, and makes none of them twice', async () => {
    expect((await kept()).sort()).toEqual([key.first.id, key.second.id].sort());
    const told = lab.events.flatMap((event) =>
      event.event === 'evaluationProgress' && event.taskId === 'pair' ? [event.progress.label.key] : [],
    );
    expect(told).toEqual(expect.arrayContaining(['pairs.stageFirst', 'pairs.stageSecond']));
    const { createdAt } = await lab.call('evaluation.open', key.first);
    expect(await compare({ taskId: 'again' })).toEqual(key);
    expect((await lab.call('evaluation.open', key.first)).createdAt).toBe(createdAt);
  });

  it('counts what both networks say of each image', async () => {
    const { figures, matrix, classNames } = await lab.call('pair.open', { taskId: 'open', ...key });
    const [first, second] = [outputsOf(key.first), outputsOf(key.second)];
    const pairs = first.map((each, at) => ({ ...each, other: second[at]?.decided ?? -1 }));
    const countOf = (isIn: (each: (typeof pairs)[number]) => boolean): number => pairs.filter(isIn).length;
    expect(figures.images).toBe(24);
    expect(figures.right).toEqual({
      both: countOf((each) => each.decided === each.truth && each.other === each.truth),
      onlyFirst: countOf((each) => each.decided === each.truth && each.other !== each.truth),
      onlySecond: countOf((each) => each.decided !== each.truth && each.other === each.truth),
      neither: countOf((each) => each.decided !== each.truth && each.other !== each.truth),
    });
    const cells = classNames.flatMap((_, one) =>
      classNames.flatMap((_name, other) => {
        const images = countOf((each) => each.decided === one && each.other === other);
        return images === 0 ? [] : [[one, other, images]];
      }),
    );
    expect(matrix).toEqual(cells);
    expect(figures.agreement?.value).toBeCloseTo(countOf((each) => each.decided === each.other) / 24, 14);
  });

  it('lists the images on which they differ, page by page', async () => {
    // A network that is right by the labels of the images, and the same with its classes turned.
    const turned = await turnedEvaluation(key.first.id);
    const pair = { first: key.first, second: turned };
    const { figures } = await lab.call('pair.open', { taskId: 'open', ...pair });
    for (const list of ['onlyFirst', 'onlySecond', 'bothWrong'] as const) {
      const all = await lab.call('pair.images', { ...pair, list, from: 0, count: 200 });
      expect(all.images).toHaveLength(all.total);
      if (list !== 'bothWrong') expect(all.total).toBe(figures.right[list]);
      const parts = [];
      for (let from = 0; from <= all.total; from += 5)
        parts.push(...(await lab.call('pair.images', { ...pair, list, from, count: 5 })).images);
      expect(parts).toEqual(all.images);
      const gaps = all.images.map(({ first, second }) =>
        Math.abs((first.trueProbability ?? NaN) - (second.trueProbability ?? NaN)),
      );
      expect(gaps).toEqual([...gaps].sort((a, b) => b - a));
      for (const { file, truth, first, second } of all.images) {
        expect(file).toMatch(new RegExp(`^${['a', 'b', 'c'][truth] ?? ''}/`));
        expect(first.class).not.toBe(second.class);
      }
    }
    expect(figures.right.onlyFirst + figures.right.onlySecond).toBeGreaterThan(0);
  });

  it('is written as a report and as tables, which replace only their kind', async () => {
    const folder = await lab.grant('out');
    const target = { ...key, language: 'zh-CN', folder, name: 'n', overwrite: false } as const;
    const report = { taskId: 'report', ...target, what: 'report' } as const;
    const { file } = await lab.call('pair.write', report);
    expect(await readFile(file.path, 'utf8')).toContain('<html lang="zh-CN">');
    expect(await lab.refusal('pair.write', report)).toMatch(/^output-exists: /);
    await lab.call('pair.write', { ...report, overwrite: true });
    await writeFile(file.path, 'Dear diary');
    expect(await lab.refusal('pair.write', { ...report, overwrite: true })).toMatch(/^output-foreign: /);
    expect(await readFile(file.path, 'utf8')).toBe('Dear diary');
    const tables = { taskId: 'tables', ...target, what: 'tables', name: 'tables' } as const;
    await lab.call('pair.write', tables);
    const at = lab.folder.at('out', 'tables');
    expect((await readdir(at)).sort()).toEqual([
      ...['agreement.csv', 'classes.csv', 'differing.csv', 'pair.csv', 'pair.json'],
    ]);
    expect(JSON.parse(await readFile(join(at, 'pair.json'), 'utf8'))).toEqual(
      await lab.call('pair.open', { taskId: 'open', ...key }),
    );
    await writeFile(join(at, 'mine.txt'), 'mine');
    expect(await lab.refusal('pair.write', { ...tables, overwrite: true })).toMatch(/^output-foreign: /);
    expect(await readFile(join(at, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('refuses the same network twice, other classes and what is not there', async () => {
    const images = VALIDATION;
    const same = { taskId: 'same', first: { runId: RUN }, second: { runId: RUN }, images };
    expect(await lab.refusal('pair.compare', same)).toMatch(/^arguments: .*pairs.sameEvaluation/);
    const gone = { first: key.first, second: { runId: RUN, id: 'fedcba9876543210' } };
    expect(await lab.refusal('pair.open', { taskId: 'gone', ...gone })).toMatch(/^run-not-found: /);
    const unknown = { ...same, second: { runId: 'none' } };
    expect(await lab.refusal('pair.compare', unknown)).toMatch(/^run-not-found: /);
  });
});

describe('a cancelled comparison', () => {
  it('is answered at once at every moment, keeps what is done, and holds its runs until it ends', async () => {
    const before = await kept();
    const asked = { taskId: 'cancelled', first: { runId: RUN, statistics: 'exact' } } as const;
    for (const afterMs of [0, 5, 200]) {
      const refused = lab.refusal('pair.compare', {
        ...{ ...asked, second: { runId: RUN, fold: true }, images: VALIDATION },
      });
      expect(await lab.refusal('run.delete', { runId: RUN, isFinal: true })).toMatch(/^run-busy: /);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      const from = performance.now();
      await lab.call('pair.cancel', { taskId: 'cancelled' });
      const outcome = await refused;
      expect(performance.now() - from).toBeLessThan(process.env['CI'] === undefined ? 150 : 1_000);
      expect(outcome).toMatch(/^interrupted: /);
      // The thread may still have to end.
      await vi.waitFor(
        async () =>
          expect(
            await lab.refusal('pair.compare', {
              ...{ taskId: 'cancelled', first: { runId: RUN }, second: { runId: RUN }, images: VALIDATION },
            }),
          ).toMatch(/sameEvaluation/),
        { timeout: 20_000, interval: 100 },
      );
    }
    const after = await kept();
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after.every((name) => /^[0-9a-f]{16}$/.test(name))).toBe(true);
  });

  it('of its figures or of its files leaves the others their comparison', async () => {
    const key = await compare({ taskId: 'whole' });
    const again = await compare({ taskId: 'other', second: { runId: RUN, statistics: 'exact' } });
    await lab.call('pair.open', { taskId: 'open', ...again });
    const refused = lab.refusal('pair.open', { taskId: 'figures', ...key });
    const page = lab.call('pair.images', { ...key, list: 'onlyFirst', from: 0, count: 5 });
    await lab.call('pair.cancel', { taskId: 'figures' });
    expect(await refused).toMatch(/^interrupted: /);
    expect((await page).total).toBeGreaterThanOrEqual(0);
    const folder = await lab.grant('cancelled');
    const target = { ...key, what: 'tables', language: 'en', folder, name: 'n', overwrite: false } as const;
    const unwritten = lab.refusal('pair.write', { taskId: 'files', ...target });
    await lab.call('pair.cancel', { taskId: 'files' });
    expect(await unwritten).toMatch(/^interrupted: /);
    await vi.waitFor(async () => expect(await readdir(lab.folder.at('cancelled'))).toEqual([]));
  });
});

/** The evaluation with the logits of class a in place of those of b, those of b for c, and so on. */
async function turnedEvaluation(id: string): Promise<PairKey['second']> {
  const evaluations = join(lab.folder.home.runs, RUN, 'evaluations');
  const turned = '00000000000000aa';
  await mkdir(join(evaluations, turned));
  await cp(join(evaluations, id), join(evaluations, turned), { recursive: true });
  const file = join(evaluations, turned, 'logits.safetensors');
  const bytes = await readFile(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as {
    logits: { data_offsets: [number, number] };
  };
  const [from, to] = header.logits.data_offsets;
  for (let at = 8 + length + from; at < 8 + length + to; at += 12) {
    const last = bytes.readFloatLE(at + 8);
    bytes.copy(bytes, at + 4, at, at + 8);
    bytes.writeFloatLE(last, at);
  }
  await writeFile(file, bytes);
  const record = await readFile(join(evaluations, turned, 'evaluation.json'), 'utf8');
  await writeFile(join(evaluations, turned, 'evaluation.json'), record.replace(id, turned));
  return { runId: RUN, id: turned };
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStream } from '#core/training/random.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { storedOutputs } from '#workers/host/testing/plainFigures.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';
import { lastJson, openTerminal, type Ended, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawFaint(terminal.at('train'), 20, 1);
  await drawFaint(terminal.at('val'), 60, 2);
  const averaging = { kind: 'ema', decay: 0.9, validate: 'raw' } as const;
  const args = ['--data', 'train', '--val', 'val', '--threads', '1', '--precision', 'f32'];
  for (const [name, seed, learningRate] of [
    ['run', 3, 0.02],
    // Hardly trained: the two differ often.
    ['other', 4, 0.0005],
  ] as const) {
    await terminal.project(name, tinyDocument({ epochs: 5, seed, averaging, learningRate }));
    const ended = await terminal.run('train', `${name}.normlab.json`, ...args, '--out', name);
    expect(ended.status, ended.stderr).toBe(0);
  }
}, 300_000);
afterAll(() => terminal.remove());

/** `count` images of noise for each class, with a row that is hardly brighter: no network gets all of them right. */
async function drawFaint(folder: string, count: number, seed: number): Promise<void> {
  const random = openStream(seed, 'pictures');
  for (const [row, name] of ['a', 'b', 'c'].entries()) {
    await mkdir(path.join(folder, name), { recursive: true });
    for (let index = 0; index < count; index += 1) {
      const pixels = Uint8Array.from(
        { length: 36 },
        (_, at) => random.below(200) + (Math.floor(at / 6) === row ? 50 : 0),
      );
      const image = sharp(pixels, { raw: { width: 6, height: 6, channels: 1 } });
      await image.png().toFile(path.join(folder, name, `${index}.png`));
    }
  }
}

function expectDone(ended: Ended): void {
  expect(ended.status, ended.stderr).toBe(0);
}

/** The parts of the JSON output that are recomputed here. */
interface Found {
  readonly first: Side;
  readonly second: Side;
  readonly classNames: readonly string[];
  readonly figures: {
    readonly images: number;
    readonly first: { readonly accuracy: { readonly value: number } };
    readonly second: { readonly accuracy: { readonly value: number } };
    readonly accuracyDifference: { readonly value: number };
    readonly right: Readonly<Record<'both' | 'onlyFirst' | 'onlySecond' | 'neither', number>>;
    readonly mcnemar: { readonly method: string; readonly statistic: number | null; readonly pValue: number };
    readonly agreement: { readonly value: number };
    readonly kappa: { readonly value: number } | null;
    readonly probabilityGap: { readonly mean: number; readonly largest: number };
  };
  readonly matrix: readonly (readonly [number, number, number])[];
  readonly differing: readonly { readonly list: string; readonly file: string }[];
}
interface Side {
  readonly id: string;
  readonly model: Readonly<Record<string, unknown>>;
  readonly compute: { readonly precision: string };
}

/** Class and probabilities of each image of a kept evaluation, by the name of its file. */
function answersOf(
  run: string,
  { id }: Side,
): Map<string, { decided: number; all: number[]; truth: number }> {
  const { logits, labels, files } = storedOutputs(terminal.at(run, 'evaluations', id));
  return new Map(
    logits.map((row, image) => {
      const sum = row.reduce((total, value) => total + Math.exp(value), 0);
      const answer = {
        decided: row.indexOf(Math.max(...row)),
        all: row.map((value) => Math.exp(value) / sum),
        truth: labels[image] ?? -1,
      };
      return [files[image] ?? '', answer] as const;
    }),
  );
}

/** Two-sided exact binomial test with probability 1/2, in whole numbers. */
function exactMcNemar(b: number, c: number): number {
  let binomial = 1n;
  let tail = 0n;
  for (let k = 0; k <= Math.min(b, c); k += 1) {
    tail += binomial;
    binomial = (binomial * BigInt(b + c - k)) / BigInt(k + 1);
  }
  return Math.min(1, (2 * Number(tail)) / 2 ** (b + c));
}

/** Upper tail of chi-square with one degree of freedom: the normal density, by Simpson's rule. */
function chiSquareTail(x: number): number {
  const [from, to, steps] = [Math.sqrt(x), 12, 20_000];
  const density = (z: number): number => Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
  const width = (to - from) / steps;
  let sum = density(from) + density(to);
  for (let at = 1; at < steps; at += 1) sum += (at % 2 === 1 ? 4 : 2) * density(from + at * width);
  return (2 * sum * width) / 3;
}

/** Every number of the output that follows from the kept logits, computed again. */
function expectRecomputed(found: Found, runs: readonly [string, string]): void {
  const [first, second] = [answersOf(runs[0], found.first), answersOf(runs[1], found.second)];
  expect([...second.keys()].sort()).toEqual([...first.keys()].sort());
  const pairs = [...first].map(([file, one]) => {
    const other = second.get(file);
    if (other === undefined) throw new Error(file);
    return { file, truth: one.truth, one, other };
  });
  const countOf = (isIn: (each: (typeof pairs)[number]) => boolean): number => pairs.filter(isIn).length;
  const both = countOf(({ truth, one, other }) => one.decided === truth && other.decided === truth);
  const onlyFirst = countOf(({ truth, one, other }) => one.decided === truth && other.decided !== truth);
  const onlySecond = countOf(({ truth, one, other }) => one.decided !== truth && other.decided === truth);
  const neither = pairs.length - both - onlyFirst - onlySecond;
  const { figures } = found;
  expect(figures.images).toBe(180);
  expect(figures.right).toEqual({ both, onlyFirst, onlySecond, neither });
  expect(figures.first.accuracy.value).toBeCloseTo((both + onlyFirst) / 180, 14);
  expect(figures.second.accuracy.value).toBeCloseTo((both + onlySecond) / 180, 14);
  expect(figures.accuracyDifference.value).toBeCloseTo((onlySecond - onlyFirst) / 180, 14);
  const { mcnemar } = figures;
  const discordant = onlyFirst + onlySecond;
  if (discordant < 25) {
    expect(mcnemar).toMatchObject({ method: 'exact', statistic: null });
    expect(mcnemar.pValue).toBeCloseTo(exactMcNemar(onlyFirst, onlySecond), 13);
  } else {
    const statistic = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1) ** 2 / discordant;
    expect(mcnemar.method).toBe('corrected');
    expect(mcnemar.statistic).toBeCloseTo(statistic, 12);
    expect(mcnemar.pValue).toBeCloseTo(chiSquareTail(statistic), 10);
  }
  const matrix = [0, 1, 2].map((row) =>
    [0, 1, 2].map((column) => countOf(({ one, other }) => one.decided === row && other.decided === column)),
  );
  const given = [0, 1, 2].map((row) => [0, 1, 2].map((column) => cellOf(found, row, column)));
  expect(given).toEqual(matrix);
  const same = countOf(({ one, other }) => one.decided === other.decided) / 180;
  expect(figures.agreement.value).toBeCloseTo(same, 14);
  const chance = [0, 1, 2].reduce(
    (sum, k) =>
      sum +
      (countOf(({ one }) => one.decided === k) / 180) * (countOf(({ other }) => other.decided === k) / 180),
    0,
  );
  expect(figures.kappa?.value).toBeCloseTo((same - chance) / (1 - chance), 12);
  const gaps = pairs.flatMap(({ one, other }) =>
    one.all.map((probability, k) => Math.abs(probability - (other.all[k] ?? NaN))),
  );
  expect(figures.probabilityGap.largest).toBeCloseTo(Math.max(...gaps), 11);
  expect(figures.probabilityGap.mean).toBeCloseTo(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length, 12);
  const differing = pairs.filter(({ one, other }) => one.decided !== other.decided).map(({ file }) => file);
  expect(found.differing.map(({ file }) => file).sort()).toEqual(differing.sort());
}

function cellOf({ matrix }: Found, row: number, column: number): number {
  return matrix.find(([one, other]) => one === row && other === column)?.[2] ?? 0;
}

/** Whether this processor computes bf16. */
const hasBf16 = chooseBackend().backend.precisions.includes('bf16');

describe('normlab compare-eval', () => {
  it.skipIf(hasBf16)('says where the processor has no bf16', async () => {
    const ended = await terminal.run('compare-eval', 'run', '--with', 'bf16', '--json');
    expect(ended.status).not.toBe(0);
    expect(ended.stderr).toContain('bf16');
  });

  it.each([
    { what: 'best', model: ['checkpoint', 'last', 'best'] },
    { what: 'averaged', model: ['weights', 'raw', 'ema'] },
    { what: 'exact', model: ['statistics', 'moving-average', 'exact'] },
    ...(hasBf16 ? [{ what: 'bf16', model: null } as const] : []),
    { what: 'folded', model: ['folded', undefined, true] },
  ] as const)('compares a network with itself: $what', async ({ what, model }) => {
    const ended = await terminal.run('compare-eval', 'run', '--with', what, '--json');
    expectDone(ended);
    const found = lastJson(ended) as Found;
    expectRecomputed(found, ['run', 'run']);
    const sides = [found.first, found.second];
    if (model !== null) {
      const [fact, one, other] = model;
      expect(sides.map((side) => side.model[fact])).toEqual([one, other]);
    }
    expect(sides.map(({ compute }) => compute.precision)).toEqual(['f32', what === 'bf16' ? 'bf16' : 'f32']);
    // Folding rounds otherwise, the others are other networks.
    const { probabilityGap, right } = found.figures;
    expect(probabilityGap.largest).toBeGreaterThan(0);
    if (what === 'folded') expect(probabilityGap.largest).toBeLessThan(1e-4);
    // Otherwise the exact test would only be seen to be 1.
    if (what === 'best') expect(right.onlyFirst).not.toBe(right.onlySecond);
  });

  it('compares two runs, by the corrected test where they differ often', async () => {
    const ended = await terminal.run('compare-eval', 'run', 'other', '--json');
    expectDone(ended);
    const found = lastJson(ended) as Found;
    expectRecomputed(found, ['run', 'other']);
    expect(found.figures.mcnemar.method).toBe('corrected');
    const swapped = await terminal.run('compare-eval', 'other', 'run', '--json');
    expectDone(swapped);
    const turned = lastJson(swapped) as Found;
    expect(turned.figures.mcnemar.pValue).toBe(found.figures.mcnemar.pValue);
    expect(turned.figures.accuracyDifference.value).toBe(-found.figures.accuracyDifference.value);
    expect(turned.matrix.map(([row, column, images]) => [column, row, images]).sort()).toEqual(
      [...found.matrix].sort(),
    );
  });

  it('is text for people, a report and tables, which replace only their kind', async () => {
    const args = ['compare-eval', 'run', '--with', 'exact', '--csv', 'pair', '--report', 'pair.html'];
    const ended = await terminal.run(...args);
    expectDone(ended);
    for (const line of ended.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(await readFile(terminal.at('pair', 'pair.csv'), 'utf8')).toMatch(/^mcnemar_(exact|corrected)_p,/m);
    expect(await readFile(terminal.at('pair.html'), 'utf8')).toMatch(/<\/html>\s*$/);
    expect((await terminal.run(...args)).status).toBe(2);
    expectDone(await terminal.run(...args, '--force'));
    await writeFile(terminal.at('pair.html'), '<!doctype html>\n<p>Dear');
    const refused = await terminal.run(...args, '--force');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/pair\.html/);
    expect(await readFile(terminal.at('pair.html'), 'utf8')).toBe('<!doctype html>\n<p>Dear');
  });

  it('refuses a network that is compared with itself', async () => {
    const same = await terminal.run('compare-eval', 'run', '--json');
    expect(same.status).toBe(2);
    const twice = await terminal.run('compare-eval', 'run', 'run', '--json');
    expect(twice.status).toBe(2);
  });
});

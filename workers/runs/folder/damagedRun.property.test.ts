import { copyFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { AppError, toErrorData } from '#core/diagnostics/appError.ts';
import { exitCodeFor } from '#core/diagnostics/codes.ts';
import { decodeSafetensors, encodeSafetensors } from '#core/export/safetensors.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { exportFolder } from '../../export/exportFolder.ts';
import { readRun } from '../list/runsOnDisk.ts';
import { evaluateRun } from '../../inference/evaluateRun.ts';
import { readNormStatistics } from '../checkpoint/normStatistics.ts';
import { predictRun } from '../../inference/predictRun.ts';
import { openPlayground, type Playground } from '../testing/imageFolder.ts';
import { createTrainControl } from '../../training/trainControl.ts';
import { trainRun } from '../../training/trainRun.ts';

let playground: Playground;
let manifest: Record<string, unknown>;
beforeAll(async () => {
  playground = await openPlayground();
  await trainRun({
    ...{ document: tinyDocument({ epochs: 1 }), train: playground.train, validation: playground.validation },
    ...{ out: playground.at('run'), cacheFolder: playground.cache, backend: referenceBackend },
  });
  await cp(playground.at('run'), playground.at('damaged'), { recursive: true });
  await rm(path.join(playground.at('damaged'), 'result.json'));
  manifest = JSON.parse(
    await readFile(path.join(playground.at('run'), 'run.json'), 'utf8'),
  ) as typeof manifest;
});
afterAll(() => playground.remove());

/** Every operation that opens a run, with the errors that the command line would print. */
function openers(): (() => Promise<unknown>)[] {
  const run = playground.at('damaged');
  const common = { run, cacheFolder: playground.cache, threads: 1 };
  const out = playground.at('out.onnx');
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  return [
    () => evaluateRun({ ...common, data: playground.validation }),
    () => drain(predictRun({ ...common, paths: [playground.validation] })),
    () => readNormStatistics(run),
    async () => {
      await rm(out, { force: true });
      await exportFolder({ run, format: 'onnx', foldBatchNorm: false, path: out }, out, context);
    },
    resumeShortly,
  ];
}

async function drain(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _row of rows);
}

/** Resumes the run and stops it as soon as it trains. */
async function resumeShortly(): Promise<unknown> {
  const control = createTrainControl();
  return trainRun({
    ...{
      document: null,
      train: null,
      validation: null,
      out: playground.at('damaged'),
      resume: true,
      control,
    },
    ...{ cacheFolder: playground.cache, onEvent: ({ type }) => type === 'phase' && control.stop() },
  });
}

/** The exit status of the command line, and what it would print. */
async function outcomeOf(
  open: () => Promise<unknown>,
): Promise<{ status: number; message: string; detail: string }> {
  try {
    await open();
    return { status: 0, message: '', detail: '' };
  } catch (error) {
    const { message, detail } = toErrorData(error);
    const status = error instanceof AppError ? exitCodeFor(error.code) : 1;
    return {
      status: status === 130 ? 0 : status,
      message: inEnglish(message),
      detail: detail === undefined ? '' : inEnglish(detail),
    };
  }
}

async function expectRefusedOrFine(text: string): Promise<void> {
  await writeFile(path.join(playground.at('damaged'), 'run.json'), text);
  for (const open of openers()) {
    const { status, message, detail } = await outcomeOf(open);
    expect([0, 2], `${message}\n${detail}`).toContain(status);
    expect(message).not.toMatch(/internal|\n/);
  }
  const listed = await readRun(playground.root, 'damaged');
  expect(listed?.error?.code).not.toBe('internal');
  const checkpoint = 'checkpoint.safetensors';
  await rm(path.join(playground.at('damaged'), 'result.json'), { force: true });
  await copyFile(
    path.join(playground.at('run'), checkpoint),
    path.join(playground.at('damaged'), checkpoint),
  );
}

const HOSTILE: readonly unknown[] = [
  ...[
    0,
    -1,
    1,
    2,
    0.5,
    1e9,
    1e300,
    -1e-300,
    null,
    true,
    '',
    'x',
    '../..',
    'a\0b',
    [],
    {},
    [1, 2],
    ['a', 'a'],
  ],
  ...['f32', 'bf16', 'native', 'Ω'.repeat(70_000), 5000, 4096, 65_536, Number.MAX_SAFE_INTEGER],
];

/** Places in a JSON value, each as its path of keys. */
function placesOf(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inside = Object.entries(value).flatMap(([key, child]) => placesOf(child, [...at, key]));
  return at.length === 0 ? inside : [at, ...inside];
}

/** The value with a place replaced; `undefined` removes the place. */
function changed(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other;
  if (Array.isArray(value))
    return (value as readonly unknown[]).map((child, index) =>
      String(index) === key ? changed(child, rest, other) : child,
    );
  if (typeof value !== 'object' || value === null) return other;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.flatMap(([name, child]) => {
      const next = name === key ? changed(child, rest, other) : child;
      return next === undefined ? [] : [[name, next]];
    }),
  );
}

describe('a run.json that was damaged or made to harm', () => {
  it(
    'is refused with one sentence or does no harm, whatever stands at any of its places',
    { timeout: 240_000 },
    async () => {
      const project = JSON.parse(String(manifest.project)) as unknown;
      const inManifest = placesOf(manifest).map((place) => ({ place, isProject: false }));
      const inProject = placesOf(project).map((place) => ({ place, isProject: true }));
      const anywhere = fc.constantFrom(...inManifest, ...inManifest, ...inProject);
      await fc.assert(
        fc.asyncProperty(
          anywhere,
          fc.constantFrom(...HOSTILE, undefined),
          async ({ place, isProject }, other) => {
            const broken = isProject
              ? { ...manifest, project: JSON.stringify(changed(project, place, other)) }
              : changed(manifest, place, other);
            await expectRefusedOrFine(JSON.stringify(broken));
          },
        ),
        { numRuns: 120 },
      );
    },
  );

  it(
    'is refused with one sentence when its text is cut off or a byte of it is another one',
    { timeout: 240_000 },
    async () => {
      const text = JSON.stringify(manifest);
      await fc.assert(
        fc.asyncProperty(
          fc.nat(text.length - 1),
          fc.constantFrom('', '"', '{', '9', '\u0000', 'cut'),
          async (at, byte) => {
            const broken = byte === 'cut' ? text.slice(0, at) : text.slice(0, at) + byte + text.slice(at + 1);
            await expectRefusedOrFine(broken);
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it.each<[string, (preprocessing: object, compute: object) => object, RegExp]>([
    ['no threads', (_, compute) => ({ compute: { ...compute, threads: 0 } }), /compute\.threads/],
    ['less than none', (_, compute) => ({ compute: { ...compute, threads: -1 } }), /compute\.threads/],
    [
      'another backend',
      (_, compute) => ({ compute: { ...compute, precision: 'bf16' } }),
      /reference backend has no bf16/,
    ],
    [
      'two means',
      (given) => ({ preprocessing: { ...given, mean: [1, 2] } }),
      /a mean and a deviation for each channel/,
    ],
    ['large pictures', (given) => ({ preprocessing: { ...given, height: 5000 } }), /preprocessing\.height/],
    [
      'other pictures',
      (given) => ({ preprocessing: { ...given, height: 7 } }),
      /images are 7 × 6 × 1 and the network takes 6 × 6 × 1/,
    ],
    ['other classes', () => ({ classNames: ['a', 'b'] }), /names 2 classes and the network distinguishes 3/],
    ['one class twice', () => ({ classNames: ['a', 'a', 'b'] }), /classNames .*named twice/],
  ])('says where: %s', async (_name, change, sentence) => {
    const { preprocessing, compute } = manifest as { preprocessing: object; compute: object };
    await writeFile(
      path.join(playground.at('damaged'), 'run.json'),
      JSON.stringify({ ...manifest, ...change(preprocessing, compute) }),
    );
    for (const open of openers()) {
      const { status, message } = await outcomeOf(open);
      expect([status, message]).toEqual([2, expect.stringMatching(sentence)]);
    }
  });
});

describe('weights that are not finite', () => {
  it.each([NaN, Infinity])('are refused as export refuses them: %d', async (value) => {
    await writeFile(path.join(playground.at('damaged'), 'run.json'), JSON.stringify(manifest));
    const file = path.join(playground.at('damaged'), 'checkpoint.safetensors');
    const { tensors, metadata } = decodeSafetensors(
      await readFile(path.join(playground.at('run'), 'checkpoint.safetensors')),
    );
    const parts = [...tensors].map(([name, tensor]) => ({ name, ...tensor }));
    const weights = parts.find(({ name }) => name === 'dense1.weights');
    weights?.data.fill(value as never);
    const { hashes: _hashes, digest: _digest, ...old } = metadata;
    await writeFile(file, encodeSafetensors(parts, old));
    const [evaluated, predicted, , exported] = await Promise.all(openers().slice(0, 4).map(outcomeOf));
    for (const outcome of [evaluated, predicted, exported]) {
      expect(outcome?.status).toBe(1);
      expect(outcome?.message).toMatch(/dense1\.weights holds values that are not numbers/);
    }
  });
});

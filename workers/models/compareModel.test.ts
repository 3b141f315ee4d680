import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { encodeSafetensors } from '#core/export/safetensors.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import type { Progress } from '../threads/progress.ts';
import { compareModel } from './compareModel.ts';
import { startModelTask } from './modelClient.ts';

/** A cancel must be heard within this time; the thread of a comparison is ended half way through it. */
const HEARD_MS = 100;
const TRIES = { retry: 3, timeout: 30_000 };
/** Enough for the comparison to last a multiple of the limit. */
const ELEMENTS = 24_000_000;

let folder: string;
const at = (name: string): string => path.join(folder, name);
const file = (name: string) => ({ kind: 'path', path: at(name) }) as const;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-compare-'));
  for (const [name, value] of [
    ['large-a.safetensors', 1],
    ['large-b.safetensors', 2],
  ] as const) {
    const data = new Float32Array(ELEMENTS).fill(value);
    await writeFile(at(name), encodeSafetensors([{ name: 'x', dtype: 'F32', shape: [ELEMENTS], data }], {}));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const large = () => ({
  ...{ a: file('large-a.safetensors'), b: file('large-b.safetensors'), weightsFolder: folder },
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  return error instanceof AppError ? error.code : 'none';
}

describe('a comparison of large tensors', () => {
  it('in a thread reports its progress, and hears its cancel while it compares', TRIES, async () => {
    let reached: () => void;
    const within = new Promise<void>((resolve) => (reached = resolve));
    const told: Progress[] = [];
    const task = startModelTask({ task: 'compare', ...large() }, (progress) => {
      told.push(progress);
      if (progress.label.key === 'comparing.tensors') reached();
    });
    await Promise.race([within, task.done]);
    expect(told.map(({ label }) => label.key).slice(0, 2)).toEqual([
      'comparing.readingA',
      'comparing.readingB',
    ]);
    const { done, total } = told.at(-1) ?? { done: 0, total: null };
    expect(total).toBe(ELEMENTS);
    expect(done).toBeLessThan(ELEMENTS);
    const from = performance.now();
    task.cancel();
    expect(await codeOf(task.done)).toBe('interrupted');
    expect(performance.now() - from).toBeLessThan(HEARD_MS);
  });

  it('yields, so that a signal is heard without ending the thread', TRIES, async () => {
    const abort = new AbortController();
    let cancelledAt = 0;
    const onProgress = ({ key }: { readonly key: string }): void => {
      if (key !== 'comparing.tensors' || cancelledAt > 0) return;
      // A message that arrives while the comparison runs: it is heard only where the loop yields.
      cancelledAt = performance.now();
      setImmediate(() => abort.abort());
    };
    expect(await codeOf(compareModel(large(), { signal: abort.signal, onProgress }))).toBe('interrupted');
    expect(performance.now() - cancelledAt).toBeLessThan(HEARD_MS);
  });

  it('finds the difference when nobody cancels it', TRIES, async () => {
    const { signal } = new AbortController();
    const comparison = await compareModel(large(), { signal, onProgress: () => undefined });
    expect(comparison).toMatchObject({
      ...{ isEqual: false, graph: null, differing: 1 },
      tensors: { total: 1, rows: [{ a: 'x', absolute: 1, relative: 0.5, differing: ELEMENTS, block: null }] },
    });
  });
});

describe('the network of a project without starting weights', () => {
  const project = (epsilon: number) => {
    const document = tinyDocument();
    const text = serializeDocument(document).replace('"epsilon": 0.00001', `"epsilon": ${epsilon}`);
    return { kind: 'project', name: 'mine', project: text } as const;
  };

  it('is drawn, and compared by its settings', async () => {
    const { signal } = new AbortController();
    const comparison = await compareModel(
      { a: project(0.00001), b: project(0.001), weightsFolder: folder },
      { signal, onProgress: () => undefined },
    );
    expect(comparison).toMatchObject({
      ...{ a: { name: 'mine', format: 'normlab' }, tensors: { total: 0 }, unpaired: { total: 0 } },
      graph: { kind: 'drawn' },
    });
    expect(comparison.verdict.key).toBe('plain.sentences');
  });

  it('with an error is refused with its name', async () => {
    const { signal } = new AbortController();
    const broken = { kind: 'project', name: 'mine', project: '{' } as const;
    const work = compareModel(
      { a: broken, b: broken, weightsFolder: folder },
      { signal, onProgress: () => undefined },
    );
    await expect(work).rejects.toMatchObject({ where: 'mine' });
  });
});

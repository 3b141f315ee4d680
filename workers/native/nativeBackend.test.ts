import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Session } from '#core/backend/backend.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { initializeState } from '#core/training/initialize.ts';
import type { NativeAddon } from './nativeAddon.ts';
import { createNativeBackend, openNativeSession } from './nativeBackend.ts';
import { requireAddon, randomFeed, templateProgram } from './testing/programs.ts';

const PROGRAM = templateProgram('bn-mlp');
const BATCH = 8;
const F32 = { threads: 2, precision: 'f32' } as const;

function scalars(step: number) {
  return { learningRate: 0.1, step, randomKey: step };
}

function trained(session: Session, steps: number): Float32Array {
  initializeState(PROGRAM.state, 1, session.state);
  const prepared = session.prepare(PROGRAM, BATCH);
  for (let step = 1; step <= steps; step += 1) prepared.run(randomFeed(PROGRAM, BATCH, step), scalars(step));
  return Float32Array.from(session.state);
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const addon = requireAddon();

describe('native session', () => {
  const native = addon;
  const backend = createNativeBackend(native);

  it('tells the library and the instruction set', () => {
    expect(backend.description).toMatch(/^oneDNN \d+\.\d+\.\d+, \w+$/);
    expect(backend.precisions).toContain('f32');
    expect(backend.precisions).toContain(backend.auto);
    expect(backend.auto).toBe(backend.description.includes('amx') ? 'bf16' : 'f32');
  });

  it('computes in place on shared memory, with the same bits as on its own', () => {
    const shared = new Float32Array(new SharedArrayBuffer(PROGRAM.state.totalSize * 4));
    const onShared = trained(openNativeSession(native, PROGRAM.state, F32, shared), 3);
    expect(onShared).toEqual(trained(backend.open(PROGRAM.state, F32), 3));
    expect(Float32Array.from(shared)).toEqual(onShared);
  });

  it('sees what is written to the state between two runs', () => {
    const session = backend.open(PROGRAM.state, F32);
    initializeState(PROGRAM.state, 1, session.state);
    const evaluate = session.prepare(templateProgram('bn-mlp', { mode: 'evaluate' }), BATCH);
    const feed = randomFeed(PROGRAM, BATCH, 1);
    evaluate.run(feed, scalars(1));
    const before = evaluate.logits.slice();
    const bias = must(
      PROGRAM.state.parameters.findLast(({ field }) => field === 'bias'),
      'bias',
    );
    session.state[bias.offset] = (session.state[bias.offset] ?? NaN) + 7;
    evaluate.run(feed, scalars(1));
    expect((evaluate.logits[0] ?? NaN) - (before[0] ?? NaN)).toBeCloseTo(7, 4);
    expect(evaluate.logits[1]).toBe(before[1]);
  });

  it('refuses a state that was transferred away', () => {
    const session = backend.open(PROGRAM.state, F32);
    const prepared = session.prepare(PROGRAM, BATCH);
    structuredClone(session.state, { transfer: [session.state.buffer as ArrayBuffer] });
    expect(() => {
      prepared.run(randomFeed(PROGRAM, BATCH, 1), scalars(1));
    }).toThrow("lent array 'state' was detached");
  });

  it('refuses feeds that do not fit, before it computes', () => {
    const prepared = backend.open(PROGRAM.state, F32).prepare(PROGRAM, BATCH);
    const { images, labels } = randomFeed(PROGRAM, BATCH, 1);
    const run = (feed: Parameters<typeof prepared.run>[0]) => () => {
      prepared.run(feed, scalars(1));
    };
    expect(run({ images: images.slice(1), labels: must(labels, 'labels') })).toThrow(/6271 values .* 6272/);
    expect(run({ images: new Uint8Array(6272), labels: must(labels, 'labels') })).toThrow(
      'images must be a Float32Array',
    );
    expect(run({ images })).toThrow('a training step needs labels');
    expect(run({ images, labels: new Int32Array(BATCH - 1) })).toThrow('one label a sample');
    expect(run({ images, labels: new Int32Array(BATCH).fill(10) })).toThrow('label 10 of 10 classes');
  });

  it('frees its programs when it is closed', () => {
    const session = backend.open(PROGRAM.state, F32);
    const prepared = session.prepare(PROGRAM, BATCH);
    session.close();
    expect(() => {
      prepared.run(randomFeed(PROGRAM, BATCH, 1), scalars(1));
    }).toThrow('released');
    expect(() => session.prepare(PROGRAM, BATCH)).toThrow('session is closed');
  });

  it('keeps no memory of closed sessions', async () => {
    const feed = randomFeed(PROGRAM, 512, 1);
    const cycle = (): void => {
      const session = backend.open(PROGRAM.state, { threads: 1, precision: 'f32' });
      session.prepare(PROGRAM, 512).run(feed, scalars(1));
      session.close();
    };
    const grownBy = async (rounds: number): Promise<number> => {
      const before = process.memoryUsage.rss();
      for (let round = 0; round < rounds; round += 1) {
        for (let i = 0; i < 5; i += 1) cycle();
        await setImmediate(); // finalizers run between two tasks
        collectGarbage();
      }
      return process.memoryUsage.rss() - before;
    };
    await grownBy(4);
    // A cycle holds 2.2 MB of working memory and 1.3 MB of arrays: 60 leaked cycles would be 210 MB.
    expect(await grownBy(12)).toBeLessThan(40e6);
  });

  it('refuses f64', () => {
    expect(() => backend.open(PROGRAM.state, { threads: 1, precision: 'f64' })).toThrow(AppError);
  });
});

describe('bf16 without hardware', () => {
  it('is refused as a wrong argument', () => {
    const old: NativeAddon = {
      describeLibrary: () => ({ version: '2.6.3', isa: 'avx2', bf16: false, machine: 'v3' }),
      NativeSession: class {
        prepare(): never {
          throw new Error('not reached');
        }
      },
    };
    const backend = createNativeBackend(old);
    expect(backend.precisions).toEqual(['f32']);
    expect(() => backend.open(PROGRAM.state, { threads: 1, precision: 'bf16' })).toThrow(
      expect.objectContaining({ code: 'arguments' }),
    );
  });
});

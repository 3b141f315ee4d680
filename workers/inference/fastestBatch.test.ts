import { describe, expect, it } from 'vitest';
import { randomImages, randomModel } from '#core/export/testing/randomModel.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { IDLE_SCALARS } from '#core/training/evaluate.ts';
import type { PreparedProgram, Session } from '#core/backend/backend.ts';
import { tinyDocument, tinyProgram } from '#core/training/testing/tinyRun.ts';
import { loadNativeBackend } from '../native/loadNativeBackend.ts';
import { prepareFastest } from './fastestBatch.ts';
import { openInference } from './inference.ts';

const program = tinyProgram(tinyDocument(), 'evaluate');

/** The batch that is chosen where a step takes as long as `stepMs` says, and what is left prepared. */
async function chosen(
  images: number,
  stepMs: (batch: number) => number,
  between?: () => Promise<void>,
): Promise<{ batch: number; alive: number[] }> {
  const alive = new Set<number>();
  let time = 0;
  const prepare = (_: unknown, batch: number): PreparedProgram => {
    alive.add(batch);
    const run = (): void => {
      time += stepMs(batch);
    };
    return { batch, run, release: () => alive.delete(batch) } as unknown as PreparedProgram;
  };
  const session = { prepare } as unknown as Session;
  const options = { now: () => time, ...(between && { between }) };
  const prepared = await prepareFastest(session, program, images, options).catch(() => null);
  return { batch: prepared?.batch ?? 0, alive: [...alive] };
}

describe('prepareFastest', () => {
  it('takes the batch with the most images per second, and releases the others', async () => {
    // Per image 1, 0.5, 0.25, then 1 again.
    expect(await chosen(10_000, (batch) => (batch <= 16 ? 4 : batch))).toEqual({ batch: 16, alive: [16] });
  });

  it('takes no batch that delays a cancel, and fewer images where four would', async () => {
    expect(await chosen(10_000, (batch) => 4 + 4 * batch)).toEqual({ batch: 16, alive: [16] });
    expect(await chosen(10_000, (batch) => 30 * batch)).toEqual({ batch: 2, alive: [2] });
    expect(await chosen(10_000, (batch) => 90 * batch)).toEqual({ batch: 1, alive: [1] });
  });

  it('measures no more than it can save', async () => {
    expect((await chosen(5, () => 1)).batch).toBe(1);
    expect((await chosen(100, () => 1)).batch).toBe(8);
  });

  it.each([1, 2, 4, 7, 11])('leaves nothing prepared where it is cancelled before step %i', async (step) => {
    for (const stepMs of [1, 30, 90]) {
      let asked = 0;
      const cancel = (): Promise<void> =>
        (asked += 1) === step ? Promise.reject(new Error('cancelled')) : Promise.resolve();
      const { batch, alive } = await chosen(10_000, (size) => stepMs * size, cancel);
      expect(alive).toEqual(batch === 0 ? [] : [batch]);
      if (step <= 2) expect(batch).toBe(0);
    }
  });
});

const native = loadNativeBackend();

it.runIf('backend' in native)(
  'changes no bit of a logit: those of an image do not depend on its batch',
  () => {
    const model = randomModel(instantiateTemplate('vgg-bn'));
    const images = randomImages(model, 64);
    const perImage = images.length / 64;
    const rows = [1, 2, 4, 8, 16, 32, 64].map((batch) => {
      const inference = openInference(model, batch, 'backend' in native ? { backend: native.backend } : {});
      inference.prepared.run({ images: images.subarray(0, batch * perImage) }, IDLE_SCALARS);
      const row = [...inference.prepared.logits.subarray(0, model.graph.logitCount)];
      inference.close();
      return row;
    });
    for (const row of rows) expect(row).toEqual(rows[0]);
  },
);

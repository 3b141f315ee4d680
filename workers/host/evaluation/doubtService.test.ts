import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EvaluationKey } from '#core/contract/evaluationCalls.ts';
import { openEvaluationLab, RUN, type EvaluationLab } from '../testing/evaluationLab.ts';

// The searching thread starts slowly on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let lab: EvaluationLab;
let key: EvaluationKey;
beforeAll(async () => {
  lab = await openEvaluationLab();
  ({ key } = await lab.call('evaluation.start', {
    ...{ taskId: 'first', runId: RUN, statistics: 'stored', images: { kind: 'own', part: 'train' } },
  }));
});
afterAll(() => lab.close());

const page = { from: 0, count: 10, text: null } as const;

describe('a search that is cancelled', () => {
  it('before its thread has begun is answered at once, and the next one finds', async () => {
    const asked = { ...key, ...page, taskId: 'early', others: [] };
    const refused = lab.refusal('doubt.suspects', asked);
    const from = performance.now();
    await lab.call('doubt.cancel', { taskId: 'early' });
    expect(await refused).toMatch(/^interrupted: .*doubts.stopped/);
    expect(performance.now() - from).toBeLessThan(process.env['CI'] === undefined ? 100 : 1_000);
    // As soon as the thread has heard of the cancel, the task is free.
    await vi.waitFor(async () => expect((await lab.call('doubt.suspects', asked)).summary.images).toBe(24), {
      timeout: 20_000,
    });
  });

  it('while it waits behind others is refused, and the others find', async () => {
    const twins = { ...key, ...page, onlyWrong: false };
    const first = lab.call('doubt.duplicates', { ...twins, taskId: 'one' });
    const second = lab.call('doubt.duplicates', { ...twins, taskId: 'two' });
    const third = lab.refusal('doubt.forgotten', { ...key, ...page, taskId: 'three', onlyLost: false });
    await lab.call('doubt.cancel', { taskId: 'three' });
    expect(await third).toMatch(/^interrupted: .*cancelledBefore/);
    expect((await first).summary.images).toBe(24);
    expect(await second).toEqual(await first);
  });
});

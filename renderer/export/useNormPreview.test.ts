import { describe, expect, it } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import type { LabEvent, LabMethod } from '#core/contract/labApi.ts';
import type { FoldMeasurement, NormPreview } from '#core/contract/normPreview.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { asIs, message } from '#core/words/message.ts';
import type { Lab } from '../client/useLab.ts';
import { useNormPreview } from './useNormPreview.ts';

const PREVIEW: NormPreview = { findings: [], blocks: [] };
const FOUND: FoldMeasurement = { images: 1, blockImages: 1, generated: false, whole: null, blocks: [] };

/** A preview over a lab with prepared answers. */
function open(answer: (method: LabMethod, params: Record<string, unknown>) => unknown) {
  const asked: [LabMethod, Record<string, unknown>][] = [];
  let tell: (event: LabEvent) => void = () => undefined;
  const lab = {
    call: async (method: LabMethod, params: Record<string, unknown>) => {
      asked.push([method, params]);
      return answer(method, params);
    },
    on: (_: string, handler: (event: LabEvent) => void) => {
      tell = handler;
      return () => undefined;
    },
  };
  const runId = ref('a');
  const scope = effectScope();
  const opened = scope.run(() =>
    useNormPreview(lab as unknown as Lab, () => ({ runId: runId.value, checkpoint: 'last' })),
  );
  if (opened === undefined) throw new Error('no scope');
  return { ...opened, asked, runId, scope, tell: (event: LabEvent) => tell(event) };
}
const settle = async (): Promise<void> => {
  await nextTick();
  await new Promise((resolve) => setTimeout(resolve));
};

describe('useNormPreview', () => {
  it('reads the chosen weights, and those of the next run, whose answer counts', async () => {
    const answers: ((preview: NormPreview) => void)[] = [];
    const { preview, runId, asked } = open(() => new Promise((resolve) => answers.push(resolve)));
    runId.value = 'b';
    await settle();
    const second = { ...PREVIEW };
    answers[1]?.(second);
    answers[0]?.(PREVIEW);
    await settle();
    expect(preview.value).toBe(second);
    expect(asked.map(([, params]) => params.runId)).toEqual(['a', 'b']);
  });

  it('says why there is no preview', async () => {
    const { preview, problem } = open(() => {
      throw new AppError('run-has-no-weights', asIs('none yet'));
    });
    await settle();
    expect(preview.value).toBeNull();
    expect(problem.value).toMatchObject({ code: 'run-has-no-weights' });
  });

  it('measures with progress, and other weights cancel it', async () => {
    let finish: (found: FoldMeasurement) => void = () => undefined;
    const { measured, measure, runId, asked, tell } = open((method) =>
      method === 'run.measureFold' ? new Promise((resolve) => (finish = resolve)) : PREVIEW,
    );
    const done = measure();
    const exportId = String(asked.at(-1)?.[1].exportId);
    const progress = { label: message('folding.comparing'), done: 1, total: 2 };
    tell({ event: 'exportProgress', exportId, progress });
    expect(measured.value).toMatchObject({ kind: 'working', work: { progress } });
    runId.value = 'b';
    await settle();
    expect(asked).toContainEqual(['run.cancelExport', { exportId }]);
    finish(FOUND);
    await done;
    expect(measured.value).toEqual({ kind: 'idle' });
  });

  it('has the figures when it is done, and nothing when it was cancelled', async () => {
    const { measured, measure } = open((method) => (method === 'run.measureFold' ? FOUND : PREVIEW));
    await measure();
    expect(measured.value).toEqual({ kind: 'done', found: FOUND });
    const cancelled = open((method) => {
      if (method === 'run.measureFold') throw new AppError('interrupted', asIs('cancelled'));
      return PREVIEW;
    });
    await cancelled.measure();
    expect(cancelled.measured.value).toEqual({ kind: 'idle' });
  });
});

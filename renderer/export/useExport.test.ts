import { describe, expect, it } from 'vitest';
import type { LabEvent, LabMethod } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { asIs, message } from '#core/words/message.ts';
import type { Lab } from '../client/useLab.ts';
import type { ExportOrder } from './exportState.ts';
import { useExport } from './useExport.ts';

const ORDER: ExportOrder = { runId: 'a', format: 'onnx', foldBatchNorm: false, folder: 'g', name: 'a.onnx' };
const RESULT = {
  file: { grant: 'f', path: '/out/a.onnx', name: 'a.onnx' },
  ...{ sizeBytes: 1, maxAbsDiff: 0, maxRelDiff: 0, top1Agreement: 1, samples: 32, isNoise: false },
  ...{ sha256: 'ab', checkpoint: 'last', step: 8, epochs: 2, notes: [] },
};

/** A lab with prepared answers, and the requests that it received. */
function fakeLab(answer: (params: Record<string, unknown>) => unknown) {
  const asked: [LabMethod, Record<string, unknown>][] = [];
  let tell: (event: LabEvent) => void = () => undefined;
  const lab = {
    call: async (method: LabMethod, params: Record<string, unknown>) => {
      asked.push([method, params]);
      return method === 'run.export' ? answer(params) : {};
    },
    on: (_: string, handler: (event: LabEvent) => void) => {
      tell = handler;
      return () => undefined;
    },
  };
  return { lab: lab as unknown as Lab, asked, tell: (event: LabEvent) => tell(event) };
}

const taken = (): never => {
  throw new AppError('output-exists', asIs('there'), { where: '/out/a.onnx' });
};

describe('useExport', () => {
  it('asks before a file is replaced, and replaces it only when that was agreed to', async () => {
    const { lab, asked } = fakeLab(({ overwrite }) => (overwrite === true ? RESULT : taken()));
    const { state, start, replace, reset } = useExport(lab);
    await start(ORDER);
    expect(state.value).toEqual({ kind: 'asking', order: ORDER, path: '/out/a.onnx' });
    reset();
    await replace();
    expect(asked.map(([, params]) => params.overwrite)).toEqual([false]);
    await start(ORDER);
    await replace();
    expect(asked.map(([, params]) => params.overwrite)).toEqual([false, false, true]);
    expect(state.value).toEqual({ kind: 'done', result: RESULT });
  });

  it('shows its own progress, and can be cancelled', async () => {
    let refuse: (error: Error) => void = () => undefined;
    const { lab, asked, tell } = fakeLab(() => new Promise((_, reject) => (refuse = reject)));
    const { state, start, cancel } = useExport(lab);
    const done = start(ORDER);
    const exportId = String(asked[0]?.[1].exportId);
    const progress = { label: message('work.writing'), done: 1, total: 2 };
    tell({ event: 'exportProgress', exportId: 'another', progress });
    expect(state.value).toMatchObject({ kind: 'working', work: { progress: null } });
    tell({ event: 'exportProgress', exportId, progress });
    expect(state.value).toMatchObject({ kind: 'working', work: { progress } });
    await cancel();
    expect(asked.at(-1)).toEqual(['run.cancelExport', { exportId }]);
    refuse(new AppError('interrupted', asIs('cancelled')));
    await done;
    expect(state.value).toEqual({ kind: 'idle' });
  });
});

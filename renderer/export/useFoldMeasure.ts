import { onScopeDispose, shallowRef, type Ref } from 'vue';
import type { FoldMeasurement } from '#core/contract/normPreview.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import type { Lab } from '../client/useLab.ts';
import { workAfter, type Work } from '../runs/work.ts';

/** The weights that are looked at. */
export interface ChosenWeights {
  readonly runId: string;
  readonly checkpoint: CheckpointChoice;
}

/** The states of a measurement of the error of folding. */
type MeasureState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly exportId: string; readonly work: Work }
  | { readonly kind: 'done'; readonly found: FoldMeasurement }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

const IDLE: MeasureState = { kind: 'idle' };

/** Measures the error of folding on request, one measurement at a time. */
export function useFoldMeasure(
  lab: Lab,
  chosen: () => ChosenWeights,
): {
  readonly measured: Ref<MeasureState>;
  measure(): Promise<void>;
  cancel(): Promise<void>;
  /** Cancels a measurement and drops its result. */
  reset(): void;
} {
  const measured = shallowRef<MeasureState>(IDLE);

  const off = lab.on('exportProgress', ({ exportId, progress }) => {
    const { value } = measured;
    if (value.kind !== 'working' || value.exportId !== exportId) return;
    measured.value = { ...value, work: workAfter(value.work, progress, Date.now()) };
  });

  async function measure(): Promise<void> {
    if (measured.value.kind === 'working') return;
    const exportId = crypto.randomUUID();
    const isMine = (): boolean => measured.value.kind === 'working' && measured.value.exportId === exportId;
    measured.value = { kind: 'working', exportId, work: workAfter(undefined, null, Date.now()) };
    try {
      const found = await lab.call('run.measureFold', { ...chosen(), exportId });
      if (isMine()) measured.value = { kind: 'done', found };
    } catch (thrown) {
      const error = toErrorData(thrown);
      if (isMine()) measured.value = error.code === 'interrupted' ? IDLE : { kind: 'failed', error };
    }
  }

  async function cancel(): Promise<void> {
    const { value } = measured;
    // A measurement that has just ended needs no cancelling.
    if (value.kind === 'working')
      await lab.call('run.cancelExport', { exportId: value.exportId }).catch(() => undefined);
  }

  function reset(): void {
    void cancel();
    measured.value = IDLE;
  }

  onScopeDispose(() => {
    off();
    void cancel();
  });
  return { measured, measure, cancel, reset };
}

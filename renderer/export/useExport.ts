import { shallowRef, type Ref } from 'vue';
import { toErrorData } from '#core/diagnostics/appError.ts';
import type { Lab } from '../client/useLab.ts';
import { workAfter } from '../runs/work.ts';
import type { ExportOrder, ExportState } from './exportState.ts';

/** One export at a time: its progress, its cancellation, and the question before a file is replaced. */
export function useExport(lab: Lab): {
  readonly state: Ref<ExportState>;
  start(order: ExportOrder): Promise<void>;
  /** Confirms replacing the file of `state`. */
  replace(): Promise<void>;
  cancel(): Promise<void>;
  /** Resets the state, unless an export is in progress. */
  reset(): void;
} {
  const state = shallowRef<ExportState>({ kind: 'idle' });

  lab.on('exportProgress', ({ exportId, progress }) => {
    const { value } = state;
    if (value.kind !== 'working' || value.exportId !== exportId) return;
    state.value = { ...value, work: workAfter(value.work, progress, Date.now()) };
  });

  async function run(order: ExportOrder, overwrite: boolean): Promise<void> {
    const exportId = crypto.randomUUID();
    state.value = { kind: 'working', exportId, work: workAfter(undefined, null, Date.now()) };
    try {
      state.value = { kind: 'done', result: await lab.call('run.export', { ...order, exportId, overwrite }) };
    } catch (thrown) {
      const error = toErrorData(thrown);
      if (error.code === 'output-exists') state.value = { kind: 'asking', order, path: error.where ?? '' };
      else state.value = error.code === 'interrupted' ? { kind: 'idle' } : { kind: 'failed', error };
    }
  }

  return {
    state,
    start: async (order) => {
      if (state.value.kind !== 'working') await run(order, false);
    },
    replace: async () => {
      if (state.value.kind === 'asking') await run(state.value.order, true);
    },
    cancel: async () => {
      const { value } = state;
      // An export that has just ended needs no cancelling.
      if (value.kind === 'working')
        await lab.call('run.cancelExport', { exportId: value.exportId }).catch(() => undefined);
    },
    reset: () => {
      if (state.value.kind !== 'working') state.value = { kind: 'idle' };
    },
  };
}

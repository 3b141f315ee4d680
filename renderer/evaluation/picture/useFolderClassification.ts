import { onScopeDispose, shallowRef, type Ref } from 'vue';
import type { LabParams, LabResult } from '#core/contract/labApi.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { Lab } from '../../client/useLab.ts';
import { workAfter, type Work } from '../../runs/work.ts';

type FolderOrder = Omit<LabParams<'picture.classifyFolder'>, 'taskId' | 'overwrite'>;

/** The states of classifying a folder. */
export type FolderState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly taskId: string; readonly work: Work }
  /** A file of that name exists. */
  | { readonly kind: 'asking'; readonly path: string }
  | { readonly kind: 'done'; readonly result: LabResult<'picture.classifyFolder'> }
  /** The lines that were written stay. */
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** Classifies one folder at a time: its progress, its cancellation, and the question before a file is replaced. */
export function useFolderClassification(lab: Lab): {
  readonly state: Readonly<Ref<FolderState>>;
  start(order: FolderOrder, overwrite: boolean): Promise<void>;
  cancel(): void;
} {
  const state = shallowRef<FolderState>({ kind: 'idle' });
  lab.on('pictureProgress', ({ taskId, progress }) => {
    const { value } = state;
    if (value.kind !== 'working' || value.taskId !== taskId) return;
    state.value = { ...value, work: workAfter(value.work, progress, Date.now()) };
  });
  const cancel = (): void => {
    const { value } = state;
    // One that has just ended needs no cancelling.
    if (value.kind === 'working') lab.call('picture.cancel', { taskId: value.taskId }).catch(() => undefined);
  };
  onScopeDispose(cancel);
  return {
    state,
    cancel,
    start: async (order, overwrite) => {
      const taskId = crypto.randomUUID();
      state.value = { kind: 'working', taskId, work: workAfter(undefined, null, Date.now()) };
      try {
        const result = await lab.call('picture.classifyFolder', { ...order, taskId, overwrite });
        state.value = { kind: 'done', result };
      } catch (thrown) {
        const error = toErrorData(thrown);
        if (error.code === 'output-exists') state.value = { kind: 'asking', path: error.where ?? '' };
        else if (error.code === 'interrupted') state.value = { kind: 'cancelled' };
        else state.value = { kind: 'failed', error };
      }
    },
  };
}

import { onScopeDispose, shallowRef, type Ref } from 'vue';
import type { LabParams, LabResult } from '#core/contract/labApi.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { Lab } from '../client/useLab.ts';
import { workAfter, type Work } from '../runs/work.ts';

type ClusterOrder = Omit<LabParams<'cluster.write'>, 'writeId' | 'overwrite'>;

/** The states of writing a project for a cluster. */
export type ClusterWriteState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly writeId: string; readonly work: Work }
  /** A project folder of that name exists. */
  | { readonly kind: 'asking'; readonly path: string }
  | { readonly kind: 'done'; readonly result: LabResult<'cluster.write'> }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** Writes one project at a time: its progress, its cancellation, and the question before a folder is replaced. */
export function useClusterWrite(lab: Lab): {
  readonly state: Ref<ClusterWriteState>;
  write(order: ClusterOrder, overwrite: boolean): Promise<void>;
  cancel(): void;
} {
  const state = shallowRef<ClusterWriteState>({ kind: 'idle' });
  lab.on('clusterProgress', ({ writeId, progress }) => {
    const { value } = state;
    if (value.kind !== 'working' || value.writeId !== writeId) return;
    state.value = { ...value, work: workAfter(value.work, progress, Date.now()) };
  });
  const cancel = (): void => {
    const { value } = state;
    // One that has just ended needs no cancelling.
    if (value.kind === 'working')
      lab.call('cluster.cancel', { writeId: value.writeId }).catch(() => undefined);
  };
  onScopeDispose(cancel);
  return {
    state,
    cancel,
    write: async (order, overwrite) => {
      const writeId = crypto.randomUUID();
      state.value = { kind: 'working', writeId, work: workAfter(undefined, null, Date.now()) };
      try {
        const result = await lab.call('cluster.write', { ...order, writeId, overwrite });
        state.value = { kind: 'done', result };
      } catch (thrown) {
        const error = toErrorData(thrown);
        if (error.code === 'output-exists') state.value = { kind: 'asking', path: error.where ?? '' };
        else state.value = error.code === 'interrupted' ? { kind: 'idle' } : { kind: 'failed', error };
      }
    },
  };
}

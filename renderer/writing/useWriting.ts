import { onScopeDispose, shallowRef, type Ref } from 'vue';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import { workAfter, type Work } from '../runs/work.ts';

/** The states of writing a file or a folder. */
export type WritingState<R> =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly taskId: string; readonly work: Work }
  /** Something of that name exists. */
  | { readonly kind: 'asking'; readonly path: string }
  | { readonly kind: 'done'; readonly result: R }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

type Progress = Parameters<typeof workAfter>[1];

/** The calls of the lab about one kind of writing. */
interface Writer {
  /** Calls back with each progress report of this kind, those of other pages too. */
  listen(told: (taskId: string, progress: Progress) => void): void;
  cancel(taskId: string): Promise<unknown>;
}

/**
 * Writes one thing at a time: its progress, its cancellation, and the question before something is replaced. It is
 * cancelled when the surrounding component is left.
 */
export function useWriting<R>(writer: Writer): {
  readonly state: Readonly<Ref<WritingState<R>>>;
  /** `write` rejects as the lab does. Resolves when it has ended in any way. */
  start(write: (taskId: string) => Promise<R>): Promise<void>;
  cancel(): void;
  /** Takes the outcome, or the question, off the screen; nothing while something is written. */
  reset(): void;
} {
  const state = shallowRef<WritingState<R>>({ kind: 'idle' });
  writer.listen((taskId, progress) => {
    const { value } = state;
    if (value.kind !== 'working' || value.taskId !== taskId) return;
    state.value = { ...value, work: workAfter(value.work, progress, Date.now()) };
  });
  const cancel = (): void => {
    const { value } = state;
    // What has just ended needs no cancelling.
    if (value.kind === 'working') writer.cancel(value.taskId).catch(() => undefined);
  };
  onScopeDispose(cancel);
  return {
    state,
    cancel,
    reset: () => {
      if (state.value.kind !== 'working') state.value = { kind: 'idle' };
    },
    start: async (write) => {
      if (state.value.kind === 'working') return;
      const taskId = crypto.randomUUID();
      state.value = { kind: 'working', taskId, work: workAfter(undefined, null, Date.now()) };
      try {
        state.value = { kind: 'done', result: await write(taskId) };
      } catch (thrown) {
        const error = toErrorData(thrown);
        if (error.code === 'output-exists') state.value = { kind: 'asking', path: error.where ?? '' };
        else state.value = error.code === 'interrupted' ? { kind: 'cancelled' } : { kind: 'failed', error };
      }
    },
  };
}

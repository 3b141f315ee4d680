import { computed, ref, shallowRef, watch } from 'vue';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import type { ExportFormat } from '#core/export/formats.ts';
import type { FileGrant } from '../client/shellBridge.ts';
import { exportableRuns } from '../runs/ownRuns.ts';
import { useRunStore } from '../runs/runStore.ts';
import { exportName, nameFor, withFormat, type ExportOrder, type TypedName } from './exportState.ts';

/**
 * The choices of the Export panel: run, weights, format, options and destination. `order` is null until all are made.
 */
export function useExportForm() {
  const store = useRunStore();
  const chosenRun = ref<string | null>(null);
  const format = ref<ExportFormat>('onnx');
  const foldBatchNorm = ref(false);
  const withPreprocessing = ref(false);
  const checkpoint = ref<CheckpointChoice>('last');
  const folder = shallowRef<FileGrant | null>(null);
  /** Null while the name follows run and format. */
  const typedName = shallowRef<TypedName | null>(null);

  const runs = computed(() => exportableRuns(store.runs));
  const run = computed(
    () =>
      runs.value.find(({ runId }) => runId === chosenRun.value) ??
      runs.value.find(({ runId }) => runId === store.current?.runId) ??
      runs.value[0],
  );
  const name = computed({
    get: () => nameFor(run.value, format.value, typedName.value),
    set: (text: string) => {
      typedName.value = run.value === undefined ? null : { runId: run.value.runId, text };
    },
  });
  /** The name of the file or folder; null for an invalid one. */
  const fileName = computed(() => exportName(name.value, format.value));
  /** What decides the contents of the file; null without a run. */
  const contents = computed<Omit<ExportOrder, 'folder' | 'name'> | null>(() =>
    run.value === undefined
      ? null
      : {
          runId: run.value.runId,
          format: format.value,
          foldBatchNorm: foldBatchNorm.value,
          withPreprocessing: format.value === 'onnx' && withPreprocessing.value,
          checkpoint: checkpoint.value,
        },
  );
  const order = computed<ExportOrder | null>(() =>
    contents.value === null || folder.value === null || fileName.value === null
      ? null
      : { ...contents.value, folder: folder.value.grant, name: fileName.value },
  );

  watch(format, (next, former) => {
    typedName.value = withFormat(typedName.value, former, next);
  });
  watch(
    () => [run.value?.runId, run.value?.best === null],
    ([next, isWithoutBest], [former]) => {
      if (next !== former || isWithoutBest === true) checkpoint.value = 'last';
    },
  );
  return {
    ...{ runs, run, chosenRun, format, foldBatchNorm, withPreprocessing, checkpoint },
    ...{ folder, name, fileName, contents, order },
  };
}

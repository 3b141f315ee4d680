import { shallowRef, watch, type Ref } from 'vue';
import type { NormPreview } from '#core/contract/normPreview.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { Lab } from '../client/useLab.ts';
import { useFoldMeasure, type ChosenWeights } from './useFoldMeasure.ts';

/**
 * What an export would do with the BatchNorm blocks of the chosen weights, what was found in these weights, and the
 * error of folding, which is measured on request. Other weights begin anew, and cancel a measurement.
 */
export function useNormPreview(
  lab: Lab,
  chosen: () => ChosenWeights,
): {
  /** Null until the host has answered, and where it cannot. */
  readonly preview: Ref<NormPreview | null>;
  /** Why there is no preview. */
  readonly problem: Ref<AppErrorData | null>;
  /** Reads the weights again: a run that trains or was recalibrated has others. */
  reload(): Promise<void>;
} & Omit<ReturnType<typeof useFoldMeasure>, 'reset'> {
  const preview = shallowRef<NormPreview | null>(null);
  const problem = shallowRef<AppErrorData | null>(null);
  const { reset, ...measuring } = useFoldMeasure(lab, chosen);
  let latest = 0;

  async function reload(): Promise<void> {
    const call = (latest += 1);
    const answer = await lab.call('run.normPreview', chosen()).catch(toErrorData);
    if (call !== latest) return;
    const isRead = 'blocks' in answer;
    preview.value = isRead ? answer : null;
    problem.value = isRead ? null : answer;
  }

  watch(
    () => JSON.stringify(chosen()),
    () => {
      reset();
      preview.value = null;
      problem.value = null;
      void reload();
    },
    { immediate: true },
  );
  return { preview, problem, reload, ...measuring };
}
